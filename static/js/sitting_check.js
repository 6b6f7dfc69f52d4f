// Finds out whether this browser and its connection can hold a test, and says so line by line.
import { Journal } from "./sitting_journal.js";

const SLOW = 1500;
const SKEW = 120000;
const TRIES = 3;
const outcomes = document.querySelector("[data-outcomes]").content;

function say(name, outcome) {
  const place = document.querySelector(`[data-check=${name}] [data-shown]`);
  place.replaceChildren(...outcomes.querySelector(`[data-outcome=${outcome}]`).cloneNode(true).childNodes);
}

// Written, and read again by a second opening: some browsers forget what a private window keeps.
async function storage() {
  try {
    const name = `check.${Date.now()}`;
    const written = await Journal.open(name);
    if (!written.base) return "no";
    const edit = await written.add(1, "kept", new Date().toISOString());
    const read = await Journal.open(name);
    const isKept = read.first?.value === edit.value;
    written.base.close();
    read.base.close();
    indexedDB.deleteDatabase(`plumbline.sitting.${name}`);
    return isKept ? "yes" : "no";
  } catch {
    return "no";
  }
}

async function connection() {
  let slowest = 0;
  let skew = 0;
  try {
    for (let count = 0; count < TRIES; count += 1) {
      const begun = performance.now();
      const { ok, headers } = await fetch(location.pathname, { method: "HEAD", cache: "no-store" });
      if (!ok) return { speed: "no", clock: "care" };
      slowest = Math.max(slowest, performance.now() - begun);
      skew = Math.abs(Date.parse(headers.get("Date")) - Date.now());
    }
  } catch {
    return { speed: "no", clock: "care" };
  }
  return { speed: slowest > SLOW ? "care" : "yes", clock: skew > SKEW ? "care" : "yes" };
}

say("scripts", "yes");
say("windows", navigator.locks ? "yes" : "care");
say("size", window.innerWidth >= 320 && window.innerHeight >= 480 ? "yes" : "care");
storage().then((outcome) => say("storage", outcome));
connection().then(({ speed, clock }) => { say("connection", speed); say("clock", clock); });
