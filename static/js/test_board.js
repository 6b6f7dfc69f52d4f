// Keeps the board fresh without moving anything: what is typed, chosen or focused stays, so does the order.
const EVERY = 3000;
const TOO_LONG = 8000;
const form = document.querySelector(".board");
const updated = document.querySelector(".updated");

function drawState(row, { state, kind }) {
  const place = row.querySelector("[data-cell=state]");
  const shown = `${kind}:${state}`;
  if (place.dataset.shown === shown) return;
  place.dataset.shown = shown;
  const piece = row.querySelector("[data-kinds]").content.querySelector(`[data-kind=${kind}]`).cloneNode(true);
  const words = document.createTreeWalker(piece, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) if (words.currentNode.data.trim()) words.currentNode.data = state;
  place.replaceChildren(...piece.childNodes);
}

function draw(answer) {
  for (const one of answer.rows) {
    const row = form.querySelector(`[data-candidate="${one.id}"]`);
    if (!row) continue;
    row.className = one.look ? `look-${one.look}` : "";
    drawState(row, one);
    for (const name of ["identity", "unsaved", "heard", "left", "extra", "noted", "to_look_at"]) {
      row.querySelector(`[data-cell=${name}]`).textContent = one[name];
    }
    row.querySelector("[data-noted]").hidden = !one.noted;
    row.querySelector("[data-cell=answered]").textContent = one.answered === null ? "" : `${one.answered} of ${one.questions}`;
  }
  const sums = document.querySelector(".sums");
  if (sums.textContent !== answer.sums) sums.textContent = answer.sums;
  updated.textContent = `Updated ${answer.updated}`;
}

async function ask() {
  try {
    const response = await fetch(form.dataset.rows, {
      headers: { Accept: "application/json" }, signal: AbortSignal.timeout(TOO_LONG),
    });
    if (response.ok && response.headers.get("Content-Type").startsWith("application/json")) draw(await response.json());
    else updated.textContent = "Not up to date: reload this page";
  } catch {
    updated.textContent = "Not up to date: no connection";
  }
  setTimeout(ask, EVERY);
}

if (form) {
  form.addEventListener("change", () => {
    const count = form.querySelectorAll("input:checked").length;
    form.querySelector(".chosen").textContent = count ? `${count} selected` : "Choose candidates, then what to do";
  });
  setTimeout(ask, EVERY);
}
