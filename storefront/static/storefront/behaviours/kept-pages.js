// The offline page: <button hidden data-back>, and <section hidden data-kept-pages> <ul> lists what this phone has a copy of.
const link = (path, title) => {
  const item = document.createElement("li");
  const anchor = Object.assign(document.createElement("a"), { href: path, textContent: title });
  item.append(anchor);
  return item;
};

export async function attach(section) {
  const back = document.querySelector("[data-back]");
  if (history.length > 1) {
    back.hidden = false;
    back.addEventListener("click", () => history.back());
  }
  if (!("caches" in window) || !(await caches.has("pages"))) return;
  const pages = await caches.open("pages");
  const items = [];
  for (const request of await pages.keys()) {
    const { pathname, search } = new URL(request.url);
    const text = await (await pages.match(request)).text();
    const title = new DOMParser().parseFromString(text, "text/html").title.split(" · ")[0];
    if (title) items.unshift(link(pathname + search, title));
  }
  section.querySelector("ul").replaceChildren(...items);
  section.hidden = items.length === 0;
}
