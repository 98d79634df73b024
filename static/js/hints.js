// What a small picture of the camera says about the big one: one hint at a time, several times a second.
// Grey values are 0..255; limits were set on drawn documents with known faults and are kind on purpose: the server has the last word.

const WIDTH = 160; // pixels of the small picture
const SHARP_WIDTH = 480; // fine strokes are gone at 160 pixels, so sharpness looks closer
const MARGIN = 0.08; // around the frame, as a share of its size; with it the frame still lies inside the camera's picture
const BAND = 0.07; // how far an edge of the document may lie from the frame's edge

const DARK = 55;
const BRIGHT = 215;
const SATURATED = 252;
const GLARE_SIZE = 9; // pixels: white paper is written on, so burnt-out squares of this size are glare
const GLARE_SHARE = 0.0005;
const MOVING = 5;
const SHARP = 45;
const EDGE = 14;
const EDGE_SEEN = 0.5;
const TEXTURE = 14; // standard deviation: a wall has less, a face has more

export class Watcher {
  /** guide: the element that shows where the document or the face belongs. */
  constructor(video, guide, { face }) {
    Object.assign(this, { video, guide, face, before: null });
    this.small = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    this.fine = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  }

  /** Return the one hint that matters most now; "good" when the picture can be taken. */
  look() {
    const box = this.#guideInVideo();
    const around = grow(box, MARGIN);
    const picture = greyOf(this.small, this.video, around, WIDTH);
    const moved = this.before?.pixels.length === picture.pixels.length ? difference(this.before.pixels, picture.pixels) : 255;
    this.before = picture;
    const inner = cut(picture, MARGIN / (1 + 2 * MARGIN));
    return this.face ? faceHint(inner, moved) : documentHint(picture, inner, moved, () => greyOf(this.fine, this.video, box, SHARP_WIDTH));
  }

  /** Where the guide lies in the camera's own pixels; the stage shows the video with object-fit: cover. */
  #guideInVideo() {
    const shown = this.video.getBoundingClientRect();
    const guide = this.guide.getBoundingClientRect();
    const { videoWidth, videoHeight } = this.video;
    const scale = Math.max(shown.width / videoWidth, shown.height / videoHeight);
    const width = guide.width / scale;
    const height = guide.height / scale;
    return { left: (videoWidth - width) / 2, top: (videoHeight - height) / 2, width, height };
  }
}

function documentHint(picture, inner, moved, closer) {
  if (mean(inner.pixels) < DARK) {
    return "dark";
  }
  const edges = edgesSeen(picture);
  if (edges < 3) {
    const small = deviation(inner.pixels) >= TEXTURE && deviation(topAndBottom(inner)) < TEXTURE;
    return small ? "closer" : "search";
  }
  if (burntOut(inner) > GLARE_SHARE) {
    return "glare";
  }
  if (moved > MOVING) {
    return "still";
  }
  return sharpness(closer()) < SHARP ? "blurred" : "good";
}

function faceHint(inner, moved) {
  const light = mean(inner.pixels);
  if (light < DARK) {
    return "dark";
  }
  if (light > BRIGHT) {
    return "bright";
  }
  if (deviation(inner.pixels) < TEXTURE) {
    return "search";
  }
  return moved > MOVING ? "still" : "good";
}

/** Where the picture is burnt out: the largest bright patch as fractions {left, top, width, height}, or null. */
export function glarePatch(image) {
  const context = document.createElement("canvas").getContext("2d");
  const size = { left: 0, top: 0, width: image.naturalWidth, height: image.naturalHeight };
  const { pixels, width, height } = greyOf(context, image, size, WIDTH);
  let best = null;
  const seen = new Uint8Array(pixels.length);
  for (let start = 0; start < pixels.length; start++) {
    const patch = seen[start] || pixels[start] < SATURATED ? null : flood(pixels, width, start, seen);
    if (patch && patch.count > (best?.count ?? 12)) {
      best = patch;
    }
  }
  return best && {
    left: best.left / width,
    top: best.top / height,
    width: (best.right - best.left + 1) / width,
    height: (best.bottom - best.top + 1) / height,
  };
}

function flood(pixels, width, start, seen) {
  const patch = { count: 0, left: width, right: 0, top: Infinity, bottom: 0 };
  const open = [start];
  seen[start] = 1;
  while (open.length) {
    const at = open.pop();
    const x = at % width;
    const y = Math.floor(at / width);
    patch.count += 1;
    patch.left = Math.min(patch.left, x);
    patch.right = Math.max(patch.right, x);
    patch.top = Math.min(patch.top, y);
    patch.bottom = Math.max(patch.bottom, y);
    for (const next of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width]) {
      if (next >= 0 && next < pixels.length && !seen[next] && pixels[next] >= SATURATED) {
        seen[next] = 1;
        open.push(next);
      }
    }
  }
  return patch;
}

