// <div data-pin><input …><button hidden data-pin-here data-none="…">: where the phone stands, as an Open Location Code.
// Counted here: the place leaves the phone only with the order.
const DIGITS = "23456789CFGHJMPQRVWX";
const PAIRS = 5;

// ± 14 m: ten digits, the form that any map understands.
export function plusCode(latitude, longitude) {
  const step = 8000; // of a degree: the cells of ten digits
  let north = Math.floor((Math.min(Math.max(latitude, -90), 90 - 1 / step) + 90) * step);
  let east = Math.floor((((longitude + 180) % 360) + 360) % 360 * step);
  let code = "";
  for (let pair = 0; pair < PAIRS; pair += 1) {
    code = DIGITS[north % 20] + DIGITS[east % 20] + code;
    north = Math.floor(north / 20);
    east = Math.floor(east / 20);
  }
  return `${code.slice(0, 8)}+${code.slice(8)}`;
}

export function attach(part) {
  const field = part.querySelector("input");
  const button = part.querySelector("[data-pin-here]");
  if (!navigator.geolocation || !button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const say = (sentence) => { field.placeholder = sentence; };
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { field.value = plusCode(coords.latitude, coords.longitude); },
      () => say(button.dataset.none),
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
}
