// Waiting pages: a picture that is being looked at, and an attempt that is being checked. The server knows the step; we only ask.

const LOOK_EVERY = 300; // ms
const CHECK_EVERY = 1000; // ms
const SHOW_GOOD_FOR = 1000; // ms
const SLOW_AFTER = 10_000; // ms

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function ask(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout?.(15_000) });
  if (!response.ok) {
    throw new Error(String(response.status));
  }
  return response.json();
}

/** Follow one picture until it is inspected, show a tick when it is good, and go where the server says. */
export async function follow(root, words, { url, next }) {
  const status = root.querySelector("[data-status]");
  const began = Date.now();
  for (;;) {
    try {
      const answer = await ask(url);
      if (answer.usable || answer.state !== "WAITING") {
        return await finish(root, words, answer);
      }
      status.textContent = Date.now() - began > SLOW_AFTER ? words.slow : words.checking;
    } catch (error) {
      if (error.message === "404") {
        return location.replace(next);
      }
      status.textContent = words.offline;
      await pause(CHECK_EVERY);
    }
    await pause(LOOK_EVERY);
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

async function untilChecked(root) {
  const began = Date.now();
  const offline = root.querySelector("[data-offline]");
  for (;;) {
    try {
      const answer = await ask(root.dataset.progress);
      offline.hidden = true;
      if (answer.step !== "checking") {
        return location.replace(answer.next);
      }
    } catch (error) {
      if (error.message === "404") {
        return location.reload();
      }
      offline.hidden = false;
    }
    for (const line of root.querySelectorAll("[data-after]")) {
      line.hidden = Date.now() - began < Number(line.dataset.after) * 1000;
    }
    await pause(CHECK_EVERY);
  }
}

const looking = document.querySelector("[data-looking]");
if (looking) {
  follow(looking, JSON.parse(document.getElementById("words").textContent), { url: looking.dataset.state, next: looking.dataset.page });
}

const checking = document.querySelector("[data-checking]");
if (checking) {
  untilChecked(checking);
}
