// <form data-postage>: a new place or way is counted anew by the server, and every [data-swap] takes what it says. The
// button "Tính lại" does the same without us. A lost answer leaves the page; what is agreed to is checked on placing.
const COUNTS = new Set(["receive", "province", "commune", "commune_typed"]);
const READ = ["province", "commune_typed", "hamlet", "landmark"];

export function attach(form) {
  form.querySelector("[data-count]")?.closest("p").remove();
  let asked;

  async function count() {
    asked?.abort();
    asked = new AbortController();
    const typed = new FormData(form);
    typed.set("do", "count");
    try {
      const answer = await fetch(form.action || location.href, { method: "POST", body: typed, signal: asked.signal });
      if (!answer.ok) return;
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch (lost) {
      if (lost.name !== "AbortError") console.info("postage is counted when the order is placed");
    }
  }

  function show(fresh) {
    for (const part of form.querySelectorAll("[data-swap]")) {
      const now = fresh.getElementById(part.id);
      if (now && now.innerHTML !== part.innerHTML) part.replaceChildren(...now.childNodes);
    }
    for (const name of READ) {
      const field = form.elements[name];
      const now = fresh.querySelector(`form[data-postage] [name=${name}]`);
      if (field && now && field !== document.activeElement && now.value) field.value = now.value;
    }
  }

  form.addEventListener("change", (event) => {
    if (COUNTS.has(event.target.name) || event.target === form) count();
  });
  // What this phone remembered may have been filled in before we came.
  if (form.elements.commune_typed?.value && !form.querySelector("[name=commune][value]:not([value=''])")) count();
}
