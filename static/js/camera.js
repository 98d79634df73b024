// Opens the camera and takes pictures. Every way in which it can fail has a name that the page explains.

const IDEAL = { width: { ideal: 1920 }, height: { ideal: 1080 } };

const NAMES = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

export class CameraError extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** Show the camera in `video`. facing: "environment" (rear) or "user" (front). Resolves at the first frame. */
export async function open(video, facing, onLost) {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new CameraError(isSecureContext ? "unsupported" : "insecure");
  }
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: facing }, ...IDEAL } });
    stream.getVideoTracks()[0].addEventListener("ended", () => onLost(new CameraError("busy")));
    video.srcObject = stream;
    await video.play();
    await firstFrame(video);
  } catch (error) {
    close(video);
    throw new CameraError(NAMES[error.name] ?? "unknown");
  }
}

export function close(video) {
  for (const track of video.srcObject?.getTracks() ?? []) {
    track.stop();
  }
  video.srcObject = null;
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
