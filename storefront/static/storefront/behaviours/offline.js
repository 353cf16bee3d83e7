// <p hidden data-offline-notice>: shown while the phone has no network.
// <p hidden data-copy-note> … <a hidden data-copy-fresh>: the service worker shows it on a copy; the link appears once
// the page of now has come after all.
export function attach(notice) {
  const copy = document.querySelector("[data-copy-note]:not([hidden])");
  const show = () => { notice.hidden = navigator.onLine || copy !== null; };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
  navigator.serviceWorker?.addEventListener("message", (event) => {
    const link = copy?.querySelector("[data-copy-fresh]");
    if (link && event.data?.isFresh) link.hidden = false;
  });
  navigator.serviceWorker?.startMessages();
}
