// The upload page: what is dropped is sent at once; what became of it comes from the server.
import { all, csrf, everyFrame, find, make, t, typing, write } from "../archive/page.js";
import { Notes, latest, newBatch, remember } from "./batch.js";
import { faceOf, octets } from "./faces.js";
import { dropped, listed } from "./files.js";
import { Rows } from "./rows.js";
import { Sender } from "./sender.js";
import { Watcher } from "./watcher.js";

const limits = JSON.parse(find("#limits").textContent);
const page = find(".upload");
const TABS = ["all", "running", "failed", "review", "done"];

let batch = page.dataset.batch;
let notes = new Notes(batch);
let tab = "all";
let trouble = 0;
let skipped = 0;
const items = [];
const byPrint = new Map();
const byDocument = new Map();
const paths = new Map();

const sender = new Sender({
  addressOf: ({ name, folder }) => `/api/v1/documents?${new URLSearchParams({ name, folder, batch })}`,
  headers: { "X-CSRF-Token": csrf, Accept: "application/json" },
  changed,
});
const watcher = new Watcher({
  addressOf: (since) => `/api/v1/documents?${new URLSearchParams({ since, batch })}`,
  moving: () => tallies.running > 0,
  found: (documents) => documents.forEach(learn),
  failed: (status) => {
    trouble = status;
    paint();
  },
});

// What people bring

