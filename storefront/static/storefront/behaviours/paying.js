// What a payment page does, in one file: on a bad line each further file is a wait of its own, and its budget counts them.

// -- Said to screen readers ---------------------------------------------------------------------------------
// Says a short sentence to screen readers through the one live region in base.html.
function announce(sentence) {
  const region = document.querySelector("[data-announcer]");
  if (!region) return;
  region.textContent = "";
  // A pause makes the same sentence, said twice, be heard twice.
  setTimeout(() => { region.textContent = sentence; }, 60);
}

// -- Copying ------------------------------------------------------------------------------------------------
// <button data-copy="0123" data-copy-from="id of the shown value" data-done="Đã chép" data-by-hand="Đã chọn…">
async function copied(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // No clipboard on plain http and in some chat apps' browsers: select what is shown and ask the old way.
    if (!shown) return false;
    getSelection().selectAllChildren(shown);
    return document.execCommand("copy");
  }
}

export function attachCopy(button) {
  const label = button.querySelector("[data-label]") ?? button;
  const usual = label.textContent;
  let timer;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copied(button.dataset.copy, document.getElementById(button.dataset.copyFrom));
    announce(done ? button.dataset.done : button.dataset.byHand);
    if (done) {
      label.textContent = button.dataset.done;
      button.classList.add("copied");
    }
    clearTimeout(timer);
    timer = setTimeout(() => {
      label.textContent = usual;
      button.classList.remove("copied");
    }, 2500);
  });
}

// -- Asking whether the money has come ----------------------------------------------------------------------
// Payment page: <section id="pay-state" data-refresh="/pay/CP…/status" data-clock="Xem lúc {time}" data-offline="…">
// Asks the conditional URL; when its answer changes, takes the same region from the page itself. A region that comes
// back without data-refresh ends the asking, so the server alone says when a state is final.
const FIRST_MS = 2000;
const SLOWEST_MS = 10000;

export function attachRefresh(region) {
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
