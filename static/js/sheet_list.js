// The list of a mark sheet: one code, the notes or the questions at a time; find by typing, previous
// and next, the count. Where the page is narrow the list folds behind a button.
const words = (input) => input.closest("label").querySelector(".word").textContent.trim();

export class SheetList {
  constructor(sheet, leaving) {
    this.sheet = sheet;
    this.leaving = leaving;
    this.places = [...sheet.querySelectorAll(".place")];
    this.ksbs = [...sheet.querySelectorAll(".ksb")];
    this.links = new Map([...sheet.querySelectorAll(".codes a")].map((link) => [
      link.querySelector(".code").textContent.trim(), link,
    ]));
    for (const [code, link] of this.links) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.show(code);
      });
    }
    for (const link of sheet.querySelectorAll("[data-shows]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.show(link.dataset.shows, link.href);
      });
    }
    this.#steps();
    this.#find();
    this.#fold();
  }

  // The place of the current code among the codes; -1 where the notes or the questions are shown.
  get current() { return this.ksbs.findIndex((one) => one.classList.contains("is-current")); }

  show(code, url = this.links.get(code)?.href) {
    const next = this.places.find((one) => one.dataset.place === code);
    if (!next) return;
    this.leaving();
    for (const one of this.places) one.classList.toggle("is-current", one === next);
    for (const [name, link] of this.links) {
      if (name === code) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    for (const link of this.sheet.querySelectorAll("[data-shows]")) {
      if (link.dataset.shows === code) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    this.folds(true);
    if (url) history.replaceState(null, "", url);
    next.querySelector("h2").focus({ preventScroll: true });
    if (next.getBoundingClientRect().top < 0) next.scrollIntoView();
  }

  // Write the judgement of one code into the list, and count again.
  judged(section) {
    const chosen = section.querySelector(".judgement input:checked");
    const place = this.links.get(section.dataset.ksb)?.querySelector(".judged");
    if (place) {
      place.className = `judged ${chosen ? chosen.value : ""}`;
      place.textContent = chosen ? words(chosen) : "Not judged";
    }
    this.#count();
  }

  #count() {
    const box = this.sheet.querySelector(".distinctions");
    const chosen = this.sheet.querySelectorAll(".judgement input:checked");
    const reached = [...chosen].filter((one) => one.value === "distinction").length;
    const total = this.ksbs.length;
    const [judged, distinctions] = box.querySelectorAll("p");
    judged.querySelector("strong").textContent = chosen.length;
    judged.lastChild.textContent = ` of ${total} judged${chosen.length < total ? ", so no grade yet" : ""}`;
    distinctions.querySelector("strong").textContent = reached;
    box.querySelectorAll("rect").forEach((cell, place) => cell.classList.toggle("reached", place < reached));
  }

  #steps() {
    for (const button of this.sheet.querySelectorAll("[data-step]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const step = Number(button.dataset.step);
        const beside = step > 0 ? 0 : -1;
        const place = this.current < 0 ? beside : this.current + step;
        this.show(this.ksbs.at(place % this.ksbs.length).dataset.ksb);
        button.focus();
      });
    }
  }

  #fold() {
    const button = this.sheet.querySelector(".fold-list");
    button.hidden = false;
    this.folds(true);
    button.addEventListener("click", () => this.folds(button.getAttribute("aria-expanded") === "true"));
  }

  folds(away) {
    const button = this.sheet.querySelector(".fold-list");
    button.setAttribute("aria-expanded", String(!away));
    this.sheet.querySelector(".list").classList.toggle("is-folded", away);
  }

  #find() {
    const form = this.sheet.querySelector(".find");
    const box = form.querySelector("input");
    const nothing = this.sheet.querySelector(".nothing-found");
    const filter = () => {
      const typed = box.value.toLowerCase().trim();
      const parts = typed.split(/\s+/);
      const found = [...this.links].filter(([code, link]) => {
        const title = link.querySelector(".title").textContent.toLowerCase();
        const fits = code.toLowerCase().startsWith(parts.join("")) || parts.every((part) => title.includes(part));
        link.parentElement.hidden = !fits;
        return fits;
      });
      nothing.hidden = found.length > 0;
      return found;
    };
    box.addEventListener("input", () => {
      filter();
      this.folds(!box.value.trim());
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const [first] = filter();
      if (!first) return;
      box.value = "";
      filter();
      this.show(first[0]);
    });
  }
}
