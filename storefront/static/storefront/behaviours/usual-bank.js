// <a data-usual-bank="mb">: pressed once, the pay page offers that bank's app first. Kept on this phone, for a year.
export function attach(link) {
  link.addEventListener("click", () => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `bank_app=${encodeURIComponent(link.dataset.usualBank)}; Path=/pay/; Max-Age=31536000; SameSite=Lax${secure}`;
  });
}
