// Files out of what people do: drop (folders too), pick, paste. Each comes with the folder it lay in.

async function* below(directory, folder) {
  const reader = directory.createReader();
  for (;;) {
    // A call gives at most a hundred entries; an empty answer ends it.
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!entries.length) return;
    for (const entry of entries) yield* within(entry, folder);
  }
}

async function* within(entry, folder) {
  if (entry.isDirectory) {
    yield* below(entry, folder ? `${folder}/${entry.name}` : entry.name);
  } else if (!entry.name.startsWith(".")) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    yield { file, folder };
  }
}

// Entries are only there until the drop handler returns: they are taken before the first await.
export function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  return entries.length ? fromEntries(entries) : listed(transfer.files);
}

async function* fromEntries(entries) {
  for (const entry of entries) yield* within(entry, "");
}

export async function* listed(files) {
  for (const file of [...files]) {
    const path = file.webkitRelativePath ?? "";
    if (!file.name.startsWith(".")) yield { file, folder: path.slice(0, Math.max(0, path.lastIndexOf("/"))) };
  }
}
