// The head turns: the server draws the moves and their times, the page shows them and sends a frame for every fifth of a second.

import * as camera from "./camera.js";
import { Parts } from "./parts.js";
import { Refused, post } from "./upload.js";

const FRAME_WIDTH = 640; // pixels
const FRAME_QUALITY = 0.85;
const STALE_AFTER = 120_000; // ms: a challenge holds for three minutes, and the turns take a quarter of one

const root = document.querySelector("[data-liveness]");
const parts = new Parts(root);
const [video, stage, ring, arrow, hint] = ["[data-video]", "[data-stage]", "[data-ring]", "[data-arrow]", "[data-hint]"].map((name) =>
  parts.find(name),
);
const cannot = parts.find("[data-cannot]");
let challenge = null;
let drawnAt = 0;

function begin(...besides) {
  delete stage.dataset.challengeReady;
  cannot.hidden = false;
  parts.show("explain", "file", ...besides);
}

async function draw() {
  const answer = await post(root.dataset.challenge, {});
  if (!answer.nonce) {
    return location.replace(answer.next);
  }
  challenge = answer;
  drawnAt = Date.now();
  stage.dataset.moves = challenge.moves.join(" ");
  stage.dataset.challengeReady = "";
}

async function prepare() {
  try {
    await draw();
    parts.show("ready", "file");
  } catch (error) {
    parts.find("[data-refusal]").textContent = error instanceof Refused ? error.message : parts.words.failed;
    begin("refusal");
  }
}

async function perform() {
  cannot.hidden = true;
  parts.show("camera");
  try {
    if (Date.now() - drawnAt > STALE_AFTER) {
      await draw();
    }
    await camera.open(video, "user", failed);
    camera.fitStage(stage, video);
    const frames = await record(challenge.schedule);
    camera.close(video);
    const told = JSON.stringify(frames.map(({ step, at }) => [step, at]));
    await parts.send(await Promise.all(frames.map((frame) => frame.picture)), { source: "CAMERA", nonce: challenge.nonce, frames: told });
  } catch (error) {
    failed(error);
  }
}

function failed(error) {
  camera.close(video);
  cannot.hidden = false;
  cannot.open = true;
  parts.explain(error);
}

/** Show each phase for its time and take frames meanwhile. Resolves with [{picture (promise), step, at (ms)}]. */
function record({ phases, frames_per_second: rate }) {
  const end = phases.at(-1).until_ms;
  const frames = [];
  const began = performance.now();
  let shown = null;
  return new Promise((resolve, reject) => {
    const tick = () => {
      const at = Math.round(performance.now() - began);
      if (!video.srcObject) {
        clearInterval(timer);
        reject(new camera.CameraError("busy"));
      } else if (at >= end) {
        clearInterval(timer);
        hint.textContent = parts.words.moves.done;
        resolve(frames);
      } else {
        const phase = phases.find((candidate) => at < candidate.until_ms);
        if (phase !== shown) {
          shown = phase;
          guide(phase.show);
        }
        ring.style.strokeDasharray = `${at / end} 1`;
        frames.push({ picture: camera.take(video, { width: FRAME_WIDTH, quality: FRAME_QUALITY }), step: phase.step, at });
      }
    };
    const timer = setInterval(tick, 1000 / rate);
    tick();
  });
}

/** Say, show and, on a phone, touch: with the head turned the screen is hard to see. */
function guide(move) {
  hint.textContent = parts.words.moves[move];
  arrow.toggleAttribute("hidden", move === "STRAIGHT");
  arrow.classList.toggle("arrow-right", move === "RIGHT");
  navigator.vibrate?.(move === "STRAIGHT" ? 40 : [40, 60, 40]);
}

parts.startAgain = begin;
parts.on("start", prepare);
parts.on("ready", perform);
parts.on("again", () => begin());
begin(...(parts.find("[data-refusal]").textContent ? ["refusal"] : []));
