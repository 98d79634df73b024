// Opens the camera and takes pictures. Every way in which it can fail has a name that the page explains (`words.errors`).

const IDEAL = { width: { ideal: 1920 }, height: { ideal: 1080 } };
const SILENT_AFTER = 12_000; // ms without an answer; longer while the browser asks the user for permission
const ONCE_MORE_AFTER = 600; // ms: a camera that was let go a moment ago may still be busy
const MUTE_FOR = 3000; // ms: phones mute the camera for a moment when something else wants it

const NAMES = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

export class CameraError extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** Show the camera in `video`; resolves at the first frame. facing: "environment" (rear) or "user" (front). onLost: called with a
 * CameraError when it goes away. untilTapped: resolves after the tap that a browser may want. signal: aborted when nobody waits any more. */
export async function open(video, { facing, onLost, untilTapped, signal }) {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new CameraError(isSecureContext ? "unsupported" : "insecure");
  }
  let stream = null;
  try {
    stream = await answered(request({ facingMode: { ideal: facing }, ...IDEAL }));
    heed(signal);
    video.srcObject = stream;
    await play(video, untilTapped);
    await inTime(firstFrame(video));
    heed(signal);
  } catch (error) {
    stop(stream);
    video.srcObject = video.srcObject === stream ? null : video.srcObject;
    throw error instanceof CameraError ? error : new CameraError(await reason(error));
  }
  guard(video, stream.getVideoTracks()[0], onLost);
}

export function close(video) {
  stop(video.srcObject);
  video.srcObject = null;
}

/** Resolves when a camera that failed with `code` may work now: it was plugged in, it was allowed, or it answered after all. */
export function back(code) {
  return new Promise((resolve) => {
    if (code === "silent") {
      late.then(resolve, () => {});
    }
    navigator.mediaDevices?.addEventListener?.("devicechange", async () => (await isThere()) && resolve());
    permission().then((status) => status?.addEventListener("change", () => status.state === "granted" && resolve()));
  });
}

/** Take what the camera sees now as JPEG: whole and not mirrored, at full size or at most `width` pixels wide or `pixels` in all. */
export function take(video, { width = Infinity, pixels = Infinity, quality = 0.92 } = {}) {
  const scale = Math.min(1, width / video.videoWidth, Math.sqrt(pixels / (video.videoWidth * video.videoHeight)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new CameraError("unknown"))), "image/jpeg", quality);
  });
}

/** Give the stage the shape of the camera's picture, within what fits on a screen. */
export function fitStage(stage, video) {
  const ratio = video.videoWidth / video.videoHeight;
  stage.style.aspectRatio = String(Math.min(16 / 9, Math.max(3 / 4, ratio)));
}

async function request(wishes) {
  const ask = (video) => navigator.mediaDevices.getUserMedia({ audio: false, video });
  try {
    return await ask(wishes);
  } catch (error) {
    if (error.name === "OverconstrainedError") {
      return ask(true); // some browsers take a wish for a condition
    }
    if (NAMES[error.name] !== "busy") {
      throw error;
    }
    await pause(ONCE_MORE_AFTER);
    return ask(wishes);
  }
}

let late = Promise.reject(new CameraError("silent"));
late.catch(() => {});

/** Wait for the camera, but not for ever. What answers too late is closed again, and `back` tells of it. */
async function answered(stream) {
  try {
    return await inTime(stream);
  } catch (error) {
    if (error.code === "silent") {
      late = stream.then(stop);
      late.catch(() => {});
    }
    throw error;
  }
}

async function inTime(promise) {
  let timer = 0;
  const end = new Promise((_, reject) => {
    const look = async () => {
      const asking = (await permission())?.state === "prompt";
      timer = asking ? setTimeout(look, SILENT_AFTER) : reject(new CameraError("silent"));
    };
    timer = setTimeout(look, SILENT_AFTER);
  });
  try {
    return await Promise.race([promise, end]);
  } finally {
    clearTimeout(timer);
  }
}

/** A browser that saves power plays nothing without a tap; that is no refusal of the camera. */
async function play(video, untilTapped) {
  try {
    await video.play();
  } catch (error) {
    if (error.name !== "NotAllowedError") {
      throw error;
    }
    await untilTapped();
    await video.play();
  }
}

/** Tell when the camera goes away in the middle: unplugged, no longer allowed, taken by another app, or silent after another app. */
function guard(video, track, onLost) {
  const lost = async () => video.srcObject?.getVideoTracks()[0] === track && onLost(new CameraError(await whyLost()));
  let timer = 0;
  track.addEventListener("ended", lost);
  track.addEventListener("mute", () => (timer = setTimeout(lost, MUTE_FOR)));
  track.addEventListener("unmute", () => clearTimeout(timer));
}

async function whyLost() {
  if ((await permission())?.state === "denied") {
    return "denied";
  }
  return (await isThere()) ? "lost" : "gone";
}

/** NotAllowedError says neither who refused nor whether the question can be asked again; that makes another remedy. */
async function reason(error) {
  const name = NAMES[error.name] ?? "unknown";
  if (name !== "denied") {
    return name;
  }
  if (/system/i.test(error.message)) {
    return "system";
  }
  return (await permission())?.state === "prompt" ? "dismissed" : "denied";
}

async function permission() {
  try {
    return await navigator.permissions.query({ name: "camera" });
  } catch {
    return null; // not every browser tells
  }
}

async function isThere() {
  try {
    return (await navigator.mediaDevices.enumerateDevices()).some(({ kind }) => kind === "videoinput");
  } catch {
    return false;
  }
}

function heed(signal) {
  if (signal?.aborted) {
    throw new CameraError("left");
  }
}

function stop(stream) {
  for (const track of stream?.getTracks() ?? []) {
    track.stop();
  }
}

function firstFrame(video) {
  return new Promise((resolve) => {
    if ("requestVideoFrameCallback" in video) {
      video.requestVideoFrameCallback(() => resolve());
    } else {
      const look = () => (video.videoWidth && video.readyState >= 2 ? resolve() : setTimeout(look, 30));
      look();
    }
  });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
