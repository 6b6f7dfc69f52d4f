// Sends a large file in parts as soon as it is chosen, while the rest of the form is filled in. What
// broke off goes on where it was, also after the page was closed. Smaller files go with their form.
const WAITS = [1, 2, 4, 8, 15, 30];
const MEGABYTE = 1024 * 1024;

class Refused extends Error {}

async function digestOf(blob) {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Whether what is on the server is the beginning of this file, and not of another of its name.
async function isSame(file, parts) {
  for (const { offset, size, sha256 } of parts) {
    if (await digestOf(file.slice(offset, offset + size)) !== sha256) return false;
  }
  return true;
}

function sizeWords(bytes) {
  return (bytes / MEGABYTE).toFixed(1);
}

class InParts {
  constructor(box) {
    this.box = box;
    this.form = box.form;
    this.part = Number(box.dataset.part);
    this.place = Object.assign(document.createElement("div"), { className: "upload-state" });
    this.said = Object.assign(document.createElement("p"), { className: "hint" });
    this.news = Object.assign(document.createElement("p"), { className: "unseen" });
    this.news.setAttribute("role", "status");
    this.bar = document.createElement("progress");
    this.bar.setAttribute("aria-label", "How much of the file is uploaded");
    this.place.append(this.said, this.bar, this.news);
    this.place.hidden = true;
    box.after(this.place);
    box.addEventListener("change", () => this.chosen());
    this.form.addEventListener("submit", (event) => this.sending(event), { capture: true });
  }

  chosen() {
    this.stopper?.abort();
    this.stopper = null;
    const file = this.box.files[0];
    if (file) this.forgetKept();
    this.place.hidden = true;
    if (file && file.size > Number(this.box.dataset.partsAbove)) this.run(file);
  }

  // The form waits for its file, and is then sent by itself.
  sending(event) {
    if (!this.stopper) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.waiting = event.submitter;
    this.tell("The file is still on its way. The form is sent when it is here.");
  }

  async run(file) {
    const stopper = this.stopper = new AbortController();
    this.waiting = undefined;
    this.show(file, 0);
    try {
      const whole = await this.upload(file, stopper.signal);
      if (this.stopper === stopper) this.arrived(file, whole.id);
    } catch (fault) {
      if (this.stopper === stopper) this.refused(fault);
    }
  }

  async upload(file, signal) {
    let upload = await this.announce(file, false, signal);
    if (upload.received && !await isSame(file, upload.parts)) upload = await this.announce(file, true, signal);
    let here = upload.received;
    this.show(file, here);
    while (here < file.size) {
      const body = file.slice(here, here + this.part);
      const headers = { "Content-Type": "application/octet-stream", "Upload-Offset": String(here) };
      here = (await this.ask(upload.parts_url, { body, headers }, signal)).received;
      this.show(file, here);
    }
    return this.ask(upload.whole_url, json({ sha256: await digestOf(file) }), signal);
  }

  announce(file, afresh, signal) {
    return this.ask(this.box.dataset.partsUrl, json({ name: file.name, size: file.size, afresh }), signal);
  }

  // Asks until there is an answer: a lost connection and a busy server are waited out.
  async ask(url, { body, headers }, signal) {
    const csrf = this.form.elements.csrf_token.value;
    const all = { ...headers, "Accept": "application/json", "X-CSRFToken": csrf };
    for (let tries = 0; ; tries += 1) {
      try {
        const response = await fetch(url, { method: "POST", body, headers: all, signal });
        const answer = await response.json().catch(() => ({}));
        // A part that came twice, or out of turn: the answer says where to go on.
        if (response.ok || (response.status === 409 && "received" in answer)) {
          this.place.classList.remove("is-away");
          return answer;
        }
        if (response.status < 500 && response.status !== 429) {
          throw new Refused(response.status === 401 ? "You are no longer signed in. Sign in and choose the file again; what is here stays." : answer.error);
        }
      } catch (fault) {
        if (fault instanceof Refused || signal.aborted) throw fault;
      }
      this.place.classList.add("is-away");
      this.tell(`${this.shown} The connection is away. It goes on by itself.`);
      await pause(WAITS[Math.min(tries, WAITS.length - 1)], signal);
    }
  }

  show(file, here) {
    this.box.closest(".question")?.querySelector(".problem.of-upload")?.remove();
    this.bar.max = file.size;
    this.bar.value = here;
    this.bar.hidden = false;
    this.shown = `“${file.name}”: ${sizeWords(here)} of ${sizeWords(file.size)} MB are here.`;
    this.said.textContent = this.shown;
    this.place.hidden = false;
  }

  tell(words) {
    this.said.textContent = words;
    this.news.textContent = words;
  }

  arrived(file, id) {
    this.stopper = null;
    this.box.value = "";
    this.kept = Object.assign(document.createElement("input"), { type: "hidden", name: this.box.name, value: id });
    this.box.after(this.kept);
    this.bar.hidden = true;
    this.tell(`“${file.name}” is here (${sizeWords(file.size)} MB). Choose another only to take its place.`);
    if (this.waiting !== undefined) this.form.requestSubmit(this.waiting);
  }

  refused(fault) {
    this.stopper = null;
    this.place.hidden = true;
    this.box.value = "";
    const problem = Object.assign(document.createElement("p"), { className: "problem of-upload", textContent: fault.message });
    problem.setAttribute("role", "alert");
    this.box.before(problem);
  }

  forgetKept() {
    for (const one of this.form.querySelectorAll(`input[type=hidden][name="${this.box.name}"]`)) {
      one.closest("p.hint")?.remove();
      one.remove();
    }
    const described = (this.box.getAttribute("aria-describedby") || "").split(" ");
    const left = described.filter((id) => id && document.getElementById(id));
    if (left.length) this.box.setAttribute("aria-describedby", left.join(" "));
    else this.box.removeAttribute("aria-describedby");
  }
}

function json(body) {
  return { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
}

function pause(seconds, signal) {
  return new Promise((resolve) => {
    const goOn = () => {
      clearTimeout(timer);
      window.removeEventListener("online", goOn);
      signal.removeEventListener("abort", goOn);
      resolve();
    };
    const timer = setTimeout(goOn, seconds * 1000);
    window.addEventListener("online", goOn);
    signal.addEventListener("abort", goOn);
  });
}

// Digests need a secure page; without one, files go with their forms.
export function sendInParts(page) {
  if (!window.crypto?.subtle) return;
  for (const box of page.querySelectorAll("input[type=file][data-parts-url]")) new InParts(box);
}
