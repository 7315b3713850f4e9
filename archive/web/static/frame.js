// The frame: theme, menu, keys that lead from room to room, and files dropped where nothing takes them.
import { find, typing } from "./page.js";

const YEAR = 365 * 24 * 3600;

find("#theme")?.addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  document.cookie = `piaoku_theme=${root.dataset.theme}; Path=/; Max-Age=${YEAR}; SameSite=Strict`;
});

const menu = find(".menu");
document.addEventListener("click", (event) => {
  if (menu && !menu.contains(event.target)) menu.open = false;
});

let going = 0;
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu) menu.open = false;
  if (typing(event)) return;
  if (event.key === "/") {
    event.preventDefault();
    const field = find("#q");
    if (field) field.select();
    else location.href = "/search";
  } else if (event.key === "g") {
    going = Date.now();
  } else if (Date.now() - going < 1200) {
    going = 0;
    const room = find(`.nav a[data-key="${CSS.escape(event.key)}"]`);
    if (room) {
      event.stopImmediatePropagation();
      room.click();
    }
  }
});

// A file dropped beside the target would replace the page.
for (const kind of ["dragover", "drop"]) {
  addEventListener(kind, (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "none";
  });
}
