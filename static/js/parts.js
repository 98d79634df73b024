// The parts of a camera page, of which one shows at a time, and what can go wrong on it.

import { CameraError, back } from "./camera.js";
import { Refused, deliver } from "./upload.js";

const NO_HOPE = new Set(["missing", "unsupported", "insecure"]); // on a computer: nothing that the user does here helps soon

export class Parts {
  constructor(root) {
    this.root = root;
    this.words = JSON.parse(document.getElementById("words").textContent);
    this.explained = 0;
    const input = root.querySelector("[data-part=file] input[type=file]");
    input?.addEventListener("change", () => input.files.length && this.send([...input.files], { source: "FILE" }).finally(() => (input.value = "")));
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  on(action, act) {
    for (const element of this.root.querySelectorAll(`[data-action=${action}]`)) {
      element.addEventListener("click", act);
    }
  }

  /** Show exactly these parts. The focus does not get lost with what was pressed. */
  show(...names) {
    this.explained += 1;
    const pressed = document.activeElement;
    for (const part of this.root.querySelectorAll("[data-part]")) {
      part.hidden = !names.includes(part.dataset.part);
    }
    if (pressed.closest("[hidden]")) {
      this.find("h1").focus({ preventScroll: true });
    }
  }

  /** Name what is wrong with the camera and what to do about it; where files are taken, one can be chosen. A computer that cannot take
   * pictures hands over to a phone by itself, unless the user said that he stays. When the camera comes back, the page goes on. */
  explain(error, ...names) {
    const code = error instanceof CameraError ? error.code : "unknown";
    if (NO_HOPE.has(code) && this.root.dataset.handover && !this.#stays()) {
      location.replace(`${this.root.dataset.handover}?why=${code}`);
      return;
    }
    const { what, remedy } = this.words.errors[code];
    this.find("[data-what]").textContent = what;
    this.find("[data-remedy]").textContent = remedy;
    const refused = this.find("[data-part=refusal]").hidden ? [] : ["refusal"]; // why a file was not taken is still to be read
    this.show("error", "file", ...refused, ...names);
    const { explained } = this;
    back(code).then(() => explained === this.explained && this.startAgain());
  }

  /** Whoever chose to go on at this computer is not sent to the phone again at the next step. */
  #stays() {
    const key = `here ${this.root.dataset.page}`;
    if (new URLSearchParams(location.search).has("here")) {
      sessionStorage.setItem(key, "yes");
    }
    return sessionStorage.getItem(key) !== null;
  }

  /** Resolves after a tap on the stage, which a browser that saves power wants before it plays. */
  async tap() {
    const button = this.find("[data-action=play]");
    button.hidden = false;
    await new Promise((resolve) => button.addEventListener("click", resolve, { once: true }));
    button.hidden = true;
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
