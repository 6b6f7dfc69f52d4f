// The map of all questions: answered, flagged, not saved yet, and where one is; each said in words.
export class QuestionMap {
  constructor(place, questions, go) {
    this.place = place;
    this.cells = new Map();
    const list = place.querySelector(".cells");
    for (const { number } of questions) {
      const cell = document.createElement("button");
      cell.type = "button";
      cell.className = "cell";
      cell.textContent = number;
      cell.addEventListener("click", () => go(number));
      const item = document.createElement("li");
      item.append(cell);
      list.append(item);
      this.cells.set(number, cell);
    }
  }

  // `of(number)` gives { answered, flagged, unsaved }.
  draw(current, of) {
    let answered = 0;
    let flagged = 0;
    for (const [number, cell] of this.cells) {
      const state = of(number);
      answered += state.answered;
      flagged += state.flagged;
      cell.classList.toggle("is-answered", state.answered);
      cell.classList.toggle("is-flagged", state.flagged);
      cell.classList.toggle("is-unsaved", state.unsaved);
      const words = [`Question ${number}`, state.answered ? "answered" : "no answer"];
      if (state.flagged) words.push("flagged");
      if (state.unsaved) words.push("not saved yet");
      cell.setAttribute("aria-label", words.join(", "));
      if (number === current) cell.setAttribute("aria-current", "true");
      else cell.removeAttribute("aria-current");
    }
    const told = [`${answered} answered`, `${this.cells.size - answered} to go`];
    if (flagged) told.push(`${flagged} flagged`);
    this.place.querySelector(".tally").textContent = told.join(", ");
  }
}
