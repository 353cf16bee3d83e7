// <form data-enter-next>: Enter goes to the next field to be typed, and from the last one to the button. Without
// scripts Enter sends the form, as everywhere.
export function attach(form) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("input[inputmode]")) return;
    event.preventDefault();
    const stops = [...form.querySelectorAll("input[inputmode]"), form.querySelector("button")];
    const next = stops[stops.indexOf(event.target) + 1];
    next.focus();
    next.select?.();
  });
}
