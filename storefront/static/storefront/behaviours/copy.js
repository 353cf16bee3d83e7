// <button data-copy="0123" data-copy-from="id of the shown value" data-done="Đã chép" data-by-hand="Đã chọn…">
import { announce } from "./announce.js";

async function copied(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // No clipboard on plain http and in some chat apps' browsers: select what is shown and ask the old way.
    if (!shown) return false;
    getSelection().selectAllChildren(shown);
    return document.execCommand("copy");
  }
}

export function attach(button) {
  const label = button.querySelector("[data-label]") ?? button;
  const usual = label.textContent;
  let timer;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copied(button.dataset.copy, document.getElementById(button.dataset.copyFrom));
    announce(done ? button.dataset.done : button.dataset.byHand);
    if (done) {
      label.textContent = button.dataset.done;
      button.classList.add("copied");
    }
    clearTimeout(timer);
    timer = setTimeout(() => {
      label.textContent = usual;
      button.classList.remove("copied");
    }, 2500);
  });
}
