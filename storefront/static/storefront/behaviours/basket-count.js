// Pages that are the same for everybody do not know the basket: this phone does (storefront/basket_cookie.py).
const COOKIE = /(?:^|; )basket_n=([0-9]{1,3})(?:;|$)/;

export function attach(badge) {
  const count = badge.querySelector("[data-count]");
  const show = () => {
    const held = COOKIE.exec(document.cookie);
    count.textContent = held ? held[1] : "";
    badge.hidden = !held;
  };
  show();
  addEventListener("pageshow", show); // "back" brings the page as it was left
}
