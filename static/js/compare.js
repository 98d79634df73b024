// Two faces beside each other or in turn, both as large as each other and in the same place.

const FACE_HEIGHT = 0.55; // of the frame; the frame is 4 wide and 5 high
const CENTRE = { x: 0.5, y: 0.48 };
const FRAME = 5 / 4;

/** Build the two faces that a button names. The pictures are those that the page shows, so nothing is fetched again. */
export function facesOf({ first, firstFace, firstCaption, second, secondFace, secondCaption }) {
  const faces = document.createElement("div");
  faces.className = "faces";
  faces.append(face(first, firstFace, firstCaption), face(second, secondFace, secondCaption));
  return faces;
}

function face(address, edges, words) {
  const image = Object.assign(new Image(), { alt: words, draggable: false });
  image.addEventListener("load", () => place(image, edges.trim().split(/\s+/).map(Number)));
  image.src = address;
  const frame = document.createElement("div");
  frame.className = "face-frame";
  frame.append(image);
  const figure = document.createElement("figure");
  figure.append(frame, Object.assign(document.createElement("figcaption"), { textContent: words }));
  return figure;
}

/** Lay the picture so that its face fills its share of the frame. edges: left, top, right, bottom as fractions of the picture. */
function place(image, [left, top, right, bottom]) {
  const height = FACE_HEIGHT / (bottom - top);
  const width = (height * FRAME * image.naturalWidth) / image.naturalHeight;
  Object.assign(image.style, {
    width: `${100 * width}%`,
    height: `${100 * height}%`,
    left: `${100 * (CENTRE.x - ((left + right) / 2) * width)}%`,
    top: `${100 * (CENTRE.y - ((top + bottom) / 2) * height)}%`,
  });
}
