// Pages work without scripts. Each behaviour below is fetched only when a page carries its attribute.
const behaviours = [
  ["[data-copy]", async () => ({ attach: (await import("./paying.js")).attachCopy })],
  ["[data-refresh]", async () => ({ attach: (await import("./paying.js")).attachRefresh })],
  ["[data-again]", () => import("./again.js")],
  ["form[data-wait]", () => import("./wait.js")],
  ["[data-stepper]", () => import("./stepper.js")],
  ["form[data-remember]", () => import("./remember.js")],
  ["[data-share]", () => import("./share.js")],
  ["form[data-suggest]", () => import("./suggest.js")],
  ["form[data-postage]", () => import("./postage.js")],
  ["[data-commune]", () => import("./commune.js")],
  ["[data-pin]", () => import("./pin.js")],
  ["form[data-once]", () => import("./once.js")],
  ["form[data-enter-next]", () => import("./enter-next.js")],
  ["form[data-remainder]", () => import("./remainder.js")],
  ["a[data-usual-bank]", () => import("./usual-bank.js")],
  ["input[type=file][data-shrink]", () => import("./photo-shrink.js")],
  ["input[data-tick]", () => import("./tick.js")],
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

// -- On every page, so in this file ---------------------------------------------------------------------------
// Pages that are the same for everybody do not know the basket: this phone does (storefront/basket_cookie.py).
const BASKET_COOKIE = /(?:^|; )basket_n=([0-9]{1,3})(?:;|$)/;

function countBasket(badge) {
  const count = badge.querySelector("[data-count]");
  const show = () => {
    const held = BASKET_COOKIE.exec(document.cookie);
    count.textContent = held ? held[1] : "";
    badge.hidden = !held;
  };
  show();
  addEventListener("pageshow", show); // "back" brings the page as it was left
}

// <p hidden data-offline-notice>: shown while the phone has no network.
// <p hidden data-copy-note> … <a hidden data-copy-fresh>: the service worker shows it on a copy; the link appears once
// the page of now has come after all.
function tellOffline(notice) {
  const copy = document.querySelector("[data-copy-note]:not([hidden])");
  const isSaid = copy !== null || document.querySelector("[data-kept-pages]") !== null; // the page itself says it
  const show = () => { notice.hidden = navigator.onLine || isSaid; };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
  navigator.serviceWorker?.addEventListener("message", (event) => {
    const link = copy?.querySelector("[data-copy-fresh]");
    if (link && event.data?.isFresh) link.hidden = false;
  });
  navigator.serviceWorker?.startMessages();
}

for (const badge of document.querySelectorAll("[data-basket-count]")) countBasket(badge);
for (const notice of document.querySelectorAll("[data-offline-notice]")) tellOffline(notice);