async function take(files) {
  let taken = 0;
  for await (const { file, folder } of files) {
    bring(file, folder);
    // Thousands of files are taken in portions, so that the page answers meanwhile.
    if (++taken % 200 === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  paint();
}

function bring(file, folder) {
  if (!batch) open(newBatch());
  const item = { name: file.name, folder, size: file.size, modified: file.lastModified, file, first: true, version: 0 };
  const print = Notes.print(item);
  const known = byPrint.get(print);
  if ((known && known.phase !== "failed" && known.phase !== "refused") || (!known && notes.delivered.has(print))) {
    skipped += 1;
    return;
  }
  if (known) {
    Object.assign(known, { file });
    sendOrRefuse(known);
    return;
  }
  enter(item);
  byPrint.set(print, item);
  sendOrRefuse(item);
}

function enter(item) {
  items.push(item);
  const path = pathOf(item);
  paths.set(path, [...(paths.get(path) ?? []), item]);
}

const pathOf = ({ folder, name, size }) => [folder, name, size].join("|");

function sendOrRefuse(item) {
  const ending = item.name.slice(item.name.lastIndexOf(".")).toLowerCase();
  const fault = !limits.types.includes(ending)
    ? t("upload.wrong_type")
    : item.size === 0
      ? t("upload.empty_file")
      : item.size > limits.bytes && t("upload.too_large", { limit: octets(limits.bytes) });
  if (!fault) return sender.add(item);
  Object.assign(item, { phase: "refused", fault: { zh: fault, en: fault } });
  changed(item);
}

function open(name) {
  batch = name;
  notes = new Notes(batch);
  history.replaceState(null, "", `/upload/${batch}`);
  for (const back of all('input[name="back"]')) back.value = `/upload/${batch}`;
  watcher.soon();
}

// What becomes of it

function changed(item) {
  item.version += 1;
  if (item.phase === "sent" && item.document && !byDocument.has(keyOf(item.document, item))) {
    byDocument.set(keyOf(item.document, item), item);
    notes.deliver(item);
    remember(batch, items.length);
    watcher.soon(300);
  }
  if (item.phase === "refused") notes.refuse(item);
  paint();
}

const keyOf = (id, { folder, name }) => [id, folder, name].join("|");

// An arrival as the server tells it belongs to the item that brought it, or (after a reload) is a new one.
function learn(told) {
  const key = keyOf(told.id, told);
  let item = byDocument.get(key) ?? paths.get(pathOf(told))?.find((sent) => sent.file && !sent.doc);
  if (!item) {
    item = { name: told.name, folder: told.folder, size: told.size, sent: told.size, phase: "sent", first: false, version: 0 };
    enter(item);
  }
  byDocument.set(key, item);
  item.first = item.doc ? item.first || told.first : told.first;
  item.doc = told;
  item.version += 1;
  paint();
}

// The picture of it

const tallies = Object.fromEntries(TABS.map((name) => [name, 0]));
const view = find(".window");
const rows = new Rows(view, { build, fill });

function build() {
  const name = make("span", { class: "name" });
  return make(
    "li",
    {},
    name,
    make("span", { class: "octets" }),
    make("span", { class: "told" }),
    make("span", { class: "state" }, make("span", { class: "badge" })),
    make("span", { class: "act" }),
  );
}

function fill(row, item) {
  const shown = face(item);
  const [name, size, told, state, act] = row.children;
  name.replaceChildren(...(item.folder ? [make("span", { class: "folder" }, `${item.folder}/`)] : []), item.name);
  name.title = item.folder ? `${item.folder}/${item.name}` : item.name;
  write(size, octets(item.size));
  if (shown.part === undefined) {
    told.className = `told ${shown.toldTone ?? ""}`;
    write(told, shown.told);
    told.title = shown.told;
  } else {
    told.className = "told sending";
    const bar = told.querySelector("i") ?? make("i");
    if (!bar.parentElement) told.replaceChildren(bar);
    bar.style.transform = `scaleX(${shown.part})`;
  }
  state.firstChild.className = `badge ${shown.tone}`.trimEnd();
  const percent = shown.part === undefined ? "" : ` ${Math.floor(shown.part * 100)}%`;
  write(state.firstChild, shown.label + percent);
  act.replaceChildren(...deed(item, shown));
}

function deed(item, { href, link, retry }) {
  if (href) return [make("a", { href, target: "_blank", rel: "noopener" }, link)];
  if (!retry) return [];
  const button = make("button", { class: "plain", type: "button" }, t("upload.retry"));
  button.addEventListener("click", () => sender.add(item));
  return [button];
}

// Made anew only when the item changed: a paint of thousands of items makes no strings.
function face(item) {
  if (item.faced !== item.version) Object.assign(item, { faced: item.version, face: faceOf(item) });
  return item.face;
}

const paint = everyFrame(() => {
  for (const name of TABS) tallies[name] = 0;
  for (const item of items) tallies[face(item).tab] += 1;
  tallies.all = items.length;
  page.classList.toggle("busy", items.length > 0);
  find("#start").hidden = items.length > 0;
  find(".files").hidden = items.length === 0;
  paintSums();
  paintNotes();
  rows.paint(tab === "all" ? items : items.filter((item) => face(item).tab === tab));
  announce();
});

function paintSums() {
  const { all: total, running, failed } = tallies;
  const settled = total - running;
  const sent = items.filter((item) => item.doc || item.phase === "sent").length;
  find(".progress .sent").style.transform = `scaleX(${total ? (sent + failed) / total : 0})`;
  find(".progress .done").style.transform = `scaleX(${total ? settled / total : 0})`;
  write(find("#settled"), t("upload.settled", { done: settled, n: total }));
  write(find("#pace"), pace());
  for (const name of TABS) write(find(`[data-tab="${name}"] .count`), String(tallies[name]));
  find("#retry").disabled = !items.some((item) => item.phase === "failed");
  find("#pause").disabled = sender.unsent === 0;
  write(find("#pause span"), t(sender.paused ? "upload.resume" : "upload.pause"));
  document.title = running ? `(${settled}/${total}) ${find("h1").textContent}` : document.title.replace(/^\(.*?\) /, "");
}

const marks = [];
function pace() {
  const now = Date.now();
  const settled = tallies.all - tallies.running;
  marks.push({ now, bytes: sender.sentBytes, settled });
  while (marks.length > 2 && now - marks[0].now > 10_000) marks.shift();
  const [{ now: then, bytes, settled: before }] = marks;
  const seconds = (now - then) / 1000;
  if (!tallies.running || seconds < 2) return "";
  const parts = [];
  if (sender.unsent) parts.push(`${octets(Math.round((sender.sentBytes - bytes) / seconds))}/s`);
  const speed = (settled - before) / seconds;
  if (speed > 0) parts.push(`${speed.toFixed(1)}/s`, remaining(tallies.running / speed));
  return parts.join(" · ");
}

function remaining(seconds) {
  return seconds < 90 ? t("upload.seconds_left", { n: Math.ceil(seconds) }) : t("upload.minutes_left", { n: Math.ceil(seconds / 60) });
}

function paintNotes() {
  const shownNotes = {
    offline: !navigator.onLine || trouble < 0,
    signed_out: sender.signedOut || trouble === 401,
    slowed: sender.slowed && sender.unsent > 0,
    skipped: skipped > 0,
  };
  for (const [name, shown] of Object.entries(shownNotes)) find(`[data-note="${name}"]`).hidden = !shown;
  if (skipped) write(find("#skipped"), t("upload.skipped", { n: skipped }));
}

// Screen readers hear at most one sentence every five seconds.
let spoken = 0;
function announce() {
  if (!items.length || (Date.now() - spoken < 5000 && tallies.running)) return;
  spoken = Date.now();
  const { all: total, done, review, failed, running } = tallies;
  write(find("#spoken"), t(running ? "upload.spoken_running" : "upload.spoken_done", { n: total, done, review, failed, running }));
}

// What people press

addEventListener("dragover", (event) => {
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  document.body.classList.add("over");
}, { capture: true });
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("over");
});
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("over");
  take(dropped(event.dataTransfer));
}, { capture: true });
addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) take(listed(event.clipboardData.files));
});
for (const [button, input] of [["#pick", "#picked"], ["#pick-folder", "#picked-folder"]]) {
  find(button).addEventListener("click", () => find(input).click());
  find(input).addEventListener("change", async ({ target }) => {
    await take(listed(target.files));
    target.value = "";
  });
}
for (const button of all("[data-tab]")) {
  button.addEventListener("click", () => {
    tab = button.dataset.tab;
    for (const other of all("[data-tab]")) other.setAttribute("aria-pressed", String(other === button));
    view.scrollTop = 0;
    paint();
  });
}
const deeds = {
  pause: () => sender.pause(!sender.paused),
  retry: () => items.filter((item) => item.phase === "failed").forEach((item) => sender.add(item)),
};
for (const [name, deed] of Object.entries(deeds)) {
  find(`#${name}`).addEventListener("click", () => {
    deed();
    paint();
  });
}
find("#signed-in").addEventListener("click", () => location.reload());
document.addEventListener("keydown", (event) => {
  if (typing(event) || event.target.closest("button, a, summary")) return;
  const button = { u: "#pick", " ": "#pause", r: "#retry" }[event.key];
  if (!button || find(button).disabled) return;
  event.preventDefault();
  find(button).click();
});
addEventListener("beforeunload", (event) => {
  if (sender.unsent) event.preventDefault();
});
for (const kind of ["online", "offline", "resize"]) addEventListener(kind, paint);
view.addEventListener("scroll", paint, { passive: true });
setInterval(() => tallies.running && paint(), 1000);

function showEarlier() {
  const links = latest().map(({ batch: name, count }) =>
    make("a", { href: `/upload/${name}` }, `${name.slice(4, 6)}-${name.slice(6, 8)} ${name.slice(9, 11)}:${name.slice(11, 13)} · ${t("upload.files", { n: count })}`),
  );
  find(".earlier").append(...links);
  find(".earlier").hidden = !links.length;
}
if (batch) {
  for (const [print, known] of notes.refused) {
    const item = { ...known, phase: "refused", sent: 0, first: true, version: 0 };
    enter(item);
    byPrint.set(print, item);
  }
  watcher.soon(0);
} else {
  showEarlier();
}
