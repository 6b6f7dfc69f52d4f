// The questions of the day: each saves itself; a follow-up is added under what it follows.
const PAUSE = 1200;

export class Questions {
  // `page` has: put(slot, url, wanted, base), say(place, state, words), typed(box).
  constructor(section, page) {
    this.section = section;
    this.page = page;
    this.forms = new Map();
    for (const form of section.querySelectorAll(".question-form")) this.#work(form);
    for (const one of section.querySelectorAll(".one-question")) this.#offerFollowUp(one);
  }

  #key(form) { return `${form.dataset.number}-${form.dataset.followUp}`; }

  slot(form) { return ["question", "questions", this.#key(form)].join(":"); }

  #work(form) {
    this.forms.set(this.#key(form), form);
    form.kept = JSON.stringify(this.#wanted(form));
    form.addEventListener("input", (event) => {
      clearTimeout(form.pause);
      this.page.say(form.querySelector(".note-state"), "saving", "Not saved yet");
      form.pause = setTimeout(() => this.save(form), PAUSE);
      if (event.target.tagName === "TEXTAREA") this.page.typed(event.target);
    });
    form.addEventListener("change", () => { this.#tied(form); this.save(form); });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (form.dataset.drawn) form.kept = "";
      this.save(form);
    });
  }

  #wanted(form) {
    const { question, answer } = form.elements;
    return {
      number: Number(form.dataset.number),
      follow_up: Number(form.dataset.followUp),
      question: question.value.trim(),
      answer: answer.value.trim(),
      ksbs: [...form.querySelectorAll(".ties input:checked")].map((one) => one.value),
    };
  }

  #tied(form) {
    form.querySelector(".tied").textContent = this.#wanted(form).ksbs.join(", ") || "none yet";
  }

  save(form) {
    clearTimeout(form.pause);
    const wanted = this.#wanted(form);
    const kept = JSON.stringify(wanted);
    if (kept === form.kept) return;
    if (!wanted.question && wanted.answer) {
      this.page.say(form.querySelector(".note-state"), "kept", "Not saved yet: write what was asked");
      return;
    }
    form.kept = kept;
    this.page.put(this.slot(form), this.section.dataset.question, wanted, { seen: Number(form.dataset.seen) });
  }

  // The words of a prompt that was drawn, or none any more. They are kept only with an answer, or
  // when the form is sent: a prompt in the box is not a question that was asked.
  drawn(key, words) {
    const form = this.forms.get(key);
    const box = form.elements.question;
    if (!box.value.trim() || box.value.trim() === form.dataset.drawn) {
      box.value = words;
      form.kept = JSON.stringify(this.#wanted(form));
    }
    form.dataset.drawn = words;
  }

  saveAll() { for (const form of this.forms.values()) this.save(form); }

  arrived(key, wanted, answer) {
    const form = this.forms.get(key);
    form.dataset.seen = answer.seen;
    const words = wanted.question ? "Saved" : "Taken back";
    this.page.say(form.querySelector(".note-state"), "saved", `${words}, ${answer.saved_at}`);
    document.querySelector(".asked-count").textContent = answer.asked;
    this.#offerFollowUp(form.closest(".one-question"));
  }

  putBack(key, { wanted }) {
    const form = this.forms.get(key) || this.#added(wanted.number, wanted.follow_up);
    if (!form) return;
    form.closest(".one-question").open = true;
    form.elements.question.value = wanted.question;
    form.elements.answer.value = wanted.answer;
    for (const one of form.querySelectorAll(".ties input")) one.checked = wanted.ksbs.includes(one.value);
    form.kept = JSON.stringify(this.#wanted(form));
    this.#tied(form);
  }

  // An empty form for the next follow-up, once everything before it has been asked.
  #offerFollowUp(one) {
    const forms = [...one.querySelectorAll(".question-form")];
    if (forms.every((form) => form.elements.question.value.trim())) {
      this.#added(forms[0].dataset.number, forms.length);
    }
  }

  #added(number, followUp) {
    const first = this.forms.get(`${number}-0`);
    if (!first) return null;
    const holder = document.createElement("div");
    holder.append(document.getElementById("follow-up").content.cloneNode(true));
    holder.innerHTML = holder.innerHTML
      .replaceAll("N-F", `${number}-${followUp}`)
      .replaceAll("Follow-up F", `Follow-up ${followUp}`)
      .replaceAll("follow-up F", `follow-up ${followUp}`)
      .replaceAll("follow-up=\"F\"", `follow-up="${followUp}"`)
      .replaceAll("value=\"F\"", `value="${followUp}"`)
      .replaceAll("number=\"N\"", `number="${number}"`)
      .replaceAll("value=\"N\"", `value="${number}"`);
    const form = holder.querySelector("form");
    first.closest(".one-question").append(form);
    this.#work(form);
    return form;
  }
}
