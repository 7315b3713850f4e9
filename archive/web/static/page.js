// What every script of a page shares: elements, phrases, the token of the login, one paint a frame.

export const find = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
export const csrf = find('meta[name="csrf"]')?.content ?? "";
export const language = document.documentElement.lang.startsWith("en") ? "en" : "zh";

const words = JSON.parse(find("#words")?.textContent ?? "{}");

// The phrase of a key, as in the catalogue: places in braces, forms chosen by n.
export function t(key, values = {}) {
  const [area, name] = key.split(".");
  let phrase = words[area][name];
  if (typeof phrase !== "string") phrase = values.n === 1 ? phrase.one : phrase.other;
  return phrase.replace(/\{(\w+)\}/g, (_, place) => values[place]);
}

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// Changes only what is different, so that an idle page costs nothing.
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// A function that runs `paint` once in the next frame, however often it is called.
export function everyFrame(paint) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      paint();
    });
  };
}

export const typing = (event) =>
  event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select");
