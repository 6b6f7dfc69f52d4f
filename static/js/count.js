// Counts down the letters of a long text; read out only after a pause in typing.
const PAUSE = 1000;

function words(left) {
  const number = Math.abs(left).toLocaleString("en-GB");
  const noun = Math.abs(left) === 1 ? "character" : "characters";
  return left < 0 ? `${number} ${noun} too many` : `${number} ${noun} left`;
}

export function countLetters(page) {
  for (const box of page.querySelectorAll("[data-most-letters]")) {
    const seen = page.getElementById(`${box.id}-count`);
    const heard = page.getElementById(`${box.id}-count-read`);
    const most = Number(box.dataset.mostLetters);
    let pause;
    const count = () => {
      const left = most - [...box.value.trim()].length;
      seen.textContent = words(left);
      seen.classList.toggle("is-over", left < 0);
      clearTimeout(pause);
      pause = setTimeout(() => { heard.textContent = words(left); }, PAUSE);
    };
    box.addEventListener("input", count);
  }
}
