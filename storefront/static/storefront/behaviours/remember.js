// <form data-remember="checkout">: what was typed is kept on this phone at sending, and offered next time.
// <p hidden data-remembered> … <button type="button" data-forget>Xóa</button></p> shows that it is kept.
const NEVER = new Set(["hidden", "password", "file", "submit", "button"]);

function storage() {
  try {
    return window.localStorage;
  } catch {
    return null; // some chat apps' browsers forbid it; the form then starts empty each time
  }
}

export function attach(form) {
  const store = storage();
  if (!store) return;
  const key = `cho-phien:${form.dataset.remember}`;
  const note = form.querySelector("[data-remembered]");
  const fields = () => [...form.elements].filter((field) => field.name && !NEVER.has(field.type) && field.autocomplete !== "off");

  const kept = JSON.parse(store.getItem(key) ?? "null");
  if (kept) {
    let isFilled = false;
    for (const field of fields()) {
      if (!(field.name in kept)) continue;
      if (field.type === "radio" || field.type === "checkbox") {
        if (!form.querySelector("[aria-invalid]")) field.checked = kept[field.name].includes(field.value);
      } else if (!field.value) {
        field.value = kept[field.name][0];
        isFilled ||= field.value !== "";
      }
    }
    if (note && isFilled) note.hidden = false;
    if (isFilled) form.dispatchEvent(new Event("change")); // what hangs on it is counted anew
  }

  form.addEventListener("submit", () => {
    const names = new Set(fields().map((field) => field.name));
    const data = new FormData(form);
    store.setItem(key, JSON.stringify(Object.fromEntries([...names].map((name) => [name, data.getAll(name)]).filter(([, values]) => values.length))));
  });
  form.querySelector("[data-forget]")?.addEventListener("click", () => {
    store.removeItem(key);
    for (const field of fields()) if (field.type !== "radio" && field.type !== "checkbox") field.value = "";
    if (note) note.hidden = true;
    form.querySelector("input:not([type=hidden])")?.focus();
  });
}
