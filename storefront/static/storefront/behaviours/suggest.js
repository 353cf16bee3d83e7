// <form data-suggest="/graphql/?…&variables=">: from the third letter on the field offers what there is, as a listbox
// that fingers, arrow keys and screen readers can use. Slow or lost answers change nothing: the form works without.
const LEAST_LETTERS = 3;
const WAIT_MS = 150;
const PLACES = { PRODUCT: "/p/", CATEGORY: "/category/" };

export function attach(form) {
  const field = form.querySelector("input[type=search]");
  const asks = form.dataset.suggest;
  if (!field || !asks) return;
  const list = document.createElement("ul");
  list.className = "suggested";
  list.id = `${field.id}-suggested`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0]?.textContent ?? "");
  list.hidden = true;
  field.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) field.setAttribute(name, value);

  let waiting, asked, chosen = -1;
  const options = () => [...list.children];

  function close() {
    list.hidden = true;
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function choose(place) {
    const all = options();
    chosen = (place + all.length) % all.length;
    all.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
    field.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  }

  function take(option) {
    if (option.dataset.href) location.assign(option.dataset.href);
    else {
      field.value = option.textContent;
      close();
      form.requestSubmit();
    }
  }

  function show(found) {
    list.replaceChildren(...found.map(({ text, slug, kind }, place) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = text;
      if (slug && PLACES[kind]) option.dataset.href = `${PLACES[kind]}${encodeURIComponent(slug)}/`;
      return option;
    }));
    chosen = -1;
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(found.length > 0));
  }

  async function ask() {
    const text = field.value.trim();
    asked?.abort();
    if (text.length < LEAST_LETTERS) return close();
    asked = new AbortController();
    try {
      const answer = await fetch(asks + encodeURIComponent(JSON.stringify({ text })), { signal: asked.signal, headers: { Accept: "application/json" } });
      const found = answer.ok ? (await answer.json()).data?.productSuggestions ?? [] : [];
      if (document.activeElement === field) show(found);
    } catch (lost) {
      if (lost.name !== "AbortError") close(); // no network: typing goes on, the button searches
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT_MS);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? -1 : chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0) take(options()[chosen]);
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) take(option);
  });
  field.addEventListener("blur", close);
}
