// A form is sent once; after a second of waiting its button says what is being done.
const PATIENCE = 1000;

export function sendOnce(page) {
  for (const form of page.querySelectorAll("form[data-sends-once]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      const button = event.submitter;
      setTimeout(() => {
        if (!button) return;
        button.setAttribute("aria-disabled", "true");
        if (button.dataset.working) button.textContent = button.dataset.working;
      }, PATIENCE);
    });
  }
  // Coming back through the browser's history, the form may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of page.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
}
