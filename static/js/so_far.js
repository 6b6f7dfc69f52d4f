// Shows how far an import has come, while the page waits for its end or was opened in the middle.
const PAUSE = 1000;

function words(done, whole) {
  const shown = (count) => count.toLocaleString("en-GB");
  return whole ? `${shown(done)} of ${shown(whole)} rows. You can leave this page; it goes on.` : null;
}

export function showSoFar(page) {
  const place = page.querySelector("[data-so-far]");
  if (!place) return;
  const bar = place.querySelector("progress");
  const said = place.querySelector("[role=status]");
  const wasStoring = !place.hidden;

  async function look() {
    try {
      const answer = await fetch(place.dataset.soFar, { headers: { Accept: "application/json" } });
      const { done, whole, is_storing: isStoring } = await answer.json();
      if (whole) {
        bar.max = whole;
        bar.value = done;
        said.textContent = words(done, whole);
      }
      if (wasStoring && !isStoring) {
        window.location.reload();
        return;
      }
    } catch {
      // The server is busy or the page is being left: the next look tells.
    }
    setTimeout(look, PAUSE);
  }

  if (wasStoring) look();
  for (const form of page.querySelectorAll("form[action$='/store']")) {
    form.addEventListener("submit", () => {
      place.hidden = false;
      look();
    });
  }
}
