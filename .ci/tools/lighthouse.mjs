// node lighthouse.mjs TOOLS REPORTS URL… : measures each address as Lighthouse's mobile phone does, one after the other
// in one Chromium, and prints {address: {category: median score of three}} as JSON. A fourth argument-free way to skip
// an audit: "URL without=is-crawlable".
//
// The median of three is at least ENOUGH exactly when two of three are, so the third run is made only where it decides.
// TOOLS is where `npm ci` put the packages; REPORTS gets what Lighthouse said of the lowest run of each address.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";

const ENOUGH = 0.95;
const TRIES = 3;
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const FLAGS = [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
  "--disable-background-networking", "--disable-component-update", "--disable-extensions", "--remote-debugging-port=0",
];
const [tools, reports, ...asked] = process.argv.slice(2);
const lighthouse = (await import(pathToFileURL(createRequire(join(tools, "package.json")).resolve("lighthouse")))).default;

async function portOf(profile) {
  for (let tries = 0; tries < 150; tries += 1) {
    try {
      return Number((await readFile(join(profile, "DevToolsActivePort"), "utf8")).split("\n")[0]);
    } catch {
      await pause(100); // Chromium writes the file once it listens
    }
  }
  throw new Error("Chromium did not say its port in 15 s");
}

async function measured(url, without, port) {
  const settings = {
    port, logLevel: "error", onlyCategories: CATEGORIES, disableFullPageScreenshot: true,
    skipAudits: ["screenshot-thumbnails", "final-screenshot", ...without],
  };
  let lhr;
  for (let tries = 0; tries < TRIES; tries += 1) {
    ({ lhr } = await lighthouse(url, settings));
    if (!lhr.runtimeError) break; // a trace that was not recorded says nothing of the page: it asks to be run again
  }
  if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  return { lhr, scores: Object.fromEntries(CATEGORIES.map((one) => [one, lhr.categories[one].score])) };
}

function median(runs, category) {
  const sorted = runs.map((run) => run.scores[category]).sort((a, b) => b - a);
  return sorted[1]; // the second best: of two runs the lower, of three the middle
}

const isDecided = (runs) => runs.length === 3 || (runs.length === 2 && CATEGORIES.every((one) => median(runs, one) >= ENOUGH));

const profile = await mkdtemp(join(tmpdir(), "lighthouse-"));
const chromium = spawn(process.env.CHROME_PATH ?? "chromium", [...FLAGS, `--user-data-dir=${profile}`, "about:blank"], { stdio: "ignore" });
const told = {};
try {
  const port = await portOf(profile);
  for (const [place, each] of asked.entries()) {
    const [url, ...rest] = each.split(" without=");
    const runs = [];
    while (!isDecided(runs)) runs.push(await measured(url, rest, port));
    told[url] = Object.fromEntries(CATEGORIES.map((one) => [one, Math.round(median(runs, one) * 100)]));
    const lowest = runs.reduce((one, other) => (one.scores.performance <= other.scores.performance ? one : other));
    await writeFile(join(reports, `${place}.json`), JSON.stringify(lowest.lhr));
  }
} finally {
  chromium.kill();
  await new Promise((ended) => { chromium.once("exit", ended); });
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
}
process.stdout.write(JSON.stringify(told));
