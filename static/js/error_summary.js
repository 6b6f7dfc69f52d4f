// Moves the focus to the error summary, and from its links to the control itself.
export function focusErrorSummary(page) {
  const summary = page.querySelector(".error-summary");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const control = link && page.getElementById(link.hash.slice(1));
    if (!control) return;
    event.preventDefault();
    // The question's own words come into view, not only its box.
    (control.closest(".question") || control).scrollIntoView();
    control.focus({ preventScroll: true });
  });
}
