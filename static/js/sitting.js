// A test being sat: what was changed goes to the journal, then to the server, and nothing is said to be saved before it said so.
import { Ahead } from "./sitting_ahead.js";
import { Journal } from "./sitting_journal.js";
import { Line, pageKey } from "./sitting_line.js";
import { QuestionMap } from "./sitting_map.js";
import { PracticeLine } from "./sitting_practice.js";
import { QuestionView } from "./sitting_question.js";
import { download, seal } from "./sitting_seal.js";
import { Timer } from "./sitting_timer.js";
import { Watch, event as eventOf } from "./sitting_watch.js";

const LAST_TRY = 20000;
const BEFORE_START = ["issued", "id_checked", "unlocked"];
const root = document.querySelector(".sitting");
const bar = document.querySelector(".test-bar");
const find = (where) => root.querySelector(where);
const heard = document.querySelector(".heard");

function banner(name, isShown) { document.querySelector(`[data-banner="${name}"]`).hidden = !isShown; }

function say(place, state, words) {
  const piece = document.getElementById(`state-${state}`).content.cloneNode(true);
  piece.querySelector("span").textContent = words;
  const shown = `${state}:${words}`;
  if (place.dataset.shown === shown) return;
  place.dataset.shown = shown;
  place.replaceChildren(...piece.firstElementChild.childNodes);
  place.classList.toggle("saved-yes", state === "saved");
  place.classList.toggle("kept", state === "kept");
}

class Sitting {
  constructor(journal) {
    this.journal = journal;
    this.values = new Map();
    this.times = new Map();
    this.kept = new Map();
    this.questions = [];
    this.isWaiting = true;
    this.isReadOnly = false;
    this.isOffline = false;
    this.line = root.dataset.practice
      ? new PracticeLine(root, journal, this)
      : new Line(root.dataset.address, find("input[name=csrf_token]").value, journal, this);
    this.ahead = new Ahead(root.dataset.practice ? "" : root.dataset.address, root.dataset.keepsAs);
    this.timer = new Timer(bar, this.line, this);
    this.watch = new Watch(this.line, journal);
    this.view = new QuestionView(find(".work"), Number(root.dataset.letters), (number, value) => this.change(number, value));
    this.view.typed = () => this.drawStates();
    this.#buttons();
  }

