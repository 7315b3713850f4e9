// Asks the server what changed in a batch: every second while something moves, never while the tab is hidden.

const SOON = 1000;
const RARELY = 15_000;

export class Watcher {
  // `moving` says whether anything is expected to change, `found` takes the documents that changed.
  constructor({ addressOf, moving, found, failed }) {
    Object.assign(this, { addressOf, moving, found, failed });
    this.since = 0;
    this.asking = false;
    document.addEventListener("visibilitychange", () => this.soon(0));
  }

  soon(wait = SOON) {
    clearTimeout(this.alarm);
    if (!document.hidden) this.alarm = setTimeout(() => this.ask(), wait);
  }

  async ask() {
    if (this.asking) return;
    this.asking = true;
    let more = false;
    try {
      const answer = await fetch(this.addressOf(this.since), { headers: { Accept: "application/json" } });
      this.failed(answer.ok ? 0 : answer.status);
      if (answer.ok) {
        const told = await answer.json();
        this.since = told.next;
        more = told.more;
        this.found(told.documents);
      }
    } catch {
      this.failed(-1);
    }
    this.asking = false;
    this.soon(more ? 0 : this.moving() ? SOON : RARELY);
  }
}
