// The market when the line is bad. /sw.js is this file with one line before it: const SHELL = {version, files, offline}.
// A page comes from the network; its copy only when the network fails or says nothing for PATIENCE_MS, and then it says
// of when it is. Copies are made of what everybody may see, and of the basket. Whatever speaks of somebody's money or
// orders is never kept: without network there is the offline page, which says since when.
const PATIENCE_MS = 4000;
const MOST_PAGES = 20;
const MOST_PHOTOS = 80;
const KEPT = /^\/(?:(?:search|category|p|c|policies)\/.*)?$/; // what everybody sees alike
const BASKET = "/basket/"; // kept beside the twenty
const STAFF = /^\/(?:desk|biller|member)\//; // their forms carry files and go out untouched
const SEEN = "/~seen"; // when the market last answered; no address of the site
const PAGES = "pages";
const PHOTOS = "photos";
const shellOf = (version) => `shell-${version}`;
const TIME = { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", hour12: false };
const now = () => new Intl.DateTimeFormat("vi-VN", TIME).format(new Date());
const isPage = (response) => response.status === 200 && (response.headers.get("Content-Type") ?? "").startsWith("text/html");
const isUnreached = (response) => response.status >= 502 && response.status <= 504; // the proxy speaks, the market does not

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const shell = await caches.open(shellOf(SHELL.version));
    await shell.addAll([...SHELL.files, SHELL.offline]);
    await self.skipWaiting(); // safe: files have their hash in their names, and the shell before this one stays
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const shells = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== shellOf(SHELL.version));
    await Promise.all(shells.slice(0, -1).map((name) => caches.delete(name))); // open pages still lean on the last one
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
    // Not waited for: until this event is over no page is served, and the line may be slow.
    self.clients.matchAll({ type: "window" }).then((opened) => opened.forEach((client) => keepOpened(client.url)));
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "GET" && request.mode === "navigate") event.respondWith(page(event, url));
  else if (isFormOfOurs(request) && !STAFF.test(url.pathname)) event.respondWith(sent(event, url));
  else if (request.method === "GET" && url.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.method === "GET" && url.pathname.startsWith("/media/photos/")) event.respondWith(photo(event));
});

// -- Pages ----------------------------------------------------------------------------------------------

const isKept = (url) => KEPT.test(url.pathname) || url.pathname === BASKET;
const nameOf = (url) => (url.pathname === BASKET ? BASKET : url.pathname + url.search);

async function page(event, url) {
  const asked = asking(event);
  const copy = isKept(url) ? await (await caches.open(PAGES)).match(nameOf(url)) : undefined;
  const first = copy ? await Promise.race([asked, silence()]) : await asked;
  if (first && !isUnreached(first)) {
    event.waitUntil(seen(first, url));
    return first;
  }
  if (!copy) return offline(isKept(url) ? "unseen" : "live");
  event.waitUntil(asked.then((late) => late && !isUnreached(late) && cameLate(event, late, url)));
  return withTime(copy, "data-copy-note", copy.headers.get("X-Kept-At"));
}

async function asking(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return undefined; // no network, or nobody answers
  }
}

const silence = () => new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS); });

async function cameLate(event, response, url) {
  await seen(response, url);
  const client = await self.clients.get(event.resultingClientId);
  client?.postMessage({ isFresh: true });
}

async function seen(response, url) {
  const answer = response.clone();
  const pages = await caches.open(PAGES);
  await pages.put(SEEN, new Response(now()));
  if (isPage(answer)) await speakLike(answer);
  if (!isPage(answer) || answer.redirected || !isKept(url)) {
    if (answer.status === 404 || answer.status === 410) await pages.delete(nameOf(url)); // sold no more: no copy either
    return;
  }
  const headers = new Headers({ "Content-Type": "text/html; charset=utf-8", "X-Kept-At": now() });
  for (const name of ["Content-Security-Policy", "Content-Language", "Referrer-Policy", "X-Frame-Options"]) {
    if (answer.headers.has(name)) headers.set(name, answer.headers.get(name));
  }
  const copy = new Response(await answer.text(), { headers });
  await pages.delete(nameOf(url)); // put again at the end: the oldest is the first
  await pages.put(nameOf(url), copy);
  const opened = (await pages.keys()).filter((one) => ![SEEN, BASKET].includes(new URL(one.url).pathname));
  await Promise.all(opened.slice(0, -MOST_PAGES).map((one) => pages.delete(one)));
}

async function keepOpened(address) {
  const url = new URL(address);
  if (!isKept(url)) return;
  try {
    await seen(await fetch(nameOf(url)), url); // was opened before there was anybody to keep it
  } catch {
    // no network any more: the next opening keeps it
  }
}

// -- Forms ----------------------------------------------------------------------------------------------

// A stranger's page may post here too. What this worker passes on looks as if it came from us, cookies and all: such a
// form goes its own way, past this worker.
const isFormOfOurs = ({ method, mode, referrer }) =>
  method === "POST" && mode === "navigate" && referrer.startsWith(`${location.origin}/`);

async function sent(event, url) {
  try {
    const response = await fetch(event.request);
    if (url.pathname === "/sign-out/") await forget(); // before the next page: the phone may be somebody else's by then
    return response;
  } catch {
    return offline("sent");
  }
}

// Whoever takes the phone next learns neither what was in the basket nor what was looked at.
async function forget() {
  const pages = await caches.open(PAGES);
  const all = (await pages.keys()).filter((one) => new URL(one.url).pathname !== SEEN);
  await Promise.all(all.map((one) => pages.delete(one)));
}

// -- The offline page -----------------------------------------------------------------------------------

async function offline(why) {
  const shell = await caches.open(shellOf(SHELL.version));
  const [kept, last] = await Promise.all([shell.match(SHELL.offline), caches.match(SEEN)]);
  const text = (await kept.text()).replace(`hidden data-why="${why}"`, `data-why="${why}"`);
  const shown = new Response(text, { status: 503, headers: kept.headers });
  return last ? withTime(shown, "data-since", await last.text()) : shown;
}

async function withTime(response, place, time) {
  const [before, after] = (await response.text()).split(`hidden ${place}`);
  const text = before + place + after.replace("<b data-time></b>", `<b data-time>${time}</b>`);
  return new Response(text, { status: response.status, headers: response.headers });
}

async function speakLike(answer) {
  const language = answer.headers.get("Content-Language");
  const shell = await caches.open(shellOf(SHELL.version));
  const kept = await shell.match(SHELL.offline);
  if (language && kept && kept.headers.get("Content-Language") !== language) await shell.add(SHELL.offline);
}

// -- Files ----------------------------------------------------------------------------------------------

async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}

async function photo(event) {
  const photos = await caches.open(PHOTOS);
  const kept = await photos.match(event.request);
  if (kept) return kept;
  const response = await fetch(event.request);
  if (response.status === 200) event.waitUntil(keepPhoto(photos, event.request, response.clone()));
  return response;
}

async function keepPhoto(photos, request, response) {
  await photos.put(request, response);
  const all = await photos.keys();
  await Promise.all(all.slice(0, -MOST_PHOTOS).map((one) => photos.delete(one)));
}
