// Sends pictures, and does not give up: the same upload key makes the same capture, however often it arrives.

import { follow, pause } from "./poll.js";

const FIRST_PAUSE = 500; // ms, doubled each time
const LONGEST_PAUSE = 8000; // ms
const GIVE_UP_AFTER = 60_000; // ms for one try, and more for much: the frames of a challenge take their time on a slow line
const SLOW_LINE = 25; // bytes a ms, 200 kbit/s
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);
const GONE = 404; // the link does not work any more: its page says so, and sending again would not help
const FULL = 507; // there is no room for the picture now; asking again at once would not make any
const TRIES_ON_ERROR = 4; // a server that answers with errors is asked less often than a network that does not answer

/** The server does not take the picture; the message is its sentence for the user. */
export class Refused extends Error {}

/** 32 hexadecimal digits. crypto.randomUUID exists only on secure pages, this everywhere. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Post fields ({name: value, or a list of values}) and return the JSON answer; onTrouble is called before each new try. */
export async function post(url, fields, onTrouble = () => {}) {
  let wait = FIRST_PAUSE;
  let errors = 0;
  for (;;) {
    const response = await attempt(url, fields);
    if (response?.ok) {
      return response.json();
    }
    if (response?.status === GONE) {
      location.reload();
      return new Promise(() => {});
    }
    if (response?.status === 422 || response?.status === FULL) {
      throw await refusal(response);
    }
    if (response && (!TRANSIENT.has(response.status) || ++errors >= TRIES_ON_ERROR)) {
      throw new Error(String(response.status));
    }
    onTrouble();
    await Promise.race([pause(wait), new Promise((resolve) => addEventListener("online", resolve, { once: true }))]);
    wait = Math.min(wait * 2, LONGEST_PAUSE);
  }
}

/** Send pictures while the page shows the first of them, then follow the inspection. Rejects with Refused or Error. */
export async function deliver(root, words, blobs, fields) {
  const [figure, status] = [root.querySelector("[data-shown]"), root.querySelector("[data-status]")];
  const address = URL.createObjectURL(blobs[0]);
  figure.querySelector("[data-picture]").src = address;
  figure.classList.remove("shown-good");
  status.textContent = words.sending;
  try {
    const sent = { kind: root.dataset.kind, upload_key: newKey(), ...fields, image: blobs };
    const answer = await post(root.dataset.send, sent, () => (status.textContent = words.offline)).catch(explain(words));
    if (!answer.url) {
      return location.replace(answer.next);
    }
    status.textContent = words.checking;
    return await follow(root, words, answer);
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function refusal(response) {
  try {
    return new Refused((await response.json()).error);
  } catch {
    return new Error(String(response.status)); // a proxy's page, not ours
  }
}

/** What comes from before our server, or from it when it is unwell, has no sentence for the user; the page has. */
function explain(words) {
  return (error) => {
    const told = { 413: words.too_large, 500: words.trouble, 502: words.trouble, 503: words.trouble, 504: words.trouble, 507: words.trouble };
    throw told[error.message] ? new Refused(told[error.message]) : error;
  };
}

async function attempt(url, fields) {
  const body = new FormData();
  let size = 0;
  body.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  for (const [name, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      body.append(name, one);
      size += one.size ?? 0;
    }
  }
  const signal = AbortSignal.timeout?.(GIVE_UP_AFTER + size / SLOW_LINE);
  try {
    return await fetch(url, { method: "POST", body, headers: { Accept: "application/json" }, signal });
  } catch {
    return null;
  }
}
