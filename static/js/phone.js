// On a phone that carries a session for a computer: lets the server hear of it, and goes where it is told when the session is taken away.

import { ask, rest } from "./poll.js";

const LOOK_EVERY = 4000; // ms
const LOST = new Set(["taken_back", "transfer_over"]);

const address = document.querySelector("[data-phone]")?.dataset.phone;
const noConnection = document.querySelector("[data-no-connection]");

while (address) {
  try {
    const { step, next } = await ask(address);
    noConnection.hidden = true;
    if (LOST.has(step)) {
      location.replace(next);
    }
  } catch (error) {
    if (error.message === "404") {
      location.reload(); // the link has died meanwhile, and its page says so
    }
    noConnection.hidden = false;
  }
  await rest(LOOK_EVERY);
}
