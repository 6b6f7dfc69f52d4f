// Tells when the page was left, and when something was copied or pasted: how long and how much, never what.
// What was not sent yet stands in the journal, so that it is sent even if this window is closed before.
const MOST_AT_ONCE = 50;
const MOST_WAITING = 500;

export function event(kind, at, amount = 0) {
  const name = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { name, kind, happened_at: at, amount };
}

export class Watch {
  constructor(line, journal) {
    this.line = line;
    this.journal = journal;
    this.leftAt = null;
  }

  // From the start of the test on, and not before.
  begin() {
    window.addEventListener("blur", () => this.#leave());
    window.addEventListener("focus", () => this.#comeBack());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.#leave(); else this.#comeBack(); });
    const copied = () => this.tell("copied", Math.min(String(getSelection()).length || this.#selected(), 1000000));
    document.addEventListener("copy", copied);
    document.addEventListener("cut", copied);
    document.addEventListener("paste", ({ clipboardData }) => this.tell("pasted", Math.min((clipboardData?.getData("text") || "").length, 1000000)));
  }

  tell(kind, amount = 0) {
    const at = this.line.ahead === null ? new Date().toISOString() : this.line.stamp;
    if (this.journal.events.size < MOST_WAITING) this.journal.addEvent(event(kind, at, amount));
    this.send();
  }

  // Tried again with each sign of life until an answer came, whatever it says.
  async send() {
    if (this.isBusy || !this.journal.events.size) return;
    this.isBusy = true;
    const events = [...this.journal.events.values()].slice(0, MOST_AT_ONCE);
    const { status } = await this.line.post("events", { events });
    const isLost = status === 0 || status === 401 || status === 429 || status >= 500;
    if (!isLost) await this.journal.removeEvents(events);
    this.isBusy = false;
    if (!isLost) await this.send();
  }

  // A text box has a selection of its own, which the page's does not tell of.
  #selected() {
    const box = document.activeElement;
    return box?.selectionEnd === undefined ? 0 : box.selectionEnd - box.selectionStart;
  }

  #leave() {
    if (this.leftAt !== null) return;
    this.leftAt = performance.now();
    this.tell("left");
  }

  #comeBack() {
    if (this.leftAt === null || document.hidden || !document.hasFocus()) return;
    const seconds = Math.round((performance.now() - this.leftAt) / 1000);
    this.leftAt = null;
    this.tell("back", Math.min(seconds, 1000000));
  }
}
