/** The README's code runs as it stands there, each block in its own surroundings. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import test from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

import { build } from "vite";

import { explain } from "sqljwt";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const built = fileURLToPath(new URL("../pkg", import.meta.url));
const folder = fileURLToPath(new URL("../target/readme", import.meta.url));

// What a browser has and Node lacks: fetching from where the page came from, here a folder.
const browser = `
  import { readFileSync } from "node:fs";
  globalThis.fetch = async (url) => new Response(readFileSync(new URL(url)));
`;

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
symlinkSync(built, `${folder}/sqljwt`, "junction");

test("Node", () => {
  const output = run(written("node.mjs", block("Node")));
  assert.match(output, /^issuer_not_allowed: /);
  assert.match(output, /^REJECTED {2}issuer_not_allowed/m);
  assert.match(output, /near miss/);
});

test("Bundler", async () => {
  written("main.js", block("Bundler"));
  written("index.html", '<script type="module" src="./main.js"></script>');
  await build({ root: folder, base: "./", logLevel: "error", build: { target: "esnext", modulePreload: false } });
  const assets = readdirSync(`${folder}/dist/assets`);
  assert.ok(assets.some((name) => name.endsWith(".wasm")), assets.join());
  const script = assets.find((name) => name.endsWith(".js"));
  const main = pathToFileURL(`${folder}/dist/assets/${script}`).href;
  const page = `globalThis.document = { baseURI: ${JSON.stringify(main)} }; await import(${JSON.stringify(main)});`;
  assert.equal(run(written("bundled.mjs", browser + page)), "reject issuers_invalid\n");
});

test("Browser", () => {
  written("browser.mjs", block("Browser"));
  const output = run(written("page.mjs", `${browser} await import("./browser.mjs");`));
  assert.match(output, /^settings_invalid .+\n/);
});

test("Browser, with the module brought along", () => {
  const bytes = `
    import { readFileSync } from "node:fs";
    const bytes = readFileSync(new URL(import.meta.resolve("sqljwt/sqljwt.wasm")));
  `;
  assert.match(run(written("manual.mjs", bytes + block("Browser", 1))), /^reject\n/);
});

test("Worker", async () => {
  // What a web worker calls by other names.
  const names = `
    import { parentPort } from "node:worker_threads";
    globalThis.self = { postMessage: (data) => parentPort.postMessage(data) };
    parentPort.on("message", (data) => self.onmessage({ data }));
  `;
  const worker = new Worker(written("worker.mjs", names + block("Worker")));
  const question = { settings: "{}", token: "not a token", user: "alice", now: 0 };
  worker.postMessage(question);
  const answer = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  await worker.terminate();
  assert.deepEqual(answer, explain("{}", "not a token", "alice", 0));
});

/** The code under a heading. */
function block(heading, index = 0) {
  const section = readme.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  return [...section.matchAll(/^```js\n(.*?)^```$/gms)][index][1];
}

function written(name, text) {
  writeFileSync(`${folder}/${name}`, text);
  return `${folder}/${name}`;
}

function run(file) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout;
}
