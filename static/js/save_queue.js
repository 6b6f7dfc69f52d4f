// Sends what was entered, one thing after another, and keeps it on the device until it has arrived.
// A save whose answer was lost is sent again exactly as it was: the server keeps it once.
const PAUSES = [2000, 5000, 10000, 20000];
const TOO_LONG = 15000;

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export function token() {
  return [...crypto.getRandomValues(new Uint8Array(12))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class SaveQueue {
  // `page` has: saved(slot, wanted, answer) -> new base, conflict(slot, entry, answer),
  // refused(slot, message, answer), state(name, time).
  constructor(name, csrf, page) {
    this.name = name;
    this.csrf = csrf;
    this.page = page;
    this.entries = new Map(this.#stored());
    this.isBusy = false;
    this.failures = 0;
    this.isStopped = false;
    window.addEventListener("online", () => this.#again());
  }

  put(slot, url, wanted, base) {
    const entry = this.entries.get(slot) || { url, base, trying: null };
    if (entry.conflict && same(entry.wanted, wanted)) return;
    Object.assign(entry, { wanted, conflict: null, refused: null });
    this.entries.set(slot, entry);
    this.#keep();
    this.send();
  }

  // After a conflict: put mine in its place, or let it go.
  insist(slot, base) {
    const entry = this.entries.get(slot);
    Object.assign(entry, { base, conflict: null });
    this.send();
  }

  drop(slot) {
    this.entries.delete(slot);
    this.#keep();
  }

  get isEmpty() { return this.entries.size === 0; }

  async send() {
    if (this.isBusy || this.isStopped) return;
    const next = [...this.entries].find(([, entry]) => !entry.conflict && !entry.refused);
    if (!next) return;
    const [slot, entry] = next;
    this.isBusy = true;
    if (!this.failures) this.page.state("saving");
    entry.trying ??= { wanted: entry.wanted, base: entry.base, token: token() };
    this.#keep();
    const answer = await this.#post(entry);
    this.isBusy = false;
    this.#take(slot, entry, answer);
  }

  async #post({ url, trying }) {
    const body = { ...trying.wanted, ...trying.base };
    if (!("grade" in body)) body.token ??= trying.token;
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": this.csrf },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TOO_LONG),
      });
      // A page in place of an answer (a hotel's network, a proxy) is no answer.
      const said = response.headers.get("Content-Type") || "";
      if (!said.startsWith("application/json")) return { status: 0 };
      return { status: response.status, body: await response.json() };
    } catch {
      return { status: 0 };
    }
  }

  #take(slot, entry, { status, body }) {
    if (status === 200 && body.saved_at) return this.#arrived(slot, entry, body);
    if (status === 0 || status === 429 || status >= 500) return this.#lost();
    if (status === 400 || status === 401 || status === 403) {
      this.isStopped = true;
      return this.page.state("stopped");
    }
    entry.trying = null;
    if (status === 409 && body.current) {
      entry.conflict = body.current;
      this.page.conflict(slot, entry, body);
    } else {
      entry.refused = body?.error || "This could not be saved.";
      this.page.refused(slot, entry.refused, body || {});
    }
    this.#keep();
    this.page.state("refused");
    return this.send();
  }

  #arrived(slot, entry, answer) {
    this.failures = 0;
    const sent = entry.trying.wanted;
    entry.trying = null;
    entry.base = this.page.saved(slot, sent, answer);
    if (same(entry.wanted, sent)) this.entries.delete(slot);
    this.#keep();
    if (this.isEmpty) this.page.state("saved", answer.saved_at);
    return this.send();
  }

  #lost() {
    const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
    this.failures += 1;
    this.page.state("kept");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), pause);
  }

  #again() {
    clearTimeout(this.timer);
    this.send();
  }

  #stored() {
    try {
      return JSON.parse(localStorage.getItem(this.name)) || [];
    } catch {
      return [];
    }
  }

  #keep() {
    try {
      if (this.isEmpty) localStorage.removeItem(this.name);
      else localStorage.setItem(this.name, JSON.stringify([...this.entries]));
    } catch {
      // A browser that keeps nothing: what was entered still stands in the page.
    }
  }
}
