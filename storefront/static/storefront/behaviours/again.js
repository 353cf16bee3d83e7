// <section id="progress" data-again="3">: takes the same section anew from the page every so many seconds, until it comes
// back without data-again. The server alone says when there is nothing more to wait for.
const SLOWEST_S = 30;

export function attach(region) {
  let wait = Number(region.dataset.again);
  let timer = setTimeout(look, wait * 1000);

  async function look() {
    clearTimeout(timer);
    try {
      const page = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
      if (!page.ok) throw new Error(`page answered ${page.status}`);
      const fresh = new DOMParser().parseFromString(await page.text(), "text/html").getElementById(region.id);
      if (!fresh) return;
      document.removeEventListener("visibilitychange", onVisible);
      region.replaceWith(fresh);
      fresh.dispatchEvent(new Event("part:swapped", { bubbles: true }));
    } catch {
      wait = Math.min(wait * 2, SLOWEST_S); // no network, or the server restarts: what is shown stays, asked more slowly
      if (!document.hidden) timer = setTimeout(look, wait * 1000);
    }
  }

  function onVisible() {
    if (document.hidden) clearTimeout(timer);
    else if (region.isConnected) look();
  }

  document.addEventListener("visibilitychange", onVisible);
}
