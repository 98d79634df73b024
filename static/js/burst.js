// The moments before the picture of a document, as a few small frames: on paper nothing moves but the hand, on a screen the moire does.

import { CameraError, take } from "./camera.js";
import { pause } from "./poll.js";

const EVERY = 240; // ms
const FRAMES = 6; // the newest, about a second and a half
const SMALL = { width: 960, quality: 0.75 }; // pixels; half a megabyte in all, which a slow line can carry

export class Burst {
  constructor(video) {
    this.video = video;
    this.frames = [];
    this.timer = 0;
  }

  start() {
    this.stop();
    this.frames = [];
    this.timer = setInterval(() => {
      this.frames = [...this.frames.slice(1 - FRAMES), take(this.video, SMALL)];
    }, EVERY);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
  }

  /** Resolves with JPEGs, oldest first, as soon as there are enough; rejects when the camera goes away meanwhile. */
  async enough() {
    const { timer } = this;
    while (this.frames.length < FRAMES) {
      await pause(EVERY / 4);
      if (this.timer !== timer) {
        throw new CameraError("busy");
      }
    }
    this.stop();
    return Promise.all(this.frames);
  }
}
