// The line to the server: sends what the journal holds, one change after another, and signs of life.
// Only an answer in JSON counts: a page in its place (a hotel's network, a proxy) is no answer.
const PAUSES = [1000, 2000, 5000];
const TOO_LONG = 8000;
const SIGN_EVERY = 15000;
const WAITING_EVERY = 5000;

// Where Safe Exam Browser sends no header with what a script asks for, the page hands on what it says of the page.
export async function pageKey() {
  const { security } = window.SafeExamBrowser || {};
  if (!security) return "";
  if (security.updateKeys) {
    await Promise.race([
      new Promise((resolve) => { security.updateKeys(resolve); }),
      new Promise((resolve) => { setTimeout(resolve, 2000); }),
    ]);
  }
  return security.configKey || "";
}

export class Line {
  // `page` has: told(answer), saved(edit, answer), refused(edit, code, message), offline(is), stopped(code), handSeen().
  constructor(address, csrf, journal, page) {
    this.address = address;
    this.csrf = csrf;
    this.journal = journal;
    this.page = page;
    this.ahead = null;
    this.failures = 0;
    this.isBusy = false;
    this.isHeld = false;
    this.handIsUp = false;
    window.addEventListener("online", () => { this.sign(); this.send(); });
    window.addEventListener("offline", () => this.page.offline(true));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.sign(); });
  }

  // What the server's clock says now, as far as this page can tell. It never runs ahead of it: an
  // answer takes its time to arrive, and of several the one that took least is believed.
  get now() { return performance.now() + this.ahead; }

  get stamp() { return new Date(this.now).toISOString(); }

  reckon(answer, anew = false) {
    const ahead = Date.parse(answer.now) - performance.now();
    this.ahead = this.ahead === null || anew ? ahead : Math.max(this.ahead, ahead);
  }

  async post(what, body) {
    let answer = { status: 0 };
    try {
      const response = await fetch(`${this.address}/${what}`, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "Accept": "application/json",
          "X-CSRFToken": this.csrf,
          ...(this.pageKey ? { "X-Page-Config-Key": this.pageKey } : {}),
        },
        body: JSON.stringify({ device: this.journal.facts.device, ...body }),
        signal: AbortSignal.timeout(TOO_LONG),
      });
      const said = response.headers.get("Content-Type") || "";
      if (said.startsWith("application/json")) answer = { status: response.status, body: await response.json() };
      else if (response.redirected) answer = { status: 401 };
    } catch {
      // No answer is one of status 0.
    }
    const isLost = answer.status === 0 || answer.status === 429 || answer.status >= 500;
    this.page.offline(isLost);
    if (answer.status === 200 && !answer.body.now && !what.startsWith("late")) return { status: 0 };
    if (answer.body?.now) this.reckon(answer.body);
    return answer;
  }

  keepSigning() {
    const again = () => {
      const pause = this.page.isWaiting ? WAITING_EVERY : SIGN_EVERY;
      this.signing = setTimeout(async () => { await this.sign(); again(); }, pause);
    };
    again();
  }

  async sign() {
    const isUp = this.handIsUp;
    const answer = await this.post("sign", { unsaved: this.journal.size, hand_is_up: isUp });
    if (answer.status === 200) {
      this.isHeld = answer.body.state === "paused";
      this.page.told(answer.body);
      if (isUp && this.handIsUp && answer.body.hand_is_seen) this.page.handSeen();
      this.send();
    } else if (answer.status === 409 || answer.status === 401) this.page.stopped(answer.body?.code || "signed-out");
  }

  async send() {
    if (this.isBusy || this.isHeld || this.isClosed) return;
    const edit = this.journal.first;
    if (!edit) return;
    clearTimeout(this.again);
    this.isBusy = true;
    edit.tried = true;
    const { number, sequence, value, made_at } = edit;
    const answer = await this.post("answers", { edit: { number, sequence, value, made_at } });
    await this.#take(edit, answer);
  }

  async #take(edit, { status, body }) {
    if (status === 200 && body.outcome) {
      this.failures = 0;
      await this.journal.remove(edit);
      this.page.saved(edit, body);
      this.page.told(body);
    } else if (status === 0 || status === 429 || status >= 500 || status === 200) this.#later();
    else if (body?.code === "paused") this.isHeld = true;
    else if (body?.code === "clock") await this.#stampAgain(edit);
    else if (status === 422 || status === 413 || body?.code === "malformed") {
      await this.journal.remove(edit);
      this.page.refused(edit, body.code, body.error);
    } else {
      this.isClosed = true;
      this.page.stopped(body?.code || "signed-out");
    }
    this.isBusy = false;
    if (!this.failures) this.send();
  }

  // This device's clock was set, or it slept: what the server says holds.
  async #stampAgain(edit) {
    const answer = await this.post("sign", { unsaved: this.journal.size, hand_is_up: this.handIsUp });
    if (answer.status !== 200) return this.#later();
    this.reckon(answer.body, true);
    edit.made_at = this.stamp;
    return undefined;
  }

  #later() {
    const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
    this.failures += 1;
    this.again = setTimeout(() => { this.failures = Math.max(1, this.failures); this.send(); }, pause);
  }

  // Everything that is kept here has arrived, or that much time has passed.
  async drained(within) {
    const end = performance.now() + within;
    while (this.journal.size && performance.now() < end) {
      this.send();
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
    return this.journal.size === 0;
  }
}
