// Waiting pages: a picture that is being looked at, and an attempt that is being checked.

import { follow, watch } from "./poll.js";

const looking = document.querySelector("[data-looking]");
if (looking) {
  follow(looking, JSON.parse(document.getElementById("words").textContent), { url: looking.dataset.state, next: looking.dataset.page });
}

const checking = document.querySelector("[data-checking]");
if (checking) {
  const began = Date.now() - Number(checking.dataset.waited || 0) * 1000;
  const tell = () => {
    for (const line of checking.querySelectorAll("[data-after]")) {
      line.hidden = Date.now() - began < Number(line.dataset.after) * 1000;
    }
  };
  const offline = checking.querySelector("[data-offline]");
  watch(
    checking.dataset.progress,
    ({ step, next }) => {
      tell();
      if (step !== "checking") {
        location.replace(next);
      }
      return step !== "checking";
    },
    (isLost) => {
      tell();
      offline.hidden = !isLost;
    },
  );
}
