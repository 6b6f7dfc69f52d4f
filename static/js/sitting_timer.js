// The time that is left, drawn by the server's clock. It can be hidden; it is told three times, and never by moving the focus.
const MINUTE = 60000;
const TELL_AT = [30, 10, 5];
const SECONDS_BELOW = 5 * MINUTE;

const clock = (at) => new Date(at).toLocaleTimeString("en-GB", { timeZone: "Europe/London", hour: "2-digit", minute: "2-digit" });

export class Timer {
  // `page` has: say(words), timeIsUp().
  constructor(bar, line, page) {
    this.bar = bar;
    this.line = line;
    this.page = page;
    this.told = new Set();
    this.isHidden = false;
    this.button = bar.querySelector(".hide-time");
    this.button.addEventListener("click", () => {
      this.isHidden = !this.isHidden;
      this.button.textContent = this.isHidden ? "Show time" : "Hide time";
      this.button.setAttribute("aria-pressed", String(this.isHidden));
      this.draw();
    });
  }

  take({ state, remaining_ms: left, ends_at: endsAt, is_rest: isRest }) {
    this.state = state;
    this.endsAt = endsAt && Date.parse(endsAt);
    this.left = left;
    this.isRest = isRest;
    if (!this.whole || left > this.whole) this.whole = left;
    if (state === "in_progress" && !this.ticking) {
      for (const minutes of TELL_AT) if (left <= minutes * MINUTE) this.told.add(minutes);
      this.ticking = setInterval(() => this.draw(), 500);
      this.button.hidden = false;
    }
    this.draw();
  }

  get remaining() {
    if (this.state !== "in_progress") return this.left;
    return Math.max(0, this.endsAt - this.line.now);
  }

  draw() {
    if (!this.ticking) return;
    const left = this.remaining;
    const time = this.bar.querySelector(".time");
    const words = this.#words(left);
    const paused = this.state === "paused";
    time.querySelector(".figure").textContent = this.isHidden ? "" : words;
    time.querySelector(".limit").textContent = paused
      ? (this.isRest ? "rest break" : "paused") : `ends at ${clock(this.endsAt)}`;
    this.bar.querySelector(".passed").setAttribute("width", Math.round(1000 * (1 - left / this.whole)));
    if (paused) return;
    for (const minutes of TELL_AT) {
      if (left <= minutes * MINUTE && !this.told.has(minutes)) {
        this.told.add(minutes);
        this.page.say(`${minutes} minutes left`);
      }
    }
    if (left <= 0 && !this.isUp) {
      this.isUp = true;
      this.page.timeIsUp();
    }
    if (left > 0) this.isUp = false;
  }

  #words(left) {
    const seconds = Math.ceil(left / 1000);
    if (left > SECONDS_BELOW) return `${Math.ceil(left / MINUTE)} min left`;
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left`;
  }
}
