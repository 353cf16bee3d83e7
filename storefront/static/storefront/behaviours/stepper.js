// <span data-stepper> <button hidden data-step="-1"> <input type=number min max step> <button hidden data-step="1">
export function attach(stepper) {
  const input = stepper.querySelector("input[type=number]");
  const buttons = stepper.querySelectorAll("[data-step]");

  function keepInside() {
    const value = Number(input.value);
    for (const button of buttons) {
      const down = Number(button.dataset.step) < 0;
      button.disabled = down ? input.min !== "" && value <= Number(input.min) : input.max !== "" && value >= Number(input.max);
    }
  }

  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => {
      if (Number(button.dataset.step) < 0) input.stepDown();
      else input.stepUp();
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  input.addEventListener("input", keepInside);
  keepInside();
}
