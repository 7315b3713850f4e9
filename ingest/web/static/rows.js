// A list of thousands of rows of one height: only those in sight exist, and a row is rewritten only when it changed.

const SPARE = 6;

export class Rows {
  // `build` makes an empty row, `fill` writes an item into it; an item's `version` says whether it changed.
  constructor(view, { build, fill }) {
    Object.assign(this, { view, build, fill });
    this.list = view.querySelector("ul");
    this.items = [];
    this.shown = new Map();
    this.spare = [];
  }

  paint(items) {
    this.items = items;
    const height = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--row"));
    this.list.style.height = `${items.length * height}px`;
    const first = Math.max(0, Math.floor(this.view.scrollTop / height) - SPARE);
    const last = Math.min(items.length, Math.ceil((this.view.scrollTop + this.view.clientHeight) / height) + SPARE);
    const wanted = new Set(items.slice(first, last));
    for (const [item, row] of this.shown) if (!wanted.has(item)) this.drop(item, row);
    for (let place = first; place < last; place++) this.place(items[place], place, height);
  }

  drop(item, row) {
    this.shown.delete(item);
    row.element.remove();
    this.spare.push(row);
  }

  place(item, place, height) {
    let row = this.shown.get(item);
    if (!row) {
      row = this.spare.pop() ?? { element: this.build() };
      Object.assign(row, { version: -1, place: -1 });
      this.shown.set(item, row);
      this.list.append(row.element);
    }
    if (row.place !== place) {
      row.place = place;
      row.element.style.transform = `translateY(${place * height}px)`;
      row.element.setAttribute("aria-posinset", place + 1);
      row.element.setAttribute("aria-setsize", this.items.length);
    }
    if (row.version !== item.version) {
      row.version = item.version;
      this.fill(row.element, item);
    }
  }
}
