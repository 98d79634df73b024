// The page of a document's side or a selfie: looks at the camera, says one thing at a time, and takes the picture when it is good.

import { Burst } from "./burst.js";
import * as camera from "./camera.js";
import { Watcher } from "./hints.js";
import { Parts } from "./parts.js";

const LOOK_EVERY = 140; // ms, about seven times a second
const GOOD_FOR = { document: 1000, face: 1600 }; // ms
const BURSTS = {
  document: { most: 6, width: 960, quality: 0.75 }, // half a megabyte in all, which a slow line can carry
  face: { most: 5, pixels: 960 * 720, quality: 0.75 },
};
const SETTLE = 700; // ms: cameras begin dark and out of focus
const ASK_AFTER = 1500; // ms: a camera that takes so long to open waits for a permission
const REOPEN_EVERY = 20_000; // ms: a camera that is lost more often has a reason that the user should know

const root = document.querySelector("[data-capture]");
const parts = new Parts(root);
const face = root.dataset.shape === "face";
const subject = face ? "face" : "document";
const [video, stage, guide] = ["[data-video]", "[data-stage]", "[data-guide]"].map((name) => parts.find(name));
const [hint, shutter] = ["[data-hint]", "[data-action=shutter]"].map((name) => parts.find(name));
const [fileLink, cameraLink] = ["[data-action=file]", "[data-back]"].map((name) => parts.find(name));
const burst = new Burst(video, BURSTS[subject]);
let timer = 0;
let opening = new AbortController();
let reopenedAt = -Infinity;

/** Offer the other way to send a picture, if any: "file" or "camera". Not every company takes files. */
function offer(way) {
  fileLink?.toggleAttribute("hidden", way !== "file");
  cameraLink?.toggleAttribute("hidden", way !== "camera");
}

async function start(...besides) {
  parts.show("camera", "aside", ...besides);
  shutter.disabled = true;
  offer("file");
  opening.abort();
  opening = new AbortController();
  const { signal } = opening;
  const asking = setTimeout(() => (hint.textContent = parts.words.allow), ASK_AFTER);
  try {
    await camera.open(video, { facing: face ? "user" : "environment", onLost: lost, untilTapped: () => tapped(asking), signal });
    clearTimeout(asking);
    camera.fitStage(stage, video);
    shutter.disabled = false;
    burst.start();
    watch();
  } catch (error) {
    clearTimeout(asking);
    if (!signal.aborted) {
      failed(error);
    }
  }
}

function tapped(asking) {
  clearTimeout(asking);
  hint.replaceChildren();
  return parts.tap();
}

/** A phone takes the camera away when another app wants it, and gives it back when asked again. */
function lost(error) {
  const again = error.code === "lost" && !document.hidden && performance.now() - reopenedAt > REOPEN_EVERY;
  if (!again) {
    return failed(error);
  }
  reopenedAt = performance.now();
  stop();
  return start();
}

function failed(error) {
  stop();
  offer();
  parts.explain(error, "aside");
}

function stop() {
  opening.abort();
  clearInterval(timer);
  burst.stop();
  camera.close(video);
}

function watch() {
  const watcher = new Watcher(video, guide, { face });
  let goodSince = Infinity;
  const began = performance.now();
  timer = setInterval(() => {
    const now = performance.now();
    const found = watcher.look();
    say(found);
    goodSince = found === "good" && now - began > SETTLE ? Math.min(goodSince, now) : Infinity;
    if (now - goodSince >= GOOD_FOR[subject]) {
      takePicture();
    }
  }, LOOK_EVERY);
}

let said = "";
let saidAt = 0;

/** A hint stays long enough to be read; only "good" answers at once. */
function say(found) {
  const now = performance.now();
  guide.classList.toggle("guide-good", found === "good");
  if (found === said || (found !== "good" && now - saidAt < 900)) {
    return;
  }
  [said, saidAt] = [found, now];
  hint.textContent = parts.words.hints[found];
  hint.dataset.hint = found;
}

async function takePicture() {
  clearInterval(timer);
  shutter.disabled = true;
  try {
    const before = await burst.enough();
    const picture = await camera.take(video);
    stop();
    await parts.send([picture, ...before], { source: "CAMERA" });
  } catch (error) {
    if (!document.hidden) {
      failed(error); // else the page starts anew when it is seen again
    }
  }
}

parts.startAgain = start;
parts.on("shutter", takePicture);
parts.on("again", () => {
  parts.find("h1").focus({ preventScroll: true });
  start();
});
parts.on("file", () => {
  stop();
  offer("camera");
  parts.show("file", "aside");
  parts.find("#file").focus();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    stop();
  } else if (!document.hidden && !parts.find("[data-part=camera]").hidden && !video.srcObject) {
    start();
  }
});
start(...(parts.find("[data-refusal]").textContent ? ["refusal"] : []));
