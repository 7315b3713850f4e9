// The list: search without leaving the page, more rows, keys. Every state is an address, so Back and sharing work.
import { all, find, typing } from "./page.js";

const results = find("#results");
const form = find("#find");
const field = find("#q");
let asking = null;

// The server's own page, parsed as a document: no text becomes markup in here.
function fetchPage(address) {
  return new Promise((resolve, reject) => {
    asking?.abort();
    const request = (asking = new XMLHttpRequest());
    request.responseType = "document";
    request.open("GET", address);
    request.onload = () => {
      const found = request.response && find("#results", request.response);
      if (found) resolve(found);
      else location.href = address;
    };
    request.onerror = reject;
    request.send();
  });
}

async function show(address, remember) {
  results.setAttribute("aria-busy", "true");
  find("#failed").hidden = true;
  try {
    const found = await fetchPage(address);
    results.replaceChildren(...found.childNodes);
    find("#told").textContent = find("#count, .empty strong", results)?.textContent ?? "";
    if (remember) history.pushState(null, "", address);
    pressChips();
  } catch {
    find("#failed").hidden = false;
  }
  results.removeAttribute("aria-busy");
}

const addressOf = (text) => (text ? `/search?${new URLSearchParams({ q: text })}` : "/search");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  show(addressOf(field.value.trim()), true);
});
addEventListener("popstate", () => {
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  show(location.pathname + location.search, false);
});
find("#again").addEventListener("click", () => show(addressOf(field.value.trim()), false));

results.addEventListener("click", async (event) => {
  const more = event.target.closest("#more");
  if (more) {
    event.preventDefault();
    more.setAttribute("aria-busy", "true");
    try {
      const found = await fetchPage(more.href);
      find("tbody", results).append(...all("tbody tr", found));
      const next = find("#more", found);
      if (next) more.replaceWith(next);
      else more.parentElement.remove();
    } catch {
      find("#failed").hidden = false;
    }
    return;
  }
  const row = event.target.closest("tr.link");
  if (row && !event.target.closest("a") && !getSelection().toString()) open(row, event);
});

function open(row, event) {
  const { href } = find("a", row);
  if (event.ctrlKey || event.metaKey) window.open(href, "_blank", "noopener");
  else location.href = href;
}

function pressChips() {
  const parts = field.value.split(/\s+/);
  for (const chip of all("[data-part]")) chip.setAttribute("aria-pressed", String(parts.includes(chip.dataset.part)));
}
for (const chip of all("[data-part]")) {
  chip.addEventListener("click", () => {
    const part = chip.dataset.part;
    const prefix = part.slice(0, part.search(/[:：]/) + 1);
    const on = chip.getAttribute("aria-pressed") === "true";
    const rest = field.value.split(/\s+/).filter((piece) => piece && !piece.startsWith(prefix));
    field.value = (on ? rest : [...rest, part]).join(" ");
    form.requestSubmit();
  });
}
pressChips();

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target === field) field.blur();
  if (typing(event)) return;
  const rows = all("tr.link", results);
  const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  if (step && rows.length) {
    event.preventDefault();
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    rows[at]?.setAttribute("aria-selected", "false");
    next.setAttribute("aria-selected", "true");
    find("a", next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter" && at >= 0 && !event.target.closest("a, button")) {
    open(rows[at], event);
  }
});
