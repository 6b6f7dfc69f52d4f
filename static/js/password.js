// Lets a person look at the password they type; hidden again when the form is sent.
export function showPasswords(page) {
  for (const button of page.querySelectorAll("button[data-shows]")) {
    const box = page.getElementById(button.dataset.shows);
    const show = (isShown) => {
      box.type = isShown ? "text" : "password";
      button.textContent = isShown ? "Hide" : "Show";
      button.setAttribute("aria-pressed", String(isShown));
    };
    button.hidden = false;
    button.addEventListener("click", () => show(box.type === "password"));
    box.form?.addEventListener("submit", () => show(false));
  }
}
