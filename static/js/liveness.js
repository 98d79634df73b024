// The challenge: the server draws the moves and their times, the page shows them and sends a frame for every fifth of a second.

import * as camera from "./camera.js";
import { Guidance, voice } from "./guidance.js";
import { Parts } from "./parts.js";
import { pause } from "./poll.js";
import { Refused, post } from "./upload.js";

const FRAME = { pixels: 640 * 480, quality: 0.75 }; // about 35 kB each, two and a half megabytes in all, whatever way a phone is held
const TICK = 50; // ms between looks at the clock
const LIT = { after: 200, every: 150 }; // ms: a colour reaches the face, and the face the camera, only some time after it is shown
const ASK_AFTER = 1500; // ms: a camera that takes so long to open waits for a permission
const LOOKED_STRAIGHT = 2500; // ms: to read what to do, and for a camera that begins dark
const LEFT_OFF = new Error("left off"); // by the user, who went elsewhere or cannot do this

const root = document.querySelector("[data-liveness]");
const parts = new Parts(root);
const [video, stage, refusal, cannot] = ["[data-video]", "[data-stage]", "[data-refusal]", "[data-cannot]"].map((name) => parts.find(name));
const [light, aloud] = ["[data-light]", "[data-aloud]"].map((name) => parts.find(name));
const guidance = new Guidance(parts.find("[data-part=camera]"), parts.words.moves);
let challenge = null;
let leaveOff = () => {};

function begin(...besides) {
  delete stage.dataset.challengeReady;
  cannot.hidden = false;
  parts.show("explain", "file", ...besides);
}

function say(sentence) {
  refusal.textContent = sentence;
  begin("refusal");
}

/** Get the challenge of this session from the server. False when there is none; the page then says why. */
async function ask() {
  try {
    challenge = await post(root.dataset.challenge, {}, () => say(parts.words.offline));
  } catch (error) {
    say(error instanceof Refused ? error.message : parts.words.failed);
    if (error instanceof Refused) {
      cannot.open = true;
      parts.show("refusal", "file");
    }
    return false;
  }
  if (!challenge.nonce) {
    location.replace(challenge.next);
    return false;
  }
  challenge.startBefore = Date.now() + challenge.start_within_ms;
  stage.dataset.moves = challenge.moves.join(" ");
  stage.dataset.flashes = challenge.schedule.phases.flatMap(({ colour }) => colour ?? []).join(" ");
  stage.dataset.challengeReady = "";
  return true;
}

/** Flashes are left out for whoever asked for less motion, on this page or in his system. */
function mayFlash() {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches && challenge.schedule.phases.some(({ show }) => show === "LIGHT");
}

async function prepare() {
  if (!(await ask())) {
    return;
  }
  parts.find("[data-light-option]").hidden = !mayFlash();
  parts.find("[data-aloud-option]").hidden = !voice();
  parts.show("ready", "file");
}

async function perform() {
  if (Date.now() >= challenge.startBefore && !(await ask())) {
    return;
  }
  const phases = planned(challenge.schedule.phases, mayFlash() && light.checked);
  cannot.open = false;
  parts.show("camera", "file");
  guidance.begin({ aloud: aloud.checked });
  const asking = setTimeout(() => (parts.find("[data-cue]").textContent = parts.words.allow), ASK_AFTER);
  let frames = [];
  try {
    await camera.open(video, { facing: "user", onLost: (error) => leaveOff(error), untilTapped: () => parts.tap() });
    clearTimeout(asking);
    frames = await record(phases, challenge.schedule.frames_per_second);
  } catch (error) {
    return error === LEFT_OFF ? goBack() : failed(error);
  } finally {
    clearTimeout(asking);
    guidance.end();
    camera.close(video);
  }
  await send(frames);
}

/** The phases of this person, with the words of what comes next before the light. */
function planned(phases, withLight) {
  const kept = phases.filter(({ show }) => withLight || show !== "LIGHT");
  return kept.map((phase, index) => (kept[index + 1]?.show === "LIGHT" && phase.show === "BACK" ? { ...phase, show: "BEFORE_LIGHT" } : phase));
}

/** Show each phase for its time and take frames meanwhile. Resolves with [{picture (promise), step, at (ms)}]. */
function record(phases, rate) {
  const end = phases.at(-1).until_ms;
  const frames = [];
  const began = performance.now();
  let [timer, due, shown] = [0, 0, null];
  return new Promise((resolve, reject) => {
    leaveOff = reject;
    const tick = () => {
      const at = Math.round(performance.now() - began);
      const phase = phases.find(({ until_ms: until }) => at < until);
      if (cannot.open || document.hidden) {
        reject(LEFT_OFF);
      } else if (phase) {
        due = phase.colour && phase !== shown ? at + LIT.after : due;
        shown = phase;
        guidance.show(phase, at / end);
        if (at >= due) {
          due = Math.max(due, at - TICK) + (phase.colour ? LIT.every : 1000 / rate); // what a busy device missed is not made up for
          frames.push({ picture: camera.take(video, FRAME), step: phase.step, at });
        }
      } else {
        guidance.done();
        resolve(frames);
      }
    };
    timer = setInterval(tick, TICK);
    tick();
  }).finally(() => clearInterval(timer));
}

async function send(frames) {
  cannot.hidden = true;
  const told = JSON.stringify(frames.map(({ step, at }) => [step, at]));
  const pictures = await Promise.all(frames.map(({ picture }) => picture));
  await parts.send(pictures, { source: "CAMERA", nonce: challenge.nonce, frames: told });
}

/** Where no files are taken, who cannot move his head lets the camera take one picture, for a person to look at. */
async function takeOne() {
  cannot.open = false;
  parts.show("camera");
  guidance.begin({ aloud: false });
  guidance.show({ show: "STRAIGHT" }, 0);
  try {
    await camera.open(video, { facing: "user", onLost: () => {}, untilTapped: () => parts.tap() });
    await pause(LOOKED_STRAIGHT);
    const picture = await camera.take(video);
    camera.close(video);
    await parts.send([picture], { source: "CAMERA" });
  } catch (error) {
    failed(error);
  } finally {
    guidance.end();
    camera.close(video);
  }
}

function goBack() {
  begin();
  if (cannot.open) {
    cannot.scrollIntoView({ block: "end" });
  }
}

function failed(error) {
  cannot.hidden = false;
  cannot.open = true;
  parts.explain(error);
}

parts.startAgain = begin;
parts.on("start", prepare);
parts.on("ready", perform);
parts.on("one", takeOne);
parts.on("again", () => begin());
cannot.addEventListener("toggle", () => cannot.open && leaveOff(LEFT_OFF));
begin(...(refusal.textContent ? ["refusal"] : []));
