// Rings the glare on the user's own picture. Whatever else is wrong with it was found by the server and is marked there already.

import { glarePatch } from "./hints.js";

const ROOM = 0.03; // around the bright patch, as a share of the picture

const figure = document.querySelector("[data-defects]");
const picture = figure.querySelector("[data-picture]");
const drawing = figure.querySelector("[data-marks]");

function ring() {
  const patch = glarePatch(picture);
  if (!patch) {
    return;
  }
  const { width, height } = drawing.viewBox.baseVal;
  const mark = document.createElementNS(drawing.namespaceURI, "ellipse");
  const place = {
    cx: (patch.left + patch.width / 2) * width,
    cy: (patch.top + patch.height / 2) * height,
    rx: (patch.width / 2 + ROOM) * width,
    ry: (patch.height / 2 + ROOM) * height,
  };
  for (const [name, value] of Object.entries(place)) {
    mark.setAttribute(name, String(value));
  }
  drawing.append(mark);
}

if (/\b(GLARE|GLASSES_GLARE)\b/.test(figure.dataset.defects)) {
  picture.decode().then(ring, () => {});
}
