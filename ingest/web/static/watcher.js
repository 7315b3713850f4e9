// Asks the server what changed in a batch: every second while something moves, never while the tab is hidden.

const SOON = 1000;
const RARELY = 15_000;
const IN_TROUBLE = 4000;

export class Watcher {
  // `moving` says whether anything is expected to change, `found` takes the documents that changed.
  constructor({ addressOf, moving, found, failed }) {
    Object.assign(this, { addressOf, moving, found, failed });
    this.since = 0;
    this.asking = false;
    this.due = Infinity;
    document.addEventListener("visibilitychange", () => this.soon(0));
  }

  // Brings the next question forward, never puts it off: news that keep coming must not silence the asking.
  soon(wait = SOON) {
    const due = Date.now() + wait;
    if (this.asking || document.hidden || due >= this.due) return;
    clearTimeout(this.alarm);
    this.due = due;
    this.alarm = setTimeout(() => this.ask(), wait);
  }

  async ask() {
    this.due = Infinity;
    this.asking = true;
    let next = IN_TROUBLE;
    try {
      const answer = await fetch(this.addressOf(this.since), { headers: { Accept: "application/json" } });
      this.failed(answer.ok ? 0 : answer.status);
      if (answer.ok) {
        const told = await answer.json();
        this.since = told.next;
        this.found(told.documents);
        next = told.more ? 0 : this.moving() ? SOON : RARELY;
      }
    } catch {
      this.failed(-1);
    }
    this.asking = false;
    this.soon(next);
  }
}
