// Asks once before a page is left with something typed but not sent.
export function askBeforeLeaving(page) {
  for (const form of page.querySelectorAll("form[data-asks-before-leaving]")) {
    const ask = (event) => event.preventDefault();
    form.addEventListener("input", () => window.addEventListener("beforeunload", ask), { once: true });
    form.addEventListener("submit", () => window.removeEventListener("beforeunload", ask));
  }
}
