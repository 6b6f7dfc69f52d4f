// Prompts of the bank: drawn for a question or passed over. Only the server draws; without a
// connection what was asked for waits, and the prompts drawn before stand in the page.
export class Prompts {
  // `page` has: put(slot, url, wanted, base), say(place, state, words).
  constructor(section, questions, page) {
    this.section = section;
    this.questions = questions;
    this.page = page;
    section.addEventListener("submit", (event) => {
      if (!event.target.matches(".prompt-form")) return;
      event.preventDefault();
      this.#send(event.target, event.submitter.value);
    });
  }

  place(number) { return this.section.querySelector(`.prompt-here[data-number="${number}"]`); }

  #send(form, action) {
    const number = Number(form.elements.number.value);
    const wanted = { number, action, reason: form.elements.reason?.value.trim() || "" };
    this.putBack(number);
    const url = form.getAttribute("action"); // the button of that name hides the property
    this.page.put(["prompt", "questions", number].join(":"), url, wanted, {});
  }

  putBack(number) {
    const state = this.place(number)?.querySelector(".note-state");
    if (state) this.page.say(state, "saving", "On its way");
  }

  refused(number) {
    const state = this.place(number).querySelector(".note-state");
    state.replaceChildren();
    return this.place(number).querySelector(".problem-here");
  }

  // Draw the prompt of a question anew; its words stand in the empty box until they are asked.
  show(number, { part, text }, isOfPrompt) {
    const place = this.place(number);
    if (!place) return;
    place.innerHTML = part;
    if (isOfPrompt) this.questions.drawn(`${number}-0`, text);
  }
}
