// A mark sheet saves itself as it is filled in. Without this, each part has a button that saves it.
import { DayClock } from "./day_clock.js";
import { NoteBox } from "./note_box.js";
import { PersonalData } from "./personal_data.js";
import { Prompts } from "./prompts.js";
import { Questions } from "./questions.js";
import { SaveQueue, token } from "./save_queue.js";
import { SheetList } from "./sheet_list.js";

const sheet = document.querySelector(".sheet[data-keeps-as]");
const sectionAt = (place) => sheet.querySelector(`[data-place="${place}"]`);
const now = () => new Date().toLocaleTimeString("en-GB", { timeZone: "Europe/London" });
const boxes = new Map();

function say(place, name, words) {
  const piece = document.getElementById(`state-${name}`).content.cloneNode(true);
  piece.querySelector("span").textContent = words;
  place.replaceChildren(...piece.firstElementChild.childNodes);
  place.className = `${piece.firstElementChild.className} ${place.dataset.also || ""}`;
}

const page = {
  say,
  typed: (box) => watch.typed(box),
  put: (slot, url, wanted, base) => queue.put(slot, url, wanted, base),
  state(name, time) {
    const place = sheet.ownerDocument.querySelector(".save-state .saved");
    const words = {
      saving: "Saving", saved: `Saved ${time}`, kept: `Kept on this device ${now()}`,
      refused: "Something is not saved", stopped: "Not saved: reload this page",
    };
    say(place, name === "saved" || name === "saving" ? name : "kept", words[name]);
    document.querySelector(".connection.offline").hidden = name !== "kept";
    document.querySelector(".connection.stopped").hidden = name !== "stopped";
  },
  saved(slot, wanted, answer) {
    const [kind, place, key] = slot.split(":");
    if (kind === "clock") {
      if (!clockWaits(slot)) clock.take(answer.clock);
      return {};
    }
    if (answer.prompt) prompts.show(wanted.number, answer.prompt, kind === "prompt");
    if (kind === "prompt") return {};
    const section = sectionAt(place);
    for (const old of section.querySelectorAll(".problem-here")) old.replaceChildren();
    if (kind === "question") {
      questions.arrived(key, wanted, answer);
      redraw(".answers-here", answer.answers);
      const { answer: box } = questions.forms.get(key).elements;
      if (box.value.trim() === wanted.answer) watch.show(box, answer.remarks);
      return { seen: answer.seen };
    }
    if (kind === "judge") {
      section.dataset.sequence = answer.sequence;
      section.querySelector(".chosen-here").innerHTML = answer.parts.chosen;
      return { seen: answer.sequence };
    }
    putNote(answer);
    putRow(answer);
    boxes.get(place).arrived(key, wanted, answer);
    const { text: box } = boxes.get(place).elements;
    if (box.value === wanted.text) watch.show(box, answer.remarks);
    for (const box of boxes.values()) box.markRow();
    return { replaces: answer.note };
  },
  refused(slot, words, answer) {
    const [kind, place, key] = slot.split(":");
    if (kind === "prompt") {
      queue.drop(slot);
      return problem(prompts.refused(key), "Not done", [words], []);
    }
    if (kind !== "clock") return problem(problemPlace(kind, place, key), "Not saved", [words], []);
    queue.drop(slot);
    if (answer.standing) clock.take(answer.standing.clock);
    return clock.problem(words);
  },
  conflict(slot, entry, answer) {
    const [kind, place, key] = slot.split(":");
    const theirs = entry.conflict;
    const base = { judge: { seen: theirs.sequence }, question: { seen: theirs.seen }, note: { replaces: theirs.note } }[kind];
    const text = theirs.text || (theirs.question && `${theirs.question} ${theirs.answer}`);
    const told = kind === "judge" ? [answer.error] : [answer.error, text && `It says: “${text}”`];
    problem(problemPlace(kind, place, key), "Changed in another window", told.filter(Boolean), [
      ["Keep mine", () => queue.insist(slot, base)],
      ["Use the other", () => { queue.drop(slot); leave(); }],
    ]);
  },
};

// The lists that a save has changed, wherever they stand.
function redraw(where, lists) {
  for (const [code, html] of Object.entries(lists)) {
    const place = sectionAt(code)?.querySelector(where);
    if (place) place.innerHTML = html;
  }
}