function greyOf(context, source, box, width) {
  const height = Math.max(1, Math.round((width * box.height) / box.width));
  if (context.canvas.width !== width || context.canvas.height !== height) {
    Object.assign(context.canvas, { width, height });
  }
  context.drawImage(source, box.left, box.top, box.width, box.height, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = new Uint8Array(width * height);
  for (let at = 0; at < pixels.length; at++) {
    pixels[at] = (data[4 * at] * 77 + data[4 * at + 1] * 150 + data[4 * at + 2] * 29) >> 8;
  }
  return { pixels, width, height };
}

/** How many of the document's four edges run along the frame: each in two halves, so that a small tilt does no harm. */
function edgesSeen({ pixels, width, height }) {
  const rim = MARGIN / (1 + 2 * MARGIN);
  const across = { step: 1, length: width, stride: width, depth: height };
  const down = { step: width, length: height, stride: 1, depth: width };
  return [across, down]
    .flatMap((side) => [rim, 1 - rim].map((where) => edgeStrength(pixels, side, where)))
    .filter((strength) => strength >= EDGE_SEEN).length;
}

/** The best share of pixels in one line near the frame's edge where the grey value jumps, averaged over the two halves of the side. */
function edgeStrength(pixels, { step, length, stride, depth }, where) {
  const halves = [
    [0.12, 0.5],
    [0.5, 0.88],
  ].map(([from, to]) => {
    let best = 0;
    const last = Math.min(depth - 3, Math.round(depth * (where + BAND)));
    for (let row = Math.max(2, Math.round(depth * (where - BAND))); row <= last; row++) {
      let jumps = 0;
      for (let at = Math.round(length * from); at < length * to; at++) {
        const here = at * step + row * stride;
        jumps += Math.abs(pixels[here + 2 * stride] - pixels[here - 2 * stride]) > EDGE ? 1 : 0;
      }
      best = Math.max(best, jumps / (length * (to - from)));
    }
    return best;
  });
  return (halves[0] + halves[1]) / 2;
}

/** Variance of the Laplacian: high where strokes are crisp. */
function sharpness({ pixels, width, height }) {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const value = 4 * pixels[at] - pixels[at - 1] - pixels[at + 1] - pixels[at - width] - pixels[at + width];
      sum += value;
      squares += value * value;
      count += 1;
    }
  }
  return squares / count - (sum / count) ** 2;
}

function grow({ left, top, width, height }, by) {
  return { left: left - width * by, top: top - height * by, width: width * (1 + 2 * by), height: height * (1 + 2 * by) };
}

function cut({ pixels, width, height }, rim) {
  const [x, y] = [Math.round(width * rim), Math.round(height * rim)];
  const inner = [];
  for (let row = y; row < height - y; row++) {
    inner.push(...pixels.subarray(row * width + x, (row + 1) * width - x));
  }
  return { pixels: inner, width: width - 2 * x, height: height - 2 * y };
}

/** The outer tenths of the frame: bare table when the document is too far away. */
function topAndBottom({ pixels, width, height }) {
  const strip = width * Math.round(height / 10);
  return [...pixels.slice(0, strip), ...pixels.slice(-strip)];
}

function mean(pixels) {
  return pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
}

function deviation(pixels) {
  const middle = mean(pixels);
  return Math.sqrt(pixels.reduce((sum, value) => sum + (value - middle) ** 2, 0) / pixels.length);
}

/** The share of pixels that are the centre of a burnt-out square. */
function burntOut({ pixels, width, height }) {
  const half = (GLARE_SIZE - 1) / 2;
  const rows = runs(pixels, width, (at) => pixels[at] >= SATURATED);
  let count = 0;
  for (let x = 0; x < width; x++) {
    let run = 0;
    for (let y = 0; y < height; y++) {
      const right = x + half < width ? rows[y * width + x + half] : 0;
      run = right >= GLARE_SIZE ? run + 1 : 0;
      count += run >= GLARE_SIZE ? 1 : 0;
    }
  }
  return count / pixels.length;
}

/** For each pixel: how many pixels in a row, ending with it, pass the test. */
function runs(pixels, width, passes) {
  const length = new Uint16Array(pixels.length);
  for (let at = 0; at < pixels.length; at++) {
    length[at] = passes(at) ? 1 + (at % width ? length[at - 1] : 0) : 0;
  }
  return length;
}

function difference(before, now) {
  return now.reduce((sum, value, at) => sum + Math.abs(value - before[at]), 0) / now.length;
}
