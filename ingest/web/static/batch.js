// A batch: its name, which is its address, and what this browser remembers of it.

const LATEST = "piaoku:batches";

export function newBatch() {
  const now = new Date();
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("");
  const chance = [...crypto.getRandomValues(new Uint8Array(5))].map((byte) => (byte % 36).toString(36)).join("");
  return `${day}-${String(now.getHours()).padStart(2, "0")}${String(now.getMinutes()).padStart(2, "0")}-${chance}`;
}

// The batches this browser sent last, newest first: [{ batch, count }].
export function latest() {
  try {
    return JSON.parse(localStorage.getItem(LATEST) ?? "[]");
  } catch {
    return [];
  }
}

export function remember(batch, count) {
  const others = latest().filter((known) => known.batch !== batch);
  localStorage.setItem(LATEST, JSON.stringify([{ batch, count }, ...others].slice(0, 5)));
}

// What this tab knows of a batch beyond the server: which files are safely delivered, so that the same folder dropped
// again sends only what is missing, and which were refused at the door. Survives a reload.
export class Notes {
  constructor(batch) {
    this.key = `piaoku:${batch}`;
    this.alarm = null;
    const kept = JSON.parse(sessionStorage.getItem(this.key) ?? "{}");
    this.delivered = new Set(kept.delivered);
    this.refused = new Map(kept.refused);
    addEventListener("pagehide", () => this.write());
  }

  static print({ folder, name, size, modified }) {
    return [folder, name, size, modified].join("|");
  }

  deliver(item) {
    this.delivered.add(Notes.print(item));
    this.keep();
  }

  refuse({ name, folder, size, modified, fault }) {
    this.refused.set(Notes.print({ name, folder, size, modified }), { name, folder, size, modified, fault });
    this.keep();
  }

  keep() {
    this.alarm ??= setTimeout(() => this.write(), 300);
  }

  write() {
    clearTimeout(this.alarm);
    this.alarm = null;
    if (!this.delivered.size && !this.refused.size) return;
    try {
      sessionStorage.setItem(this.key, JSON.stringify({ delivered: [...this.delivered], refused: [...this.refused] }));
    } catch {
      sessionStorage.removeItem(this.key);
    }
  }
}
