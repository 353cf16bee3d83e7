// <form data-remainder="150000" data-left="Còn {dong} …" data-none="…" data-over="Quá {dong} …">: says what the rows
// leave of the money, while they are typed. The server counts for itself.
const TYPED = /^\d{1,16}$|^\d{1,3}(?:[. ]\d{3})+$/;

function typed(input) {
  const text = input.value.trim().replace(/\s?(đ|₫|vnđ)$/i, "");
  return TYPED.test(text) ? Number(text.replace(/[. ]/g, "")) : 0;
}

export function attach(form) {
  const shown = form.querySelector("[data-remainder-shown]");
  const inputs = [...form.querySelectorAll("input[name=dong]")];
  const figures = new Intl.NumberFormat("vi-VN");

  function show() {
    const left = Number(form.dataset.remainder) - inputs.reduce((sum, input) => sum + typed(input), 0);
    const said = left > 0 ? form.dataset.left : left < 0 ? form.dataset.over : form.dataset.none;
    shown.textContent = said.replace("{dong}", `${figures.format(Math.abs(left))}\u00a0₫`);
    shown.classList.toggle("remainder--over", left < 0);
    shown.hidden = false;
  }

  for (const input of inputs) input.addEventListener("input", show);
  show();
}
