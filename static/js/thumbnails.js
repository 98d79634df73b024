// Faces for the rows of the list. All rows that lack one ask together, once the list is calm; what came stays in memory for as long
// as the page is open, so that a row that refreshes itself has its face at once.

const CALM = 250; // ms
const MOST_ROWS = 100; // the longest page

const faces = new Map(); // row and selfie -> data URL, or null when there is none
let timer;
let asking = false;

const places = () => [...document.querySelectorAll("[data-thumb]")].filter((place) => !place.querySelector("img"));
const rowOf = (place) => place.closest("tr").id.slice("row-".length);
const keyOf = (place) => `${rowOf(place)} ${place.dataset.thumb}`;

/** Show what is known; ask for the rest when nothing has changed for a moment. */
function fill() {
  for (const place of places()) {
    if (faces.get(keyOf(place))) show(place, faces.get(keyOf(place)));
  }
  clearTimeout(timer);
  if (!asking && missing().length) timer = setTimeout(ask, CALM);
}

const missing = () => places().filter((place) => !faces.has(keyOf(place))).slice(0, MOST_ROWS);

async function ask() {
  asking = true;
  const asked = missing().map((place) => [rowOf(place), keyOf(place)]);
  const came = await facesOf(asked.map(([row]) => ["row", row]));
  asking = false;
  if (!came) return; // the icons stay; the next change of the list asks again
  for (const [row, key] of asked) faces.set(key, came[row] ?? null);
  fill();
}

async function facesOf(rows) {
  try {
    const answer = await fetch(`${document.getElementById("results").dataset.thumbnails}?${new URLSearchParams(rows)}`);
    return answer.ok && !answer.redirected ? await answer.json() : null; // logged out meanwhile: the list finds that out by itself
  } catch {
    return null;
  }
}

function show(place, address) {
  const image = Object.assign(new Image(), { alt: "", src: address });
  image.decode().then(
    () => place.replaceChildren(image),
    () => {}, // not a picture that this browser knows: the icon stays
  );
}

document.addEventListener("htmx:afterSettle", fill);
document.addEventListener("htmx:oobAfterSwap", fill);
fill();
