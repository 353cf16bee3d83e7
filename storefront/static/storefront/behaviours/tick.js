// <input type="checkbox" data-tick="name">: a box ticked while fetching goods stays ticked on this phone for the day.
const TODAY = new Date().toLocaleDateString("sv");

function read() {
  try {
    const kept = JSON.parse(window.localStorage.getItem("cho-phien:ticks") ?? "null");
    return kept?.day === TODAY ? kept : { day: TODAY, names: [] };
  } catch {
    return { day: TODAY, names: [] }; // no storage in some chat apps' browsers: ticks last as long as the page
  }
}

export function attach(box) {
  const name = box.dataset.tick;
  box.checked = read().names.includes(name);
  box.addEventListener("change", () => {
    const kept = read();
    kept.names = kept.names.filter((other) => other !== name).concat(box.checked ? [name] : []);
    try {
      window.localStorage.setItem("cho-phien:ticks", JSON.stringify(kept));
    } catch {
      // nothing is lost but the tick
    }
  });
}
