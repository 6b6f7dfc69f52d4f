// A box for a note, of one code or of the stream of notes: saved as it is typed, one version after another.
import { token } from "./save_queue.js";

const PAUSE = 1200;

export class NoteBox {
  // `page` has: put(slot, url, wanted, base), say(place, state, words), typed(box).
  constructor(section, page) {
    this.section = section;
    this.page = page;
    this.form = section.querySelector(".note-form");
    this.elements = this.form.elements;
    this.draft = token();
    this.kept = this.elements.replaces.value ? JSON.stringify(this.wanted()) : "";
    this.markRow();
    this.form.addEventListener("change", (event) => {
      if (event.target.name === "grade") return;
      this.#tied();
      this.save();
    });
    this.elements.text.addEventListener("input", () => this.#typing());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!event.submitter?.value || event.submitter.name !== "undo") this.save();
    });
    const next = this.form.querySelector(".next-note");
    next.hidden = false;
    next.addEventListener("click", () => this.fill());
    section.querySelector(".notes-here").addEventListener("click", (event) => {
      const row = event.target.closest("a") && event.target.closest("[data-source]");
      if (!row) return;
      event.preventDefault();
      this.change(row);
    });
  }

  get slot() { return ["note", this.section.dataset.place, this.draft].join(":"); }

  get ties() { return this.form.querySelector(".ties"); }

  #tied() {
    if (this.ties) this.ties.querySelector(".tied").textContent = this.wanted().ksbs.join(", ") || "none yet";
  }

  wanted() {
    const { text, source, service_user: user, piece } = this.elements;
    const wanted = { text: text.value.trim(), source: source.value, service_user: Number(user?.value) || null };
    if (piece) wanted.piece = Number(piece.value) || null;
    if (this.ties) wanted.ksbs = [...this.ties.querySelectorAll("input:checked")].map((one) => one.value);
    return wanted;
  }

  save() {
    clearTimeout(this.pause);
    const wanted = this.wanted();
    const replaces = this.elements.replaces.value || null;
    const kept = JSON.stringify(wanted);
    if (kept === this.kept || (!wanted.text && !replaces && !this.kept)) return;
    this.kept = kept;
    this.page.put(this.slot, this.section.dataset.note, wanted, { replaces });
  }

  #typing() {
    clearTimeout(this.pause);
    this.page.say(this.form.querySelector(".note-state"), "saving", "Not saved yet");
    this.pause = setTimeout(() => this.save(), PAUSE);
    this.page.typed(this.elements.text);
  }

  // A fresh box, or one with a saved note in it to change.
  fill(note = { text: "", replaces: "", ksbs: [] }) {
    this.save();
    this.draft = token();
    this.show(note);
    this.kept = note.replaces ? JSON.stringify(this.wanted()) : "";
    this.form.querySelector(".note-state").replaceChildren();
    this.form.querySelector(".warning-here").replaceChildren();
    this.form.querySelector(".sources legend").textContent = note.replaces ? "Changed note" : "New note";
    this.markRow();
    this.elements.text.focus();
  }

  show(note) {
    this.elements.text.value = note.text;
    this.elements.replaces.value = note.replaces;
    if (note.source) this.elements.source.value = note.source;
    if (this.elements.service_user) this.elements.service_user.value = note.serviceUser ?? "";
    if (this.elements.piece) this.elements.piece.value = note.piece ?? "";
    if (this.ties) {
      for (const one of this.ties.querySelectorAll("input")) one.checked = note.ksbs.includes(one.value);
      this.ties.open = Boolean(note.replaces);
      this.#tied();
    }
  }

  change(row) {
    const { note, source, serviceUser, piece, ksbs } = row.dataset;
    const text = row.querySelector(".text").textContent;
    this.fill({ text, replaces: note, source, serviceUser, piece, ksbs: ksbs.split(" ").filter(Boolean) });
  }

  // What was typed before the page was closed, and had not arrived.
  putBack(draft, { wanted, base }) {
    this.draft = draft;
    this.show({
      ...wanted, serviceUser: wanted.service_user ?? "", replaces: base.replaces ?? "", ksbs: wanted.ksbs || [],
    });
    this.kept = JSON.stringify(this.wanted());
    this.markRow();
  }

  arrived(draft, wanted, answer) {
    if (this.draft === draft) {
      this.elements.replaces.value = answer.note;
      const words = wanted.text ? "This note is saved" : "This note is taken back";
      this.page.say(this.form.querySelector(".note-state"), "saved", `${words}, ${answer.saved_at}`);
    }
    this.markRow();
  }

  markRow() {
    const inBox = this.elements.replaces.value;
    for (const row of this.section.querySelectorAll("[data-source]")) {
      row.classList.toggle("is-in-box", row.dataset.note === inBox);
    }
  }
}
