// Control+K (or Command+K) leads to the search box from anywhere on the page.

export function searchByKey(page) {
  const box = page.getElementById("site-search");
  if (!box) return;
  page.addEventListener("keydown", (event) => {
    const asked = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!asked || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}
