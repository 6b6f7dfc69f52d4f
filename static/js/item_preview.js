// Shows beside the editor what is being written, a moment after the last key.
const PAUSE = 900;

function keepUpToDate(form, place) {
  let waiting = null;
  let asked = 0;

  async function look() {
    const number = ++asked;
    const sent = new FormData(form);
    for (const box of form.querySelectorAll("input[type=file]")) sent.delete(box.name);
    sent.set("step", "preview");
    try {
      const answer = await fetch(window.location.href, { method: "POST", body: sent });
      if (number !== asked || (answer.status !== 200 && answer.status !== 422)) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(place.id);
      if (fresh) place.replaceChildren(...fresh.childNodes);
    } catch {
      // Without a connection the preview stays as it is; nothing is lost by that.
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, PAUSE);
  });
}

const form = document.getElementById("item-form");
const place = document.getElementById("preview");
if (form && place) keepUpToDate(form, place);
