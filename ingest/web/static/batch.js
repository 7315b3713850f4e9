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

// What of a batch is safely delivered: the same folder dropped again sends only what is missing.
export class Delivered {
  constructor(batch) {
    this.key = `piaoku:${batch}`;
    this.prints = new Set(JSON.parse(sessionStorage.getItem(this.key) ?? "[]"));
  }

  static print({ folder, name, size, modified }) {
    return [folder, name, size, modified].join("|");
  }

  add(item) {
    this.prints.add(Delivered.print(item));
    clearTimeout(this.alarm);
    this.alarm = setTimeout(() => {
      try {
        sessionStorage.setItem(this.key, JSON.stringify([...this.prints]));
      } catch {
        sessionStorage.removeItem(this.key);
      }
    }, 300);
  }
}
