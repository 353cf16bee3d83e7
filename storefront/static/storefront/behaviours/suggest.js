// <form data-suggest="/graphql/?…&variables=">: from the third letter on the field offers what there is, as a listbox
// that fingers, arrow keys and screen readers can use. Slow or lost answers change nothing: the form works without.
const LEAST_LETTERS = 3;
const WAIT_MS = 150;
const PLACES = { PRODUCT: "/p/", CATEGORY: "/category/" };

// ask(text, signal) → [{ text, note, … }] or null; take(offered) once one is chosen. Behind commune.js too.
export function attachList(field, { ask, take }) {
  const list = document.createElement("ul");
  list.className = "suggested";
  list.id = `${field.id}-suggested`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0]?.textContent ?? "");
  list.hidden = true;
  field.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) field.setAttribute(name, value);

  let waiting, asked, chosen = -1, offered = [];
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

  function taken(option) {
    const one = offered[options().indexOf(option)];
    close();
    take(one);
  }

  function show(found) {
    offered = found;
    list.replaceChildren(...found.map(({ text, note }, place) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = text;
      if (note) {
        const small = document.createElement("small");
        small.textContent = note;
        option.append(" ", small);
      }
      return option;
    }));
    chosen = -1;
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(found.length > 0));
  }

  async function look() {
    const text = field.value.trim();
    asked?.abort();
    if (text.length < LEAST_LETTERS) return close();
    asked = new AbortController();
    try {
      const found = await ask(text, asked.signal);
      if (document.activeElement === field) show(found);
    } catch (lost) {
      if (lost.name !== "AbortError") close(); // no network: typing goes on, the button searches
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, WAIT_MS);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? -1 : chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0) taken(options()[chosen]);
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) taken(option);
  });
  field.addEventListener("blur", close);
}

export function attach(form) {
  const field = form.querySelector("input[type=search]");
  const asks = form.dataset.suggest;
  if (!field || !asks) return;
  attachList(field, {
    async ask(text, signal) {
      const answer = await fetch(asks + encodeURIComponent(JSON.stringify({ text })), { signal, headers: { Accept: "application/json" } });
      return answer.ok ? (await answer.json()).data?.productSuggestions ?? [] : [];
    },
    take({ text, slug, kind }) {
      if (slug && PLACES[kind]) return location.assign(`${PLACES[kind]}${encodeURIComponent(slug)}/`);
      field.value = text;
      form.requestSubmit();
    },
  });
}
