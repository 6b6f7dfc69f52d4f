// A mark sheet saves itself as it is filled in. Without this, each code has a button that saves it.
import { SaveQueue, token } from "./save_queue.js";
import { SheetList } from "./sheet_list.js";

const PAUSE = 1200;
const sheet = document.querySelector(".sheet[data-keeps-as]");
const sectionOf = (code) => document.getElementById(`ksb-${code}`);
const slotOf = (kind, section) => [kind, section.dataset.ksb, kind === "note" ? section.dataset.draft : ""].join(":");
const now = () => new Date().toLocaleTimeString("en-GB", { timeZone: "Europe/London" });
const legend = (section, words) => { section.querySelector(".sources legend").textContent = words; };

function say(place, name, words) {
  const piece = document.getElementById(`state-${name}`).content.cloneNode(true);
  piece.querySelector("span").textContent = words;
  place.replaceChildren(...piece.firstElementChild.childNodes);
  place.className = `${piece.firstElementChild.className} ${place.dataset.also || ""}`;
}

const page = {
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
    const [kind, code, draft] = slot.split(":");
    const section = sectionOf(code);
    section.querySelector(".problem-here").replaceChildren();
    if (kind === "judge") {
      section.dataset.sequence = answer.sequence;
      section.querySelector(".chosen-here").innerHTML = answer.parts.chosen;
      return { seen: answer.sequence };
    }
    section.querySelector(".notes-here").innerHTML = answer.parts.notes;
    if (section.dataset.draft === draft) {
      section.elements.replaces.value = answer.note;
      const words = wanted.text ? "This note is saved" : "This note is taken back";
      say(section.querySelector(".note-state"), "saved", `${words}, ${answer.saved_at}`);
    }
    markInBox(section);
    return { replaces: answer.note };
  },
  refused(slot, words) {
    problem(sectionOf(slot.split(":")[1]), "Not saved", [words], []);
  },
  conflict(slot, entry, answer) {
    const [kind, code] = slot.split(":");
    const theirs = entry.conflict;
    const base = kind === "judge" ? { seen: theirs.sequence } : { replaces: theirs.note };
    const told = kind === "judge" ? [answer.error] : [answer.error, theirs.text && `It says: “${theirs.text}”`];
    problem(sectionOf(code), "Changed in another window", told.filter(Boolean), [
      ["Keep mine", () => queue.insist(slot, base)],
      ["Use the other", () => { queue.drop(slot); leave(); }],
    ]);
  },
};

function problem(section, bold, lines, choices) {
  const box = document.createElement("div");
  box.className = "message bad";
  const add = (tag, words, kind) => Object.assign(document.createElement(tag), { textContent: words, className: kind });
  box.append(add("p", bold, "bold-word"), ...lines.map((line) => add("p", line, "")));
  const buttons = add("div", "", "actions");
  for (const [words, act] of choices) {
    const button = add("button", words, "button");
    button.type = "button";
    button.addEventListener("click", () => { section.querySelector(".problem-here").replaceChildren(); act(); });
    buttons.append(button);
  }
  if (choices.length) box.append(buttons);
  section.querySelector(".problem-here").replaceChildren(box);
}

function leave() {
  window.removeEventListener("beforeunload", ask);
  location.reload();
}

function ask(event) {
  for (const section of list.sections) saveNote(section);
  if (!queue.isEmpty) event.preventDefault();
}

function saveJudgement(section) {
  const chosen = section.querySelector(".judgement input:checked");
  const base = { seen: Number(section.dataset.sequence) };
  queue.put(slotOf("judge", section), section.dataset.judge, { grade: chosen ? chosen.value : null }, base);
  list.judged(section);
}

function undo(section, grade) {
  for (const one of section.querySelectorAll(".judgement input")) one.checked = one.value === grade;
  saveJudgement(section);
}

