// A marker's keyboard: a figure moves on, Backspace in an empty box moves back, arrows walk.
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function walk(boxes, box, step) {
  const next = boxes[boxes.indexOf(box) + step];
  if (!next) return;
  next.focus();
  next.select();
}

function count(boxes, place) {
  const marked = boxes.filter((box) => box.value.trim() !== "").length;
  place.textContent = `${marked} of ${place.dataset.of} questions have a mark.`;
}

for (const grid of document.querySelectorAll("[data-mark-grid]")) {
  const boxes = [...grid.querySelectorAll("[data-marks]")];
  const place = grid.querySelector("[data-mark-count]");
  count(boxes, place);
  grid.addEventListener("input", (event) => {
    count(boxes, place);
    // Only a mark that the question may get moves on; anything else stays to be looked at.
    if (event.target.dataset.marks.split(" ").includes(event.target.value)) {
      walk(boxes, event.target, 1);
    }
  });
  grid.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!boxes.includes(box)) return;
    const step = event.key === "Backspace" && box.value === "" ? -1 : STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    walk(boxes, box, step);
  });
}
