// Looks at pages in a real Chromium and says on standard output, as JSON, what it saw.
//
//   node browse.cjs ADDRESS CHROMIUM PROFILE < job.json
//
// A job is {"pages": ["/", ...], "looks": [...], "axe": true|false, "keys": {...}, "break": true|false}; a look is
// {"theme", "width", "script"}. For every page and look it reports console messages, requests that went elsewhere,
// how far the page can be scrolled sideways, what axe-core finds, and the numbers in the tables.

"use strict";

const { chromium } = require("playwright-core");
const axe = require("axe-core");

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

async function main() {
  const [address, executablePath, profile] = process.argv.slice(2);
  const job = JSON.parse(await text(process.stdin));
  const origin = `http://${address}`;
  const seen = [];
  for (const look of job.looks) {
    // A profile of its own for every look, so that nothing of one is there in the next.
    const browser = await chromium.launchPersistentContext(`${profile}/${look.theme}-${look.width}-${look.script}`, {
      executablePath,
      headless: true,
      args: FLAGS,
      colorScheme: look.theme,
      viewport: { width: look.width, height: 800 },
    });
    try {
      for (const path of job.pages) seen.push({ path, look, ...(await page(browser, origin, path, look, job)) });
    } finally {
      await browser.close();
    }
  }
  process.stdout.write(JSON.stringify({ seen, axe: axe.version }) + "\n");
}

async function page(browser, origin, path, look, job) {
  const tab = await browser.newPage();
  // A browser that runs no script cannot be asked what it shows either, so the page's only script comes empty.
  if (!look.script) await tab.route("**/*.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  const messages = [];
  const foreign = [];
  tab.on("console", (message) => messages.push(`${message.type()}: ${message.text()}`));
  tab.on("pageerror", (error) => messages.push(`error: ${error.message}`));
  tab.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith("data:")) foreign.push(url);
  });
  const reply = await tab.goto(origin + path, { waitUntil: "load" });
  const said = { status: reply.status(), policy: reply.headers()["content-security-policy"] };
  // What the page may not do, done from outside: seen to be found.
  if (job.break) await tab.evaluate(spoil);
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const found = await tab.evaluate(read);
  const violations = job.axe ? await broken(tab) : [];
  const keys = job.keys && look.script ? await pressed(tab, job.keys) : undefined;
  const print = job.print ? await printed(tab, look) : undefined;
  if (job.pictures) await picture(tab, job, path, look);
  await tab.close();
  return { ...said, messages, foreign, sideways: wide, violations, keys, print, ...found };
}

// Put into the page from outside: its own policy would not let it load this.
async function broken(tab) {
  await tab.evaluate(`(() => { const module = undefined; const exports = undefined; const define = undefined; ${axe.source}; globalThis.axe = axe; })()`);
  const result = await tab.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return result.violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
}

// Every table's texts (not the row that stands for the rest), and what a person without script has.
function read() {
  const cells = (row) => [...row.cells].map((cell) => cell.textContent.trim());
  const tables = {};
  for (const table of document.querySelectorAll("table[id]")) {
    const rows = [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => !row.hasAttribute("aria-hidden") && !row.classList.contains("rest"));
    tables[table.id] = { head: cells(table.tHead.rows[0]), rows: rows.map(cells), foot: table.tFoot ? cells(table.tFoot.rows[0]) : null };
  }
  return {
    title: document.title,
    h1: [...document.querySelectorAll("h1")].map((head) => head.textContent.trim()),
    figures: [...document.querySelectorAll(".strip dl > div")].map((one) => ({
      name: one.querySelector("dt").textContent.trim(),
      value: one.querySelector(".big").textContent.trim(),
      moved: one.querySelector(".moved").textContent.trim(),
    })),
    text: document.querySelector("main").innerText,
    banner: document.querySelector(".banner")?.textContent.trim() ?? null,
    chart: document.querySelector(".plot")?.getAttribute("aria-label") ?? null,
    bars: [...document.querySelectorAll(".chart .bar title")].map((title) => title.textContent),
    current: [...document.querySelectorAll("nav [aria-current]")].map((link) => link.textContent.trim()),
    nav: [...document.querySelectorAll("nav a")].map((link) => link.getAttribute("href")),
    links: [...document.querySelectorAll("a[href]")].map((link) => link.getAttribute("href")),
    styles: document.querySelectorAll("[style], style").length,
    tables,
  };
}

// Walks over a chart with the keys that are named, and notes what is read out after each.
async function pressed(tab, keys) {
  const box = tab.locator(keys.box);
  if ((await box.count()) === 0) return [];
  await box.focus();
  const said = [];
  for (const key of keys.press) {
    await tab.keyboard.press(key);
    said.push(await tab.locator("output.reading").textContent());
  }
  return said;
}

// What paper shows of a page that was dark on the screen.
async function printed(tab, look) {
  const ground = () => getComputedStyle(document.documentElement).backgroundColor;
  const screen = await tab.evaluate(ground);
  await tab.emulateMedia({ media: "print", colorScheme: look.theme });
  const display = (selector) => getComputedStyle(document.querySelector(selector)).display;
  const paper = await tab.evaluate(ground);
  const hidden = [await tab.evaluate(display, "nav"), await tab.evaluate(display, ".filters")];
  const caveats = await tab.evaluate(display, ".caveats");
  return { screen, paper, hidden, caveats };
}

// Breaks contrast, a chart's name, the one h1, and the width.
function spoil() {
  document.querySelector(".caveats, .state")?.setAttribute("class", "spoilt");
  const spoilt = document.querySelector(".spoilt");
  if (spoilt) spoilt.style.color = "#ddd";
  document.querySelector(".plot")?.removeAttribute("aria-label");
  document.querySelector("h1")?.remove();
  const wide = document.createElement("p");
  wide.textContent = "x".repeat(400);
  document.querySelector("main").append(wide);
}

async function picture(tab, job, path, look) {
  const name = `${path.replace(/[^a-z0-9]+/gi, "_")}-${look.width}-${look.theme}${look.script ? "" : "-noscript"}`;
  if (job.media) await tab.emulateMedia({ media: job.media, colorScheme: look.theme });
  await tab.screenshot({ path: `${job.pictures}/${name}${job.media ? `-${job.media}` : ""}.png`, fullPage: true });
}

async function text(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
