// <form data-once data-sending="Đang gửi…">: a second tap sends nothing. The form's own idempotency key guards the rest.
const AGAIN_AFTER_MS = 20000; // a lost network must not lock the form for good

export function attach(form) {
  let sent = false;
  const labels = new Map();

  function open() {
    sent = false;
    for (const [button, label] of labels) {
      button.removeAttribute("aria-disabled");
      button.textContent = "";
      button.append(...label);
    }
    labels.clear();
  }

  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    const button = event.submitter;
    if (button) {
      // aria-disabled, not disabled: the button's own name and value are still sent.
      button.setAttribute("aria-disabled", "true");
      if (form.dataset.sending && button.tagName === "BUTTON") {
        labels.set(button, [...button.childNodes]);
        button.textContent = form.dataset.sending;
      } else {
        labels.set(button, [...button.childNodes]);
      }
    }
    setTimeout(open, AGAIN_AFTER_MS);
  });
  // Back button: the page comes out of the cache as it was left, so open the form again.
  window.addEventListener("pageshow", (event) => { if (event.persisted) open(); });
}
