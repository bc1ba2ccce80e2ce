/** The package in a real browser: `const { evaluate, close } = await inChromium();  await evaluate(() => sqljwt.reasonCodes());`. */

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

const PATIENCE = 300_000;

/**
 * Opens a page whose global `sqljwt` is the package in `folder`, imported by its door for browsers. `evaluate(code,
 * argument)` runs a function in the page; its argument and what it returns are copied. `files` are served beside the
 * package, each under its name.
 */
export async function inChromium({ folder = fileURLToPath(new URL("../pkg/", import.meta.url)), files = {} } = {}) {
  const site = await served(folder, {
    "/": "<!doctype html><title>sqljwt</title>",
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`/${name}`, text])),
  });
  let browser;
  const close = async () => {
    await browser?.close();
    site.close();
  };
  try {
    browser = await launched();
    const page = await browser.newPage();
    // A machine may be slow; what hangs is stopped all the same.
    page.setDefaultTimeout(PATIENCE);
    await page.goto(site.address);
    await page.evaluate(async () => {
      globalThis.sqljwt = await import("./sqljwt/browser.js");
    });
    return { page, address: site.address, evaluate: (code, argument) => page.evaluate(code, argument), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Debian's Chromium, or the one that `CHROMIUM` names; without its sandbox, which a container's root cannot have. */
function launched() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"], timeout: PATIENCE });
}

/** Serves pages by their path, and the package's folder below `/sqljwt/`, to this machine alone. */
async function served(folder, pages) {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    try {
      const body = pages[path] ?? readFileSync(join(folder, path.replace(/^\/sqljwt\//, "/")));
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/html" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}
