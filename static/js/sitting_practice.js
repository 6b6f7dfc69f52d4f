// The line of a practice test: it answers as the server would, and nothing leaves this device.
import { Line } from "./sitting_line.js";

const clock = (at) => at.toLocaleTimeString("en-GB", { timeZone: "Europe/London" });

export class PracticeLine extends Line {
  constructor(root, journal, page) {
    super("", "", journal, page);
    this.questions = JSON.parse(root.dataset.practice);
    this.length = Number(root.dataset.minutes) * 60000;
    this.over = root.dataset.over;
    this.begunAt = null;
  }

  async post(what) {
    if (what === "paper" && this.begunAt === null) this.begunAt = Date.now();
    const body = { paper: () => this.#paper(), answers: () => this.#saved() }[what]?.() || {};
    const isOver = what === "hand-in" || this.#left() === 0;
    const answer = { status: 200, body: { ...this.#standing(isOver), ...body } };
    this.page.offline(false);
    this.reckon(answer.body);
    return answer;
  }

  #left() { return this.begunAt === null ? this.length : Math.max(0, this.begunAt + this.length - Date.now()); }

  #standing(isOver) {
    const state = this.begunAt === null ? "unlocked" : "in_progress";
    return {
      state: isOver ? "submitted" : state,
      now: new Date().toISOString(),
      remaining_ms: this.#left(),
      ends_at: this.begunAt === null ? null : new Date(this.begunAt + this.length).toISOString(),
      is_rest: false,
      receipt_url: isOver ? this.over : null,
    };
  }

  #paper() { return { questions: this.questions, answers: [], sequence: 0 }; }

  #saved() { return { outcome: "saved", saved_at: clock(new Date()) }; }
}
