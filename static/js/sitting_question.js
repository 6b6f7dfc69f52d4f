// One question at a time: its text, its options or its box, and how it is saved.
const TYPING_PAUSE = 1200;

export class QuestionView {
  // `changed(number, value)` is called with each change: a choice at once, a text when typing rests.
  constructor(place, letters, changed) {
    this.place = place;
    this.letters = letters;
    this.changed = changed;
    place.querySelector(".clear").addEventListener("click", () => this.#clear());
  }

  show(question, of, value, isReadOnly) {
    this.settle();
    this.question = question;
    this.kept = value ?? "";
    const marks = question.marks === 1 ? "1 mark" : `${question.marks} marks`;
    this.place.querySelector(".kind").textContent = `${question.title}, ${marks}`;
    this.place.querySelector(".which").textContent = `Question ${question.number}`;
    this.place.querySelector(".of").textContent = `of ${of}`;
    // Written by the server, which let only harmless markup through; the policy runs no script in it.
    this.place.querySelector(".stem").innerHTML = question.stem;
    this.problem("");
    const here = this.place.querySelector(".answer-here");
    here.replaceChildren(...(question.options.length ? this.#options() : [this.#box()]));
    this.readOnly(isReadOnly);
  }

  readOnly(is) {
    this.place.querySelector("fieldset").disabled = is;
    this.place.querySelector(".clear").disabled = is;
  }

  problem(words) {
    const place = this.place.querySelector(".problem-here");
    place.replaceChildren();
    if (!words) return;
    const box = document.createElement("p");
    box.className = "message bad";
    box.textContent = words;
    place.append(box);
  }

  // What was typed and is not kept yet is kept now.
  settle() {
    clearTimeout(this.pause);
    const box = this.place.querySelector("textarea");
    if (box && this.question && box.value !== this.kept) this.#change(box.value);
  }

  get isTyping() {
    const box = this.place.querySelector("textarea");
    return Boolean(box) && box.value !== this.kept;
  }

  #change(value) {
    this.kept = value;
    this.changed(this.question.number, value || null);
  }

  #options() {
    return this.question.options.map(({ id, text }) => {
      const label = document.createElement("label");
      label.className = "option";
      const radio = Object.assign(document.createElement("input"), { type: "radio", name: "answer", value: id });
      radio.checked = id === this.kept;
      radio.addEventListener("change", () => this.#change(id));
      const words = document.createElement("span");
      words.innerHTML = text;
      label.append(radio, words);
      return label;
    });
  }

  #box() {
    const box = Object.assign(document.createElement("textarea"), {
      className: "box", rows: 6, value: this.kept, maxLength: this.letters, spellcheck: false,
    });
    box.setAttribute("aria-label", "Your answer");
    box.setAttribute("aria-describedby", "question-stem");
    box.addEventListener("input", () => {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.settle(), TYPING_PAUSE);
      this.typed?.();
    });
    box.addEventListener("blur", () => this.settle());
    return box;
  }

  #clear() {
    clearTimeout(this.pause);
    for (const one of this.place.querySelectorAll(".answer-here input")) one.checked = false;
    const box = this.place.querySelector("textarea");
    if (box) box.value = "";
    if (this.kept) this.#change("");
  }
}
