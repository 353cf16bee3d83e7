// <aside hidden data-installed="/sw.js"> <button data-install> <button data-not-now>: starts the service worker, and
// offers the home screen to who comes back. Inside a chat app's browser nothing is offered: it could not do it.
const IN_APP = /Zalo|FBAN|FBAV|FB_IAB|Instagram|Line\/|MicroMessenger|TikTok|; wv\)/;
const NOT_NOW = "cho-phien:not-now";
const CAME = "cho-phien:came";

function isWanted() {
  try {
    if (!sessionStorage.getItem(CAME)) localStorage.setItem(CAME, Number(localStorage.getItem(CAME) ?? 0) + 1);
    sessionStorage.setItem(CAME, "1");
    return Number(localStorage.getItem(CAME)) > 1 && !localStorage.getItem(NOT_NOW);
  } catch {
    return false; // no storage: it would ask again each time
  }
}

async function work(script) {
  try {
    await navigator.serviceWorker?.register(script);
  } catch {
    // forbidden here (a private window, a chat app's browser): every page works without
  }
}

export function attach(aside) {
  // After the page is there, so that what is looked at never waits for what is kept.
  if (document.readyState === "complete") work(aside.dataset.installed);
  else window.addEventListener("load", () => work(aside.dataset.installed));
  const wanted = isWanted() && !IN_APP.test(navigator.userAgent);
  let offer = null;
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault(); // the browser's own bar covers the button one is about to press
    if (!wanted) return;
    offer = event;
    aside.hidden = false;
  });
  aside.querySelector("[data-install]").addEventListener("click", async () => {
    aside.hidden = true;
    await offer?.prompt();
  });
  aside.querySelector("[data-not-now]").addEventListener("click", () => {
    aside.hidden = true;
    localStorage.setItem(NOT_NOW, "1");
  });
}
