// Asking the server, which alone knows the step: gently while nobody looks, and at once when somebody does.

const LOOK_EVERY = 300; // ms
const FIRST_PAUSE = 400; // ms: most checks are done in less than a second
const ASK_EVERY = 1500; // ms: what a thousand waiting pages may cost is measured with it
const HIDDEN_EVERY = 5000; // ms: nobody looks; whoever comes back is told at once
const LONGEST_PAUSE = 8000; // ms between questions that nobody answers
const SHOW_GOOD_FOR = 1000; // ms
const SLOW_AFTER = 10_000; // ms

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const heard = new Map(); // address → the last answer and its tag

/** Ask for JSON. A page that says which answer it has is told in a few bytes that this one still holds. */
export async function ask(url) {
  const last = heard.get(url);
  const headers = { Accept: "application/json", ...(last && { "If-None-Match": last.tag }) };
  const response = await fetch(url, { headers, cache: "no-store", signal: AbortSignal.timeout?.(15_000) });
  if (last && response.status === 304) {
    return last.answer;
  }
  if (!response.ok) {
    throw new Error(String(response.status));
  }
  const [answer, tag] = [await response.json(), response.headers.get("ETag")];
  if (tag) {
    heard.set(url, { answer, tag });
  }
  return answer;
}

/** Wait, but no longer than until somebody looks at the page again or the connection is back. */
export function rest(ms) {
  return new Promise((resolve) => {
    const timer = setTimeout(end, document.hidden ? Math.max(ms, HIDDEN_EVERY) : ms);
    const awake = () => document.hidden || end();
    function end() {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", awake);
      removeEventListener("online", end);
      removeEventListener("pageshow", end);
      resolve();
    }
    document.addEventListener("visibilitychange", awake);
    addEventListener("online", end);
    addEventListener("pageshow", end);
  });
}

/**
 * Ask, soon at first and then regularly, until `told` returns true for an answer. `lost` hears whether the connection is.
 * A page that is gone is loaded anew.
 */
export async function watch(url, told, lost) {
  let wait = FIRST_PAUSE / 2;
  for (;;) {
    try {
      const answer = await ask(url);
      lost(false);
      wait = Math.min(2 * wait, ASK_EVERY);
      if (told(answer)) {
        return;
      }
    } catch (error) {
      if (error.message === "404") {
        return location.reload();
      }
      lost(true);
      wait = Math.min(2 * wait, LONGEST_PAUSE);
    }
    await rest(wait);
  }
}

/** Follow one picture until it is inspected, show a tick when it is good, and go where the server says. */
export async function follow(root, words, { url, next }) {
  const status = root.querySelector("[data-status]");
  const began = Date.now();
  let wait = ASK_EVERY;
  for (;;) {
    try {
      const answer = await ask(url);
      if (answer.usable || answer.state !== "WAITING") {
        return await finish(root, words, answer);
      }
      status.textContent = Date.now() - began > SLOW_AFTER ? words.slow : words.checking;
      wait = ASK_EVERY;
      await rest(LOOK_EVERY);
    } catch (error) {
      if (error.message === "404") {
        return location.replace(next);
      }
      status.textContent = words.offline;
      await rest(wait);
      wait = Math.min(2 * wait, LONGEST_PAUSE);
    }
  }
}

async function finish(root, words, answer) {
  if (answer.usable && answer.state === "INSPECTED") {
    root.querySelector("[data-shown]").classList.add("shown-good");
    root.querySelector("[data-status]").textContent = words.good;
    await pause(SHOW_GOOD_FOR);
  }
  location.replace(answer.next);
}
