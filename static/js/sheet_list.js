// The list of a mark sheet: one code at a time, find by typing, previous and next, the count.
const words = (input) => input.closest("label").querySelector(".word").textContent.trim();

export class SheetList {
  constructor(sheet, leaving) {
    this.sheet = sheet;
    this.leaving = leaving;
    this.sections = [...sheet.querySelectorAll(".ksb")];
    this.links = new Map([...sheet.querySelectorAll(".codes a")].map((link) => [
      link.querySelector(".code").textContent.trim(), link,
    ]));
    for (const [code, link] of this.links) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.show(code);
      });
    }
    this.#steps();
    this.#find();
  }

  get current() { return this.sections.findIndex((one) => one.classList.contains("is-current")); }

  show(code) {
    const next = this.sections.find((one) => one.dataset.ksb === code);
    if (!next) return;
    this.leaving(this.sections[this.current]);
    for (const one of this.sections) one.classList.toggle("is-current", one === next);
    for (const [name, link] of this.links) {
      if (name === code) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const address = this.links.get(code)?.href;
    if (address) history.replaceState(null, "", address);
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
    const total = this.sections.length;
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
        const place = this.current + Number(button.dataset.step);
        this.show(this.sections.at(place % this.sections.length).dataset.ksb);
        button.focus();
      });
    }
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
    box.addEventListener("input", filter);
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
