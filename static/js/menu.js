// The sections on a phone: folded behind a real button.
export function foldSections(page) {
  const button = page.querySelector(".sections .menu");
  if (!button) return;
  const list = page.getElementById(button.getAttribute("aria-controls"));
  button.addEventListener("click", () => {
    const isOpen = list.classList.toggle("is-open");
    button.setAttribute("aria-expanded", String(isOpen));
  });
}
