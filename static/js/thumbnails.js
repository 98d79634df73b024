// Faces for the rows of the list. All rows that lack one ask together, once the list is calm; what came stays in memory for as long
// as the page is open, so that a row that refreshes itself has its face at once.

const CALM = 250; // ms
const MOST_ROWS = 100; // the longest page

const faces = new Map(); // row and selfie -> image, or null when there is none
let timer;
let asking = false;

const places = () => [...document.querySelectorAll("[data-thumb]")].filter((place) => !place.querySelector("img"));
const rowOf = (place) => place.closest("tr").id.slice("row-".length);
const keyOf = (place) => `${rowOf(place)} ${place.dataset.thumb}`;

/** Show what is known; ask for the rest when nothing has changed for a moment. */
function fill() {
  for (const place of places()) {
    const face = faces.get(keyOf(place));
    if (face) place.replaceChildren(face.cloneNode());
  }
  clearTimeout(timer);
  if (!asking && missing().length) timer = setTimeout(ask, CALM);
}

const missing = () => places().filter((place) => !faces.has(keyOf(place))).slice(0, MOST_ROWS);

async function ask() {
  asking = true;
  const asked = missing().map((place) => [rowOf(place), keyOf(place)]);
  const came = await facesOf(asked.map(([row]) => ["row", row]));
  if (came) await Promise.all(asked.map(async ([row, key]) => faces.set(key, await decoded(came[row]))));
  asking = false;
  if (came) fill(); // else the icons stay; the next change of the list asks again
}

/** Null: there is none, or this browser does not know the format; the icon stays. */
async function decoded(address) {
  if (!address) return null;
  const image = Object.assign(new Image(), { alt: "", src: address });
  return image.decode().then(() => image, () => null);
}

async function facesOf(rows) {
  try {
    const answer = await fetch(`${document.getElementById("results").dataset.thumbnails}?${new URLSearchParams(rows)}`);
    return answer.ok && !answer.redirected ? await answer.json() : null; // logged out meanwhile: the list finds that out by itself
  } catch {
    return null;
  }
}

document.addEventListener("htmx:afterSwap", fill);
document.addEventListener("htmx:oobAfterSwap", fill);
addEventListener("online", fill);
fill();
