/** The npm package in Chromium, served as a site would serve it: questions on standard input, answers on standard output. */

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname } from "node:path";

import { browser } from "../../web-demo/tests/site.mjs";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };

const files = new Map([
  ["/", Buffer.from("<!doctype html><title>The contract</title>")],
  ["/questions", readFileSync(0)],
  ["/runner.mjs", readFileSync(new URL("runner.mjs", import.meta.url))],
]);

const server = createServer(({ url }, response) => {
  const body = files.get(url) ?? readFileSync(new URL(`node_modules${url}`, import.meta.url));
  response.writeHead(200, { "content-type": TYPES[extname(url) || ".html"] ?? "application/octet-stream" }).end(body);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const chromium = await browser();
const page = await chromium.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);
const text = await page.evaluate(async () => {
  const [sqljwt, { answers }] = [await import("/sqljwt/browser.js"), await import("/runner.mjs")];
  const questions = await fetch("/questions");
  return answers(sqljwt, new Uint8Array(await questions.arrayBuffer()));
});
process.stdout.write(text);
await chromium.close();
server.close();
