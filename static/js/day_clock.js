// The clock of the day: drawn by the server's clock, and it goes on without a connection.
// What may be done now follows the same rules as on the server (epa/conduct/clock.py).
const EVERY = 1000;
const BUSY = ["running", "paused"];
const WORDS = { waiting: "not started", running: "running", paused: "paused", ended: "ended" };
const MINUTE = 60000;

function duration(minutes) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return hours ? `${hours} h ${String(rest).padStart(2, "0")} min` : `${rest} min`;
}

export class DayClock {
  // `send(entry)` keeps what was done and sends it when it can.
  constructor(bar, send) {
    this.bar = bar;
    this.send = send;
    this.url = bar.dataset.clockUrl;
    this.take(JSON.parse(bar.dataset.clock));
    this.#panel();
    setInterval(() => this.draw(), EVERY);
    // A device that slept, or whose own clock was set, asks how the clock stands.
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.ask(); });
  }

  // The state as the server told it, with how far this device's clock is from the server's.
  take(state) {
    this.ahead = Date.parse(state.now) - Date.now();
    this.parts = state.parts.map((part) => ({ ...part, since: part.since && Date.parse(part.since) }));
    this.#drawHistory(state.history);
    this.draw();
  }

  #drawHistory(rows) {
    this.bar.querySelector(".clock-so-far").hidden = !rows.length;
    this.bar.querySelector(".clock-history").replaceChildren(...rows.map((row) => {
      const line = document.createElement("li");
      line.append(Object.assign(document.createElement("strong"), { textContent: row.when }), ` ${row.what}`);
      return line;
    }));
  }

  async ask() {
    try {
      const response = await fetch(this.url, { headers: { Accept: "application/json" } });
      if (response.ok && !this.hasPending()) this.take((await response.json()).clock);
    } catch {
      // Without a connection the clock goes on as it was.
    }
  }

  hasPending() { return false; }

  get now() { return Date.now() + this.ahead; }

  elapsed(part) { return part.counted * 1000 + (part.since ? this.now - part.since : 0); }

  get current() {
    const begun = this.parts.filter((part) => part.state !== "waiting");
    return this.parts.find((part) => BUSY.includes(part.state)) || begun.at(-1) || this.parts[0];
  }

  possible(part) {
    const place = this.parts.indexOf(part);
    const extend = part.longest > part.minutes && !part.extended ? ["extend"] : [];
    if (part.state === "running") return ["pause", "end", ...extend];
    if (part.state === "paused") return ["resume", "end", ...extend];
    if (this.parts.slice(place + 1).some((one) => one.state !== "waiting")) return [];
    if (part.state === "ended") return part.splits ? ["resume", "start"] : ["resume"];
    return this.parts.slice(0, place).some((one) => BUSY.includes(one.state)) ? [] : ["start"];
  }

  // Do something now, or put back what was done before the page was closed.
  enter(entry) {
    const part = this.parts.find((one) => one.code === entry.part);
    const at = Date.parse(entry.at);
    if (!part || !this.possible(part).includes(entry.action)) return;
    if (entry.action === "extend") part.extended = true;
    else {
      part.counted += part.since ? (at - part.since) / 1000 : 0;
      const runs = entry.action === "start" || entry.action === "resume";
      part.since = runs ? at : null;
      part.state = runs ? "running" : entry.action === "pause" ? "paused" : "ended";
    }
    this.draw();
  }

  problem(words) {
    const place = this.bar.querySelector(".clock-problem");
    place.textContent = words;
    if (words) this.bar.querySelector(".clock-menu").open = true;
  }

  #panel() {
    const form = this.bar.querySelector(".clock-panel");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const [part, action, reason = null] = event.submitter.value.split(" ");
      const box = form.querySelector(`#words-${part}`);
      const words = reason === "other" ? box.value.trim() : "";
      if (reason === "other" && !words) {
        this.problem("Say in a few words why the clock is paused.");
        box.focus();
        return;
      }
      this.problem("");
      const entry = { part, action, reason, words, at: new Date(this.now).toISOString() };
      this.enter(entry);
      this.send(entry);
      box.value = "";
      this.bar.querySelector(".clock-menu").open = false;
      this.bar.querySelector(".clock-menu summary").focus();
    });
    document.addEventListener("click", (event) => {
      const menu = this.bar.querySelector(".clock-menu");
      if (menu.open && !menu.contains(event.target)) menu.open = false;
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.bar.querySelector(".clock-menu").open = false;
    });
  }

  draw() {
    this.#drawBar();
    for (const part of this.parts) this.#drawPart(part);
  }

  #drawBar() {
    const part = this.current;
    const minutes = Math.floor(this.elapsed(part) / MINUTE);
    const over = minutes - (part.extended ? part.longest : part.minutes);
    const state = part.state === "paused" || part.state === "ended" ? `${part.state}, ` : "";
    const most = part.longest > part.minutes ? `, at most ${duration(part.longest)}` : "";
    const planned = duration(part.minutes).replace(" 00 min", "");
    const time = this.bar.querySelector(".time");
    time.querySelector(".figure").textContent = duration(minutes);
    time.querySelector(".limit").textContent = over > 0
      ? `${state}${over} min over the ${duration(part.extended ? part.longest : part.minutes)}`
      : `${state}of ${planned}${most}`;
    time.classList.toggle("is-over", over > 0);
    this.bar.classList.toggle("is-paused", part.state === "paused");
    this.bar.querySelector(".clock-menu summary").textContent = part.state === "running" ? "Pause" : "Clock";
    const line = this.bar.querySelector(".bar-line");
    line.setAttribute("viewBox", `0 0 ${part.longest} 1`);
    line.querySelector(".passed").setAttribute("width", Math.min(minutes, part.longest));
  }

  #drawPart(part) {
    const place = this.bar.querySelector(`[data-part="${part.code}"]`);
    const can = this.possible(part);
    const state = place.querySelector(".clock-state");
    if (state.textContent !== WORDS[part.state]) state.textContent = WORDS[part.state];
    place.querySelector(".clock-elapsed").textContent = duration(Math.floor(this.elapsed(part) / MINUTE));
    place.querySelector(".clock-extended").hidden = !part.extended;
    for (const one of place.querySelectorAll("[data-can]")) one.hidden = !can.includes(one.dataset.can);
    const words = place.querySelector("input[name=words]");
    words.disabled = !can.includes("pause");
    const start = place.querySelector("[data-can=start]");
    if (part.state === "ended") start.textContent = "Start the next section";
  }
}
