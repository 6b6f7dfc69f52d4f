// The marker's keyboard, and the next answer at hand before it is asked for. Without this script the
// same forms work, a page at a time.
const parser = new DOMParser();
let ahead = null;
let sending = Promise.resolve();

const region = () => document.querySelector("[data-marking]");
const notSent = () => document.querySelector("[data-not-sent]");

async function read(response) {
  return parser.parseFromString(await response.text(), "text/html");
}

function lookAhead() {
  const url = region()?.dataset.next;
  if (!url) {
    ahead = null;
    return;
  }
  const mine = { url, page: null };
  ahead = mine;
  fetch(url)
    .then(async (response) => {
      if (response.ok && !response.redirected) mine.page = await read(response);
    })
    .catch(() => {});
}

function show(part, url, title) {
  region().replaceWith(part);
  history.replaceState(null, "", url);
  if (title) document.title = title;
  notSent().hidden = true;
  const summary = part.querySelector(".error-summary");
  (summary ?? part.querySelector("#answer-title")).focus();
  window.scrollTo(0, 0);
  lookAhead();
}

function take(page, url) {
  const part = page.querySelector("[data-marking]");
  // Anything else is a page of its own: the list of questions, signing in, a refusal.
  if (part) show(document.adoptNode(part), url, page.title);
  else location.assign(url);
}

function saveState(page) {
  const state = page.querySelector(".marking-state");
  if (state) region().querySelector(".marking-state").replaceWith(document.adoptNode(state));
}

function isAhead(form) {
  const also = form.querySelector("[name=also]");
  return Boolean(ahead?.page) && !("looksAgain" in region().dataset) && !also?.checked;
}

async function send(form) {
  const before = region();
  const body = new URLSearchParams(new FormData(form));
  const reached = fetch(form.action, { method: "POST", body });
  let shown = null;
  if (isAhead(form)) {
    shown = ahead.url;
    take(ahead.page, ahead.url);
    const saving = document.querySelector("#state-saving").content.cloneNode(true);
    region().querySelector(".marking-state").append(saving);
  }
  try {
    const response = await reached;
    const page = await read(response);
    const there = new URL(response.url);
    if (!response.ok || !shown || there.pathname !== shown) take(page, response.url);
    else saveState(page);
  } catch {
    if (region() !== before) region().replaceWith(before);
    history.replaceState(null, "", form.action);
    notSent().hidden = false;
    lookAhead();
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-mark], form[data-undo]")) return;
  event.preventDefault();
  if (form.dataset.sent) return;
  form.dataset.sent = "yes";
  // One after the other: a mark counts before the next is given.
  sending = sending.then(() => send(form)).finally(() => delete form.dataset.sent);
});

function tick(box) {
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("change", (event) => {
  const point = event.target.dataset?.point;
  if (point === undefined || !event.target.checked) return;
  for (const other of region().querySelectorAll("[data-point]")) {
    if ((other.dataset.point === "0") !== (point === "0")) other.checked = false;
  }
});

const WRITING = "textarea, input:not([type=checkbox], [type=radio]), select, summary, a, button";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(WRITING)) return;
  const place = region();
  if (!place) return;
  if (event.key === "Enter") {
    event.preventDefault();
    place.querySelector("form[data-mark]").requestSubmit();
    return;
  }
  if (event.key === "u") {
    place.querySelector("form[data-undo]")?.requestSubmit();
    return;
  }
  const box = place.querySelector(`[data-point="${CSS.escape(event.key)}"], [data-key="${CSS.escape(event.key)}"]`);
  if (box) {
    event.preventDefault();
    tick(box);
  }
});

lookAhead();
document.querySelector("#answer-title")?.focus();
