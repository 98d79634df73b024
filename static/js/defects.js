// Rings the defect on the user's own picture, where it can be seen in the picture itself: glare.

import { glarePatch } from "./hints.js";

const ROOM = 0.03; // around the bright patch, as a share of the picture

const figure = document.querySelector("[data-defects]");
const picture = figure.querySelector("[data-picture]");

function ring() {
  const patch = figure.dataset.defects.split(" ").includes("GLARE") && glarePatch(picture);
  if (!patch) {
    return;
  }
  const mark = document.createElement("div");
  mark.className = "defect";
  const shown = containedBox(picture);
  mark.style.left = `${shown.left + (patch.left - ROOM) * shown.width}px`;
  mark.style.top = `${shown.top + (patch.top - ROOM) * shown.height}px`;
  mark.style.width = `${(patch.width + 2 * ROOM) * shown.width}px`;
  mark.style.height = `${(patch.height + 2 * ROOM) * shown.height}px`;
  figure.append(mark);
}

/** Where the picture lies inside its element under object-fit: contain, in CSS pixels. */
function containedBox(image) {
  const scale = Math.min(image.clientWidth / image.naturalWidth, image.clientHeight / image.naturalHeight);
  const [width, height] = [image.naturalWidth * scale, image.naturalHeight * scale];
  return { left: (image.clientWidth - width) / 2, top: (image.clientHeight - height) / 2, width, height };
}

picture.decode().then(ring, () => {});
