// Tells somebody what to do while he cannot look closely: in large words, by a sign, by touch and, if he wants, aloud.

const QUIET = 40; // ms of vibration: "look straight" is felt once, a move twice
const TWICE = [40, 60, 40];

/** The voice that speaks the page's language; not every device has one. */
export function voice() {
  const language = document.documentElement.lang.slice(0, 2);
  return globalThis.speechSynthesis?.getVoices().find((candidate) => candidate.lang.startsWith(language));
}

voice(); // browsers load their voices when they are first asked for

export class Guidance {
  /** section: what holds the words, the ring and the signs. words: by what is shown. */
  constructor(section, words) {
    Object.assign(this, { section, words, phase: null, voice: null });
    this.cue = section.querySelector("[data-cue]");
    this.ring = section.querySelector("[data-ring]");
  }

  begin({ aloud }) {
    this.voice = aloud ? voice() : null;
    document.body.dataset.performing = "";
  }

  /** Show a phase ({show, colour}); share: how much of the whole is done, 0 to 1. */
  show(phase, share) {
    this.ring.style.strokeDasharray = `${share} 1`;
    if (phase === this.phase) {
      return;
    }
    const before = this.phase?.show;
    this.phase = phase;
    document.body.style.setProperty("--light", phase.colour ?? "");
    if (phase.show !== before) {
      this.section.dataset.show = phase.show;
      this.#say(phase.show);
      navigator.vibrate?.(["STRAIGHT", "BACK"].includes(phase.show) ? QUIET : TWICE);
    }
  }

  done() {
    this.#say("done");
    navigator.vibrate?.(TWICE);
  }

  end() {
    this.phase = null;
    this.cue.replaceChildren();
    delete this.section.dataset.show;
    delete document.body.dataset.performing;
    document.body.style.removeProperty("--light");
  }

  #say(what) {
    this.cue.textContent = this.words[what];
    if (this.voice) {
      speechSynthesis.cancel();
      speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(this.words[what]), { voice: this.voice, lang: this.voice.lang }));
    }
  }
}
