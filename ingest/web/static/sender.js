// Sends files, a few at once. Busy server (429): all wait. Fault of one file (5xx, network): that one backs off.

const AT_ONCE = 3;
const TRIES = 6;
const TRIES_UNHEARD = 60; // half an hour without any answer: the service restarts, the network is away
const STREAK = 6;
const BREATH = 5000;

export class Sender {
  // `addressOf` gives a file's address, `changed` is told of each change of an item.
  constructor({ addressOf, headers, changed }) {
    Object.assign(this, { addressOf, headers, changed });
    this.queue = [];
    this.active = new Map();
    this.later = 0;
    this.paused = false;
    this.signedOut = false;
    this.waitUntil = 0;
    this.streak = 0;
    this.sentBytes = 0;
    addEventListener("online", () => this.pump());
  }

  add(item) {
    Object.assign(item, { phase: "waiting", tries: 0, sent: 0, fault: null });
    this.queue.push(item);
    this.changed(item);
    this.pump();
  }

  get unsent() {
    return this.queue.length + this.active.size + this.later;
  }

  get slowed() {
    return Date.now() < this.waitUntil;
  }

  pause(paused) {
    this.paused = paused;
    this.pump();
  }

  signedIn() {
    this.signedOut = false;
    this.pump();
  }

  pump() {
    if (this.paused || this.signedOut || !navigator.onLine) return;
    const wait = this.waitUntil - Date.now();
    if (wait > 0) {
      clearTimeout(this.alarm);
      this.alarm = setTimeout(() => this.pump(), wait + 10);
      return;
    }
    while (this.active.size < AT_ONCE && this.queue.length) this.send(this.queue.shift());
  }

  send(item) {
    const request = new XMLHttpRequest();
    this.active.set(item, request);
    item.phase = "sending";
    item.sent = 0;
    request.open("POST", this.addressOf(item));
    for (const [name, value] of Object.entries(this.headers)) request.setRequestHeader(name, value);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = (event) => {
      this.sentBytes += event.loaded - item.sent;
      item.sent = event.loaded;
      this.changed(item);
    };
    request.onloadend = () => {
      this.active.delete(item);
      this.answered(item, request);
      this.changed(item);
      this.pump();
    };
    request.send(item.file);
    this.changed(item);
  }

  answered(item, { status, response }) {
    if (status === 201) {
      this.streak = 0;
      Object.assign(item, { phase: "sent", sent: item.size, document: response?.document, file: null });
    } else if (status === 429) {
      this.again(item, Date.now() + BREATH);
    } else if (status === 401 || status === 403) {
      this.signedOut = true;
      this.again(item, 0);
    } else if (status >= 400 && status < 500 && status !== 408) {
      this.streak = 0;
      Object.assign(item, { phase: "refused", fault: response });
    } else {
      this.stumbled(item, status ? TRIES : TRIES_UNHEARD);
    }
  }

  again(item, waitUntil) {
    item.phase = "waiting";
    this.queue.unshift(item);
    this.waitUntil = Math.max(this.waitUntil, waitUntil);
  }

  stumbled(item, limit) {
    if (++this.streak >= STREAK) {
      this.streak = 0;
      this.waitUntil = Date.now() + BREATH;
    }
    if (++item.tries >= limit) {
      item.phase = "failed";
      return;
    }
    item.phase = "retrying";
    this.later += 1;
    const wait = Math.min(30_000, 500 * 2 ** item.tries) * (0.7 + Math.random() * 0.6);
    setTimeout(() => {
      this.later -= 1;
      item.phase = "waiting";
      this.queue.push(item);
      this.changed(item);
      this.pump();
    }, wait);
  }
}
