// <form data-wait="30" data-left="Đợi {left} giây">: counts down where it says so and sends itself when the time has come.
// A phone that slept goes by its clock. Without scripts the form's own button does the same.
export function attach(form) {
  const until = Date.now() + Number(form.dataset.wait) * 1000;
  const shown = document.querySelector("[data-wait-left]");
  const timer = setInterval(() => {
    const left = Math.ceil((until - Date.now()) / 1000);
    if (left > 0) {
      if (shown) shown.textContent = form.dataset.left.replace("{left}", left);
      return;
    }
    clearInterval(timer);
    form.requestSubmit();
  }, 1000);
  form.addEventListener("submit", () => clearInterval(timer));
}
