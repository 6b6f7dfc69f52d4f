// How a candidate wants the page: put on before the first paint, kept on this device.
(() => {
  const KEPT = "plumbline.look";
  let look = {};
  try {
    look = JSON.parse(localStorage.getItem(KEPT)) || {};
  } catch {
    // A browser that keeps nothing shows the page as it comes.
  }
  const root = document.documentElement;
  const show = () => { for (const [name, value] of Object.entries(look)) root.dataset[name] = value; };
  show();
  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-look]")) {
      if (look[box.dataset.look]) box.checked = look[box.dataset.look] === box.value;
      box.addEventListener("change", () => {
        look[box.dataset.look] = box.value;
        show();
        try {
          localStorage.setItem(KEPT, JSON.stringify(look));
        } catch {
          // As above.
        }
      });
    }
  });
})();
