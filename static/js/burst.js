// The moments before a picture, as a few small frames. On paper nothing moves but the hand, on a screen the moire does; and several
// looks at a face say more of it than one.

import { CameraError, take } from "./camera.js";
import { pause } from "./poll.js";

const EVERY = 240; // ms

export class Burst {
  /** most: how many frames, the newest; six are about a second and a half. small: their size, as `take` understands it. */
  constructor(video, { most, ...small }) {
    this.video = video;
    this.most = most;
    this.small = small;
    this.frames = [];
    this.timer = 0;
  }

  start() {
    this.stop();
    this.frames = [];
    this.timer = setInterval(() => {
      this.frames = [...this.frames.slice(1 - this.most), take(this.video, this.small)];
    }, EVERY);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
  }

  /** Resolves with JPEGs, oldest first, as soon as there are enough; rejects when the camera goes away meanwhile. */
  async enough() {
    const { timer } = this;
    while (this.frames.length < this.most) {
      await pause(EVERY / 4);
      if (this.timer !== timer) {
        throw new CameraError("busy");
      }
    }
    this.stop();
    return Promise.all(this.frames);
  }
}