  #buttons() {
    find(".start").addEventListener("click", () => this.open());
    find(".previous").addEventListener("click", () => this.go(this.current - 1));
    find(".next").addEventListener("click", () => this.go(this.current + 1));
    find(".flag input").addEventListener("change", async (event) => {
      await this.journal.flag(this.current, event.target.checked);
      this.draw();
    });
    find(".check").addEventListener("click", () => this.check());
    find(".back-to-work").addEventListener("click", () => this.go(this.current));
    find(".hand-in").addEventListener("click", () => this.handIn());
    find(".take-away").addEventListener("click", () => this.takeAway());
    const hand = bar.querySelector(".raise-hand");
    hand.addEventListener("click", () => this.raiseHand(!this.line.handIsUp));
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.view.settle(); });
    window.addEventListener("pagehide", () => this.view.settle());
    window.addEventListener("beforeunload", (event) => {
      this.view.settle();
      if (this.journal.size && !this.isLeaving) event.preventDefault();
    });
  }

  raiseHand(isUp) {
    const hand = bar.querySelector(".raise-hand");
    this.line.handIsUp = isUp;
    hand.textContent = isUp ? "Hand is up" : "Raise hand";
    hand.setAttribute("aria-pressed", String(isUp));
    this.line.sign();
  }

  handSeen() {
    this.raiseHand(false);
    this.say("Your invigilator has seen your hand.");
  }

  // The paper: asked for at the start, and again by a page that was closed and comes back.
  async open() {
    const answer = await this.line.post("paper", this.ahead.held);
    if (answer.status !== 200) {
      if (answer.status === 409) this.stopped(answer.body.code, answer.body.error);
      if (answer.body?.code === "other-device") this.watch.tell("second");
      return;
    }
    if (answer.body.receipt_url) { this.over(answer.body.receipt_url); return; }
    const questions = answer.body.questions || await this.ahead.opened(answer.body.key);
    if (!this.isWaiting) return;
    if (!questions) { await this.open(); return; }
    this.#lay(questions, answer.body);
    this.watch.begin();
    this.told(answer.body);
    this.go(1);
    this.line.send();
  }

  #lay(questions, { answers, sequence }) {
    this.questions = questions;
    this.journal.countFrom(sequence);
    for (const { number, value, saved_at: at } of answers) {
      this.values.set(number, value);
      this.times.set(number, at);
    }
    for (const { number, value } of this.journal.edits.values()) this.values.set(number, value);
    this.map = new QuestionMap(find(".map"), questions, (number) => this.go(number));
    this.isWaiting = false;
    find(".waiting").hidden = true;
    find(".paper").hidden = false;
    bar.querySelector(".raise-hand").hidden = false;
  }

  // What every answer of the server says of where the sitting stands.
  told(answer) {
    const { state, is_rest: isRest, receipt_url: receipt } = answer;
    if (this.isWaiting) {
      if (BEFORE_START.includes(state)) this.ahead.fetch();
      const mayStart = state === "unlocked";
      find(".start").disabled = !mayStart;
      const words = mayStart ? "You may start now." : "Your invigilator checks who you are and lets you start.";
      if (find(".may-start").textContent !== words) find(".may-start").textContent = words;
      if (state === "in_progress" || state === "paused") this.open();
      if (receipt && state !== "voided") this.over(receipt);
      return;
    }
    if (state === "voided") { this.stopped("void"); return; }
    if (receipt && !this.isEnding) { this.closed(); return; }
    banner("paused", state === "paused" && !isRest);
    banner("resting", state === "paused" && isRest);
    this.freeze(state === "paused" || this.timer.isUp);
    this.timer.take(answer);
    this.watch.send();
  }

  freeze(isReadOnly) {
    if (this.isReadOnly === isReadOnly) return;
    this.isReadOnly = isReadOnly;
    if (isReadOnly) this.view.settle();
    this.view.readOnly(isReadOnly);
  }

  async change(number, value) {
    this.values.set(number, value);
    this.kept.set(number, new Date(this.line.now).toLocaleTimeString("en-GB", { timeZone: "Europe/London" }));
    const keeping = this.journal.add(number, value, this.line.stamp);
    this.draw();
    await keeping;
    this.line.send();
  }

  saved(edit, { saved_at: at }) {
    this.times.set(edit.number, at);
    this.draw();
  }

  refused(edit, _code, words) {
    if (edit.number === this.current) this.view.problem(`Not saved. ${words}`);
    else this.say(`The answer to question ${edit.number} is not saved. ${words}`);
    this.draw();
  }

  offline(isOffline) {
    if (this.isOffline !== isOffline) {
      this.isOffline = isOffline;
      banner("offline", isOffline && !this.timer.isUp);
      if (!isOffline) this.line.send();
    }
    if (this.map) this.drawStates();
  }

  stopped(code, words = "") {
    if (code === "handed-in" || code === "too-late") { this.closed(); return; }
    if (code === "not-unlocked" || code === "too-late-to-start") { find(".may-start").textContent = words; return; }
    const name = { "other-device": "other-device", void: "void", "safe-browser": "safe-browser" }[code] || "signed-out";
    banner(name, true);
    this.freeze(true);
    find(".start").disabled = true;
  }

  say(words) { heard.textContent = words; }

  go(number) {
    if (number < 1 || number > this.questions.length) return;
    const isStep = this.current !== number || find(".paper").hidden;
    find(".checking").hidden = true;
    find(".paper").hidden = false;
    const question = this.questions[number - 1];
    this.view.settle();
    this.current = number;
    this.view.show(question, this.questions.length, this.values.get(number), this.isReadOnly);
    find(".previous").disabled = number === 1;
    find(".next").disabled = number === this.questions.length;
    find(".flag input").checked = this.journal.facts.flags.includes(number);
    this.draw();
    if (isStep) {
      find("#question-title").focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
  }

  draw() {
    this.map.draw(this.current, (number) => ({
      answered: Boolean(this.values.get(number)),
      flagged: this.journal.facts.flags.includes(number),
      unsaved: this.journal.unsaved(number),
    }));
    this.drawStates();
  }

  drawStates() {
    const place = find(".question-state");
    const unsaved = this.journal.unsaved(this.current);
    const at = this.times.get(this.current);
    place.hidden = !(unsaved || at || this.view.isTyping);
    if (this.view.isTyping) say(place, "saving", "Not saved yet");
    else if (unsaved) say(place, this.isOffline ? "kept" : "saving", this.isOffline ? `Kept on this device ${this.kept.get(this.current) || ""}` : "Saving");
    else if (at) say(place, "saved", `Saved ${at}`);
    const count = this.journal.size;
    const sum = find(".sum-state");
    if (!count) say(sum, "saved", "Every answer is saved");
    else say(sum, this.isOffline ? "kept" : "saving", `${count} not sent yet`);
    const text = document.querySelector("[data-banner=offline] p");
    this.offlineWords ??= text.innerHTML;
    if (!count) text.innerHTML = this.offlineWords;
    else text.lastChild.textContent = ` ${count} ${count === 1 ? "answer is" : "answers are"} kept on this device and will be sent when the connection returns. Your invigilator can see this.`;
  }

  check() {
    this.view.settle();
    const open = this.questions.filter(({ number }) => !this.values.get(number));
    find(".paper").hidden = true;
    find(".checking").hidden = false;
    find(".checking .sum").textContent = open.length
      ? `${this.questions.length - open.length} of ${this.questions.length} questions are answered. These have no answer yet:`
      : `All ${this.questions.length} questions are answered.`;
    const links = open.map(({ number }) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "as-link", textContent: `Question ${number}` });
      button.addEventListener("click", () => this.go(number));
      return button;
    });
    find(".open-questions").replaceChildren(...links);
    find("#checking-title").focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  // Only with everything safely in: a paper that is handed in takes nothing more.
  async handIn() {
    const problem = find(".checking .problem-here");
    problem.replaceChildren();
    if (!await this.line.drained(LAST_TRY)) {
      this.#told(problem, "Some answers are not sent yet. They are kept on this device: hand in when the connection returns.");
      return;
    }
    this.isEnding = true;
    const answer = await this.line.post("hand-in", {});
    if (answer.status === 200) { this.leave(answer.body.receipt_url); return; }
    this.isEnding = false;
    if (answer.body?.code) this.stopped(answer.body.code);
    else this.#told(problem, "Your test is not handed in yet: there is no connection. Your answers are safe.");
  }

  #told(place, words) {
    place.replaceChildren(Object.assign(document.createElement("p"), { className: "message care", textContent: words }));
  }

  async timeIsUp() {
    this.freeze(true);
    this.say("The time is up");
    banner("offline", false);
    banner("time-up", true);
    await this.line.drained(LAST_TRY);
    await this.closed();
  }

  // A window that comes back after the end may still have what never arrived.
  over(receipt) {
    if (this.journal.size || this.journal.events.size) this.closed();
    else this.leave(receipt);
  }

  // The paper is closed, or its time is up: what is left here goes the way of late answers.
  async closed() {
    if (this.isClosing) return;
    this.isClosing = this.isEnding = true;
    if (!this.isWaiting) this.freeze(true);
    this.line.isClosed = true;
    banner("time-up", true);
    for (;;) {
      const answer = await this.line.post("hand-in", {});
      if (answer.status === 200 && (!this.journal.size || await this.#sendLate())) {
        await this.watch.send();
        this.leave(answer.body.receipt_url);
        return;
      }
      if (answer.status === 409 && answer.body.code !== "handed-in") { banner("time-up", false); this.stopped(answer.body.code); return; }
      find(".late-file").hidden = !(this.journal.size && crypto.subtle && root.dataset.sealsWith);
      await new Promise((resolve) => { setTimeout(resolve, 5000); });
    }
  }

  get #left() {
    return [...this.journal.edits.values()].map(({ number, sequence, value, made_at }) => ({ number, sequence, value, made_at }));
  }

  // Without a secure context a browser seals nothing: then it goes over the line as it is.
  async #sealed() {
    if (!crypto.subtle || !root.dataset.sealsWith) return null;
    const what = { device: this.journal.facts.device, edits: this.#left };
    return seal(root.dataset.sealsWith, root.dataset.keepsAs, what).catch(() => null);
  }

  // A file for the invigilator, in case the connection does not return: it can be handed in later.
  async takeAway() {
    const batch = await this.#sealed();
    if (batch) download(`late-answers-${root.dataset.keepsAs.slice(0, 8)}.json`, batch);
  }

  async #sendLate() {
    const batch = await this.#sealed();
    const { status } = batch ? await this.line.post("late-sealed", { batch }) : await this.line.post("late", { edits: this.#left });
    if (status === 0 || status === 429 || status >= 500) return false;
    for (const edit of [...this.journal.edits.values()]) await this.journal.remove(edit);
    return true;
  }

  leave(address) {
    this.isLeaving = true;
    location.assign(address);
  }
}

async function begin(journal) {
  const sitting = new Sitting(journal);
  sitting.line.pageKey = await pageKey();
  if (sitting.line.pageKey) banner("safe-browser", false);
  // What runs already is gone on with: here, or on this device if it was let take over.
  if (["in_progress", "paused"].includes(root.dataset.state)) await sitting.open();
  else await sitting.line.sign();
  sitting.line.keepSigning();
}

function tellOfSecondWindow(journal) {
  if (root.dataset.practice) return;
  fetch(`${root.dataset.address}/events`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": find("input[name=csrf_token]").value },
    body: JSON.stringify({ device: journal.facts.device, events: [eventOf("second", new Date().toISOString())] }),
  }).catch(() => {});
}

async function beginHere() {
  const journal = await Journal.open(root.dataset.keepsAs);
  if (!navigator.locks) { await begin(journal); return; }
  // Two windows of one browser would count their changes twice.
  navigator.locks.request(`plumbline.sitting.${root.dataset.keepsAs}`, { ifAvailable: true }, async (lock) => {
    if (!lock) { banner("other-window", true); tellOfSecondWindow(journal); return undefined; }
    begin(journal);
    return new Promise(() => {});
  });
}

beginHere();
