// The sheet: a field and its box on the page point at each other; zoom; crops of the evidence.
import { all, everyFrame, find, typing } from "./page.js";

const stage = find(".stage");
const fields = all(".field[data-field]");
const boxOf = (name) => find(`.box[data-field="${CSS.escape(name)}"]`, stage);
const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4];
const RETRIES = 20;
const RETRY_AFTER = 3000; // milliseconds
let zoom = 1;

function point(name) {
  for (const marked of all(".on")) marked.classList.remove("on");
  const box = boxOf(name);
  if (!box) return;
  box.classList.add("on");
  box.parentNode.append(box);
  reveal(box);
}

function reveal(box) {
  const seen = stage.getBoundingClientRect();
  const place = box.getBoundingClientRect();
  const outside = place.top < seen.top + 20 || place.bottom > seen.bottom - 20 || place.left < seen.left || place.right > seen.right;
  if (!outside) return;
  stage.scrollBy({
    top: place.top - seen.top - (seen.height - place.height) / 2,
    left: place.left - seen.left - (seen.width - place.width) / 2,
    behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
  });
}

function focus(field) {
  if (!field) return;
  find(".value", field).focus({ preventScroll: true });
  field.scrollIntoView({ block: "nearest" });
}

for (const field of fields) {
  field.addEventListener("focusin", () => point(field.dataset.field));
  field.addEventListener("click", () => focus(field));
}
stage.addEventListener("click", (event) => {
  const box = event.target.closest(".box");
  if (box) focus(fields.find((field) => field.dataset.field === box.dataset.field));
});
stage.addEventListener("pointerover", (event) => {
  const name = event.target.closest(".box")?.dataset.field;
  for (const field of fields) field.classList.toggle("on", field.dataset.field === name);
});

function setZoom(next) {
  zoom = next;
  for (const page of all(".page", stage)) page.style.width = `${zoom * 100}%`;
  find("#zoom").textContent = `${Math.round(zoom * 100)}%`;
}
const steps = {
  in: () => setZoom(ZOOMS.find((step) => step > zoom) ?? zoom),
  out: () => setZoom([...ZOOMS].reverse().find((step) => step < zoom) ?? zoom),
  fit: () => setZoom(1),
  boxes: () => {
    const bare = stage.classList.toggle("bare");
    find("[data-tool=boxes]").setAttribute("aria-pressed", String(!bare));
  },
};
for (const tool of all("[data-tool]")) tool.addEventListener("click", () => steps[tool.dataset.tool]());

const KEYS = { "+": "in", "=": "in", "-": "out", 0: "fit", b: "boxes" };
document.addEventListener("keydown", (event) => {
  const at = fields.indexOf(document.activeElement?.closest?.(".field"));
  if (event.key === "F2") {
    event.preventDefault();
    const doubtful = fields.filter((field) => field.classList.contains("doubt"));
    focus(doubtful.find((field) => fields.indexOf(field) > at) ?? doubtful[0]);
  } else if (at >= 0 && (event.key === "Enter" || event.key === "ArrowDown")) {
    event.preventDefault();
    focus(fields[at + 1]);
  } else if (at >= 0 && event.key === "ArrowUp") {
    event.preventDefault();
    focus(fields[at - 1]);
  } else if (!typing(event) && KEYS[event.key]) {
    steps[KEYS[event.key]]();
  }
});

// The evidence of a doubtful field, cut out of the page exactly along its box.
function cut(crop) {
  const box = boxOf(crop.dataset.crop);
  const page = box?.closest(".page");
  const image = page && find("img", page);
  crop.hidden = !image?.naturalWidth;
  if (crop.hidden) return;
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(box.getAttribute(name)) / 10000);
  const across = (width * image.naturalWidth) / (height * image.naturalHeight);
  const tall = Math.min(26, crop.parentElement.clientWidth / across);
  Object.assign(crop.style, {
    width: `${tall * across}px`,
    height: `${tall}px`,
    backgroundImage: `url("${image.src}")`,
    backgroundSize: `${(tall * across) / width}px ${tall / height}px`,
    backgroundPosition: `${(-x * tall * across) / width}px ${(-y * tall) / height}px`,
  });
}
const cutAll = everyFrame(() => all("[data-crop]").forEach(cut));
for (const image of all(".page img")) {
  const ready = () => {
    image.dataset.ready = "";
    cutAll();
  };
  const missing = () => {
    image.hidden = true;
    find(".none", image.parentElement).hidden = false;
  };
  // A lost picture is drawn again when it is asked for; until then the answer is 202 and no picture.
  let times = 0;
  const again = async () => {
    const answer = await fetch(image.src, { cache: "reload" }).catch(() => null);
    if (!answer?.ok || ++times > RETRIES) return missing();
    setTimeout(() => image.setAttribute("src", image.src), answer.status === 202 ? RETRY_AFTER : 0);
  };
  if (image.complete) image.naturalWidth ? ready() : again();
  image.addEventListener("load", ready);
  image.addEventListener("error", again);
}
addEventListener("resize", cutAll);