// A note in the lists of its KSBs: on top, with the version before gone. A list without notes is none.
function putNote({ note, parts }) {
  for (const [code, html] of Object.entries(parts.notes)) {
    const place = sectionAt(code)?.querySelector(".notes-here");
    if (!place) continue;
    const list = place.querySelector(".notes");
    for (const id of [parts.replaced, note]) list?.querySelector(`[data-note="${id}"]`)?.remove();
    const holder = document.createElement("div");
    holder.innerHTML = html;
    const row = holder.querySelector("li");
    if (row && list) list.prepend(row);
    else if (row) place.replaceChildren(...holder.childNodes);
    else if (!list?.childElementCount) place.replaceChildren();
  }
}

// A note's row in the stream: a new one on top, a new version in the place of the one before.
function putRow({ note, parts }) {
  const list = sectionAt("notes").querySelector(".notes");
  const holder = document.createElement("ul");
  holder.innerHTML = parts.row;
  const row = holder.firstElementChild;
  const before = list.querySelector(`[data-note="${parts.replaced}"]`) || list.querySelector(`[data-note="${note}"]`);
  if (before && row) before.replaceWith(row);
  else if (before) before.remove();
  else if (row) list.prepend(row);
}

function problemPlace(kind, place, key) {
  const holder = kind === "question" ? questions.forms.get(key) : sectionAt(place);
  return holder.querySelector(".problem-here");
}

function problem(place, bold, lines, choices) {
  const box = document.createElement("div");
  box.className = "message bad";
  const add = (tag, words, kind) => Object.assign(document.createElement(tag), { textContent: words, className: kind });
  box.append(add("p", bold, "bold-word"), ...lines.map((line) => add("p", line, "")));
  const buttons = add("div", "", "actions");
  for (const [words, act] of choices) {
    const button = add("button", words, "button");
    button.type = "button";
    button.addEventListener("click", () => { place.replaceChildren(); act(); });
    buttons.append(button);
  }
  if (choices.length) box.append(buttons);
  place.replaceChildren(box);
}

function leave() {
  window.removeEventListener("beforeunload", ask);
  location.reload();
}

function saveAll() {
  for (const box of boxes.values()) box.save();
  questions.saveAll();
}

function ask(event) {
  saveAll();
  if (!queue.isEmpty) event.preventDefault();
}

function saveJudgement(section) {
  const chosen = section.querySelector(".judgement input:checked");
  const base = { seen: Number(section.dataset.sequence) };
  const slot = ["judge", section.dataset.place, ""].join(":");
  queue.put(slot, section.dataset.judge, { grade: chosen ? chosen.value : null }, base);
  list.judged(section);
}

function judging(section) {
  section.addEventListener("change", (event) => { if (event.target.name === "grade") saveJudgement(section); });
  section.querySelector("form").addEventListener("submit", (event) => {
    if (event.submitter?.name !== "undo") return;
    for (const one of section.querySelectorAll(".judgement input")) one.checked = one.value === event.submitter.value;
    saveJudgement(section);
  });
}

const clockWaits = (but) => [...queue.entries.keys()].some((slot) => slot.startsWith("clock:") && slot !== but);

function sendClock(entry) {
  const named = { ...entry, token: token() };
  queue.put(["clock", "", named.token].join(":"), clock.url, named, {});
}

// What was entered before the page was closed, and had not arrived.
function putBack() {
  for (const [slot, entry] of queue.entries) {
    const [kind, place, key] = slot.split(":");
    const section = sectionAt(place);
    entry.conflict = entry.refused = null;
    if (kind === "clock") clock.enter(entry.wanted);
    else if (kind === "question") questions.putBack(key, entry);
    else if (kind === "prompt") prompts.putBack(key);
    else if (section && kind === "judge") {
      for (const one of section.querySelectorAll(".judgement input")) one.checked = one.value === entry.wanted.grade;
      list.judged(section);
    } else if (section) boxes.get(place).putBack(key, entry);
  }
  queue.send();
}

const csrf = sheet.querySelector("input[name=csrf_token]").value;
const queue = new SaveQueue(`plumbline.sheet.${sheet.dataset.keepsAs}`, csrf, page);
const watch = new PersonalData(sheet, csrf);
const clock = new DayClock(document.querySelector(".timer-bar"), sendClock);
clock.hasPending = () => clockWaits("");
const list = new SheetList(sheet, saveAll);
for (const section of sheet.querySelectorAll(".place[data-note]")) boxes.set(section.dataset.place, new NoteBox(section, page));
const questions = new Questions(sectionAt("questions"), page);
const prompts = new Prompts(sectionAt("questions"), questions, page);
list.ksbs.forEach(judging);
putBack();
window.addEventListener("beforeunload", ask);
