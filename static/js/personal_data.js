// Warns while somebody types that a text looks like a service user's personal data. It never blocks.
// The server is asked after a pause; without a connection the warning comes with the save.
const PAUSE = 900;

function button(words, kind, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: kind, textContent: words });
  made.addEventListener("click", act);
  return made;
}

export class PersonalData {
  constructor(sheet, csrf) {
    this.url = sheet.dataset.remarks;
    this.csrf = csrf;
    this.waived = new Set();
    this.asked = 0;
  }

  typed(box) {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.ask(box), PAUSE);
  }

  async ask(box) {
    const text = box.value;
    if (!navigator.onLine) return;
    const number = this.asked += 1;
    try {
      const response = await fetch(this.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": this.csrf },
        body: JSON.stringify({ text }),
      });
      if (!response.ok || number !== this.asked || box.value !== text) return;
      this.show(box, (await response.json()).remarks);
    } catch {
      // Nobody to ask now: the save will say it.
    }
  }

  // Directly under the text: kind and place, never the text itself.
  show(box, remarks) {
    const place = box.closest("form").querySelector(".warning-here");
    const letters = [...box.value];
    const said = ({ start, end }) => letters.slice(start, end).join("");
    const open = remarks.filter((one) => !this.waived.has(said(one)));
    if (!open.length) {
      place.replaceChildren();
      return;
    }
    const message = document.createElement("div");
    message.className = "message care";
    const line = (words, kind) => Object.assign(document.createElement("p"), { textContent: words, className: kind });
    const actions = document.createElement("div");
    actions.className = "actions";
    const first = open[0];
    const user = box.form.elements.service_user;
    if (first.kind === "name" && user) {
      const reference = `SU-${user.value || 1}`;
      actions.append(button(`Use ${reference} instead`, "button", () => {
        box.value = [...letters.slice(0, first.start), reference, ...letters.slice(first.end)].join("");
        box.dispatchEvent(new Event("input", { bubbles: true }));
        box.focus();
        place.replaceChildren();
      }));
    }
    actions.append(button("It is not a service user", "as-link", () => {
      for (const one of open) this.waived.add(said(one));
      place.replaceChildren();
      box.focus();
    }));
    const bold = first.kind === "name" ? "This may name a service user" : "This may be a service user’s personal data";
    message.append(line(bold, "bold-word"), ...open.map((one) => line(one.words, "")),
      line("Use a reference, such as SU-1. It is saved all the same.", ""), actions);
    place.replaceChildren(message);
  }
}
