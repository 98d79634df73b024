// The parts of a camera page, of which one shows at a time, and what can go wrong on it.

import { CameraError } from "./camera.js";
import { Refused, deliver } from "./upload.js";

export class Parts {
  constructor(root) {
    this.root = root;
    this.words = JSON.parse(document.getElementById("words").textContent);
    const input = root.querySelector("[data-part=file] input[type=file]");
    input.addEventListener("change", () => input.files.length && this.send([...input.files], { source: "FILE" }).finally(() => (input.value = "")));
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  on(action, act) {
    for (const element of this.root.querySelectorAll(`[data-action=${action}]`)) {
      element.addEventListener("click", act);
    }
  }

  /** Show exactly these parts. */
  show(...names) {
    for (const part of this.root.querySelectorAll("[data-part]")) {
      part.hidden = !names.includes(part.dataset.part);
    }
  }

  /** Name what is wrong with the camera and what to do about it; a photo can always be chosen instead. */
  explain(error, ...names) {
    const { what, remedy } = this.words.errors[error instanceof CameraError ? error.code : "unknown"];
    this.find("[data-what]").textContent = what;
    this.find("[data-remedy]").textContent = remedy;
    this.show("error", "file", ...names);
  }

  /** Hand pictures to the server; what it refuses is said, and the page starts over. */
  async send(blobs, fields) {
    this.show("looking");
    try {
      await deliver(this.root, this.words, blobs, fields);
    } catch (error) {
      this.find("[data-refusal]").textContent = error instanceof Refused ? error.message : this.words.failed;
      this.startAgain("refusal");
    }
  }

  /** Replaced by the page: shows its beginning, with these parts besides. */
  startAgain() {}
}
