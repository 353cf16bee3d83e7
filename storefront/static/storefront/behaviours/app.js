// Pages work without scripts. Each behaviour below is fetched only when a page carries its attribute.
const behaviours = [
  ["[data-copy]", () => import("./copy.js")],
  ["[data-refresh]", () => import("./refresh.js")],
  ["[data-again]", () => import("./again.js")],
  ["form[data-wait]", () => import("./wait.js")],
  ["[data-stepper]", () => import("./stepper.js")],
  ["form[data-remember]", () => import("./remember.js")],
  ["form[data-suggest]", () => import("./suggest.js")],
  ["form[data-once]", () => import("./once.js")],
  ["form[data-enter-next]", () => import("./enter-next.js")],
  ["form[data-remainder]", () => import("./remainder.js")],
  ["a[data-usual-bank]", () => import("./usual-bank.js")],
  ["input[type=file][data-shrink]", () => import("./photo-shrink.js")],
  ["[data-basket-count]", () => import("./basket-count.js")],
  ["[data-offline-notice]", () => import("./offline.js")],
  ["[data-kept-pages]", () => import("./kept-pages.js")],
  ["[data-installed]", () => import("./installed.js")],
];
const attached = new WeakMap();

function attachAll(root) {
  for (const [selector, load] of behaviours) {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.push(root);
    for (const element of found) {
      const names = attached.get(element) ?? new Set();
      if (names.has(selector)) continue;
      attached.set(element, names.add(selector));
      load().then((behaviour) => behaviour.attach(element));
    }
  }
}

attachAll(document);
document.addEventListener("part:swapped", (event) => attachAll(event.target));