function wantedNote(section) {
  const { text, source, service_user: user } = section.elements;
  return { text: text.value.trim(), source: source.value, service_user: Number(user?.value) || null };
}

function saveNote(section) {
  clearTimeout(section.pause);
  const wanted = wantedNote(section);
  const replaces = section.elements.replaces.value || null;
  const kept = JSON.stringify(wanted);
  if (kept === section.kept || (!wanted.text && !replaces && !section.kept)) return;
  section.kept = kept;
  queue.put(slotOf("note", section), section.dataset.note, wanted, { replaces });
}

function typing(section) {
  clearTimeout(section.pause);
  say(section.querySelector(".note-state"), "saving", "Not saved yet");
  section.pause = setTimeout(() => saveNote(section), PAUSE);
}

// A fresh box, or one with a saved note in it to change.
function fillBox(section, note = { text: "", replaces: "" }) {
  saveNote(section);
  section.dataset.draft = token();
  section.elements.text.value = note.text;
  section.elements.replaces.value = note.replaces;
  if (note.replaces) {
    section.elements.source.value = note.source;
    if (section.elements.service_user) section.elements.service_user.value = note.serviceUser;
  }
  section.kept = note.replaces ? JSON.stringify(wantedNote(section)) : "";
  section.querySelector(".note-state").replaceChildren();
  legend(section, note.replaces ? "Changed note" : "New note");
  markInBox(section);
  section.elements.text.focus();
}

function markInBox(section) {
  const inBox = section.elements.replaces.value;
  for (const row of section.querySelectorAll("[data-source]")) {
    row.classList.toggle("is-in-box", row.dataset.note === inBox);
  }
}

function change(section, row) {
  const text = row.querySelector(".text").textContent;
  fillBox(section, { text, replaces: row.dataset.note, source: row.dataset.source, serviceUser: row.dataset.serviceUser });
}

function work(section) {
  const form = section.querySelector("form");
  section.elements = form.elements;
  section.dataset.draft = token();
  section.kept = form.elements.replaces.value ? JSON.stringify(wantedNote(section)) : "";
  markInBox(section);
  section.addEventListener("change", (event) => {
    if (event.target.name === "grade") saveJudgement(section);
    else saveNote(section);
  });
  form.elements.text.addEventListener("input", () => typing(section));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.name === "undo") undo(section, event.submitter.value);
    else saveNote(section);
  });
  const next = section.querySelector(".next-note");
  next.hidden = false;
  next.addEventListener("click", () => fillBox(section));
  section.querySelector(".notes-here").addEventListener("click", (event) => {
    const row = event.target.closest("a") && event.target.closest("[data-source]");
    if (!row) return;
    event.preventDefault();
    change(section, row);
  });
}

// What was entered before the page was closed, and had not arrived.
function putBack() {
  for (const [slot, entry] of queue.entries) {
    const [kind, code, draft] = slot.split(":");
    const section = sectionOf(code);
    if (!section) continue;
    if (kind === "judge") {
      for (const one of section.querySelectorAll(".judgement input")) one.checked = one.value === entry.wanted.grade;
      list.judged(section);
    } else {
      section.dataset.draft = draft;
      section.elements.text.value = entry.wanted.text;
      section.elements.source.value = entry.wanted.source;
      if (section.elements.service_user) section.elements.service_user.value = entry.wanted.service_user ?? "";
      section.elements.replaces.value = entry.base.replaces ?? "";
      section.kept = JSON.stringify(wantedNote(section));
      markInBox(section);
    }
    entry.conflict = entry.refused = null;
  }
  queue.send();
}

const csrf = sheet.querySelector("input[name=csrf_token]").value;
const list = new SheetList(sheet, (section) => saveNote(section));
const queue = new SaveQueue(`plumbline.sheet.${sheet.dataset.keepsAs}`, csrf, page);
list.sections.forEach(work);
putBack();
window.addEventListener("beforeunload", ask);
