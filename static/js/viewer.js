// A photo large: zoom, turn, what was found on it, the next one; and the two faces compared. Without this script a photo opens alone.

import { facesOf } from "./compare.js";
import { Zoom } from "./zoom.js";

const PAN = 80; // pixels of one key press
const viewer = document.getElementById("viewer");
const part = (name) => viewer.querySelector(`[data-part="${name}"]`);
const button = (act) => viewer.querySelector(`[data-act="${act}"]`);
const marks = part("marks").querySelector("input");
const zoom = new Zoom(part("stage"), part("sheet"), { swiped: step, changed: sharpen });
const whole = new Map(); // address to picture: the whole of a photo is fetched once, for each look leaves a trace
let shown = null; // the link of the photo, or nothing while faces are compared
let pair = document.querySelector("[data-compare]");

const ACTS = {
  previous: () => step(-1),
  next: () => step(1),
  in: () => zoom.larger(),
  out: () => zoom.smaller(),
  turn: () => shown && zoom.turn(),
  reset: () => zoom.reset(),
  compare: () => compare(),
  blink: () => blink(),
  marks: () => marks.click(),
  close: () => viewer.close(),
};
const KEYS = { ArrowLeft: "previous", ArrowRight: "next", "+": "in", "=": "in", "-": "out", 0: "reset", r: "turn", b: "blink", c: "compare", m: "marks" };
const PANS = { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] };

for (const opener of document.querySelectorAll("[data-compare]")) opener.hidden = false;

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const opener = event.target.closest("a[data-enlarge], a[data-evidence], [data-compare]");
  if (!opener) return;
  event.preventDefault();
  if (opener.matches("[data-compare]")) compare((pair = opener));
  else if (opener.matches("[data-evidence]")) show(document.querySelector(`${opener.hash} a[data-enlarge]`), opener.dataset);
  else show(opener);
});

viewer.addEventListener("click", (event) => ACTS[event.target.closest("[data-act]")?.dataset.act]?.());
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (!viewer.open) {
    const elsewhere = event.target.closest("input, textarea, select") || document.querySelector("dialog[open]");
    if (event.key.toLowerCase() === "b" && !elsewhere) blink();
    return;
  }
  const pan = event.shiftKey && PANS[event.key];
  if (!pan && !(event.key.toLowerCase() in KEYS) && !(event.key in KEYS)) return;
  event.preventDefault();
  if (pan) zoom.pan(...pan);
  else ACTS[KEYS[event.key] ?? KEYS[event.key.toLowerCase()]]();
});
viewer.addEventListener("close", () => part("sheet").replaceChildren());
marks.addEventListener("change", () => viewer.classList.toggle("marks-off", !marks.checked));

/** Show a photo of the page. evidence: only what this check rests on is drawn; of: its name. */
async function show(link, { evidence = "", of = "" } = {}) {
  shown = link;
  pair = (link.closest(".try") ?? document).querySelector("[data-compare]");
  const small = link.querySelector("img");
  const image = whole.get(link.href) ?? Object.assign(new Image(), { src: small.currentSrc || small.src });
  image.alt = small.alt;
  image.draggable = false;
  part("sheet").replaceChildren(image);
  drawMarks(link, evidence);
  describe(link, of);
  open();
  await image.decode().catch(() => {}); // a photo that is gone shows its text
  if (shown === link) zoom.fit({ width: image.naturalWidth || 4, height: image.naturalHeight || 3 });
}

function drawMarks(link, check) {
  const found = link.querySelector(".marks")?.cloneNode(true);
  part("marks").hidden = !found;
  if (!found) return;
  for (const mark of found.children) mark.toggleAttribute("hidden", check !== "" && !mark.dataset.checks.split(" ").includes(check));
  if (check && !marks.checked) marks.click();
  part("sheet").append(found);
}

function describe(link, check) {
  const gallery = galleryOf(link);
  const caption = link.dataset.enlarge || link.querySelector("img").alt;
  part("caption").textContent = check ? `${check}: ${caption}` : caption;
  part("place").textContent = gallery.length > 1 ? `${gallery.indexOf(link) + 1} / ${gallery.length}` : "";
  for (const act of ["previous", "next"]) button(act).hidden = gallery.length < 2;
  button("turn").hidden = false;
  for (const act of ["compare", "blink"]) button(act).hidden = !pair;
  blinking(false);
}

function galleryOf(link) {
  return [...(link.closest("[data-gallery]") ?? document).querySelectorAll("a[data-enlarge]")];
}

function step(by) {
  if (!shown) return;
  const gallery = galleryOf(shown);
  show(gallery.at((gallery.indexOf(shown) + by) % gallery.length));
}

/** Fetch the whole photo as soon as the screen shows more than the small one holds. */
async function sharpen() {
  const link = shown;
  const image = part("sheet").querySelector("img");
  if (!link || !image?.naturalWidth || whole.has(link.href)) return;
  const there = Number(link.dataset.width ?? 0);
  if (there <= image.naturalWidth || zoom.width <= image.naturalWidth) return;
  const better = Object.assign(new Image(), { src: link.href, alt: image.alt, draggable: false });
  whole.set(link.href, better);
  try {
    await better.decode();
    if (shown === link) part("sheet").querySelector("img").replaceWith(better);
  } catch {
    whole.delete(link.href);
  }
}

function compare() {
  if (!pair) return;
  shown = null;
  part("sheet").replaceChildren(facesOf(pair.dataset));
  part("caption").textContent = viewer.dataset.bothText;
  part("place").textContent = "";
  part("marks").hidden = true;
  for (const act of ["previous", "next", "turn", "compare"]) button(act).hidden = true;
  button("blink").hidden = false;
  blinking(false);
  zoom.fit(null);
  open();
}

function blink() {
  if (!pair) return;
  const was = viewer.open && viewer.classList.contains("blinking");
  if (shown || !viewer.open) compare();
  blinking(!was);
}

function blinking(on) {
  viewer.classList.toggle("blinking", on);
  button("blink").ariaPressed = String(on);
}

function open() {
  if (!viewer.open) viewer.showModal();
  if (!viewer.contains(document.activeElement) || document.activeElement.closest("[hidden]")) part("stage").focus();
}
