// Payment page: <section id="pay-state" data-refresh="/pay/CP…/status" data-clock="Xem lúc {time}" data-offline="…">
// Asks the conditional URL; when its answer changes, takes the same region from the page itself. A region that comes
// back without data-refresh ends the asking, so the server alone says when a state is final.
import { announce } from "./announce.js";

const FIRST_MS = 2000;
const SLOWEST_MS = 10000;

export function attach(region) {
  let etag = null;
  let wait = FIRST_MS;
  let timer = null;
  let asking = false;

  function showClock(sentence) {
    const time = new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date());
    const clock = region.querySelector("[data-refresh-clock]");
    if (clock && sentence) clock.textContent = sentence.replace("{time}", time);
  }

  async function swap() {
    const page = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (!page.ok) throw new Error(`page answered ${page.status}`);
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html").getElementById(region.id);
    if (!fresh) return location.reload();
    document.removeEventListener("visibilitychange", onVisible);
    region.replaceWith(fresh);
    announce(fresh.querySelector("[data-state-title]")?.textContent.trim() ?? "");
    fresh.dispatchEvent(new Event("part:swapped", { bubbles: true }));
  }

  async function ask() {
    if (asking) return;
    asking = true;
    clearTimeout(timer);
    try {
      const answer = await fetch(region.dataset.refresh, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
      if (answer.status === 200) {
        const { state, paid_dong: paid, due_dong: due } = await answer.json();
        const { state: knownState, paid: knownPaid, due: knownDue } = region.dataset;
        etag = answer.headers.get("ETag");
        // What is due changes by itself too: a bill was corrected, a part of a bundle was paid elsewhere.
        const isOld = state !== knownState || String(paid) !== knownPaid || (knownDue && String(due) !== knownDue);
        if (isOld) return await swap();
      } else if (answer.status !== 304) {
        throw new Error(`status answered ${answer.status}`);
      }
      showClock(region.dataset.clock);
      wait = Math.min(wait * 1.15, SLOWEST_MS);
    } catch {
      // Network gone or server restarting: keep the last known state on screen, say so, and ask again more slowly.
      showClock(region.dataset.offline);
      etag = null;
      wait = SLOWEST_MS;
    } finally {
      asking = false;
    }
    if (!document.hidden) timer = setTimeout(ask, wait);
  }

  function onVisible() {
    clearTimeout(timer);
    if (!region.isConnected || document.hidden) return;
    wait = FIRST_MS; // the buyer is back from the bank's app: look at once
    ask();
  }

  document.addEventListener("visibilitychange", onVisible);
  timer = setTimeout(ask, FIRST_MS);
}
