// <div data-commune="/places/communes/">: while a commune is typed, by its new or old name, the field offers those there
// are. What is chosen is written into the field and into the form's hidden code; the "Tìm xã" button does it without us.
import { attachList } from "./suggest.js";

export function attach(part) {
  const field = part.querySelector("input[name=commune_typed]");
  const form = field?.form;
  if (!form) return;
  part.querySelector("[data-find-commune]")?.closest("p").remove(); // what is typed is read once the field is left
  attachList(field, {
    async ask(text, signal) {
      const query = new URLSearchParams({ q: text, province: form.elements.province?.value ?? "" });
      const answer = await fetch(`${part.dataset.commune}?${query}`, { signal, headers: { Accept: "application/json" } });
      const found = answer.ok ? (await answer.json()).communes : [];
      return found.map(({ value, name, old }) => ({ text: name, note: old && `(${old})`, value }));
    },
    take({ text, value }) {
      field.value = text;
      const [code, of] = ["commune", "commune_of"].map((name) => {
        for (const radio of part.querySelectorAll(`[type=radio][name=${name}]`)) radio.checked = false;
        return part.querySelector(`[type=hidden][name=${name}]`) ?? hidden(part, name);
      });
      code.value = value;
      of.value = text;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    },
  });
}

function hidden(part, name) {
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = name;
  return part.querySelector("[data-swap]").appendChild(input);
}
