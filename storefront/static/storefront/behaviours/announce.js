// Says a short sentence to screen readers through the one live region in base.html.
export function announce(sentence) {
  const region = document.querySelector("[data-announcer]");
  if (!region) return;
  region.textContent = "";
  // A pause makes the same sentence, said twice, be heard twice.
  setTimeout(() => { region.textContent = sentence; }, 60);
}
