// <p hidden data-offline-notice>: shown while the phone has no network.
export function attach(notice) {
  const show = () => { notice.hidden = navigator.onLine; };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}
