// <section data-share="address" data-title="…">: one button. The phone's own way to pass a link on, where the browser
// has one; else it copies the address; where even that is refused, it selects what is shown. Asks no other host.
export function attach(section) {
  const button = section.querySelector("[data-share-button]");
  const label = button.querySelector("[data-label]");
  const link = section.querySelector("[data-share-link]");
  const announcer = document.querySelector("[data-announcer]");
  const { send, copyLabel, done, byHand } = button.dataset;
  const shared = { title: section.dataset.title, url: section.dataset.share };
  let canSend = Boolean(navigator.share) && (navigator.canShare?.(shared) ?? true);

  function name() { label.textContent = canSend ? send : copyLabel; }

  async function copied() {
    try {
      await navigator.clipboard.writeText(shared.url);
      return true;
    } catch {
      getSelection().selectAllChildren(link); // plain http, and browsers inside chat apps
      return document.execCommand("copy");
    }
  }

  function say(sentence) {
    label.textContent = sentence;
    if (announcer) announcer.textContent = sentence;
    setTimeout(name, 2500);
  }

  button.addEventListener("click", async () => {
    if (canSend) {
      try {
        await navigator.share(shared);
        return;
      } catch (error) {
        if (error.name === "AbortError") return; // she thought better of it
        canSend = false; // promised and not kept, as some chat apps do
      }
    }
    say((await copied()) ? done : byHand);
  });
  name();
  button.hidden = false;
}
