/** The README's code runs as it stands there, each block where it is meant to run. */

import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { buildSync } from "esbuild";
import { build } from "vite";

import { explain } from "sqljwt";
import { inChromium } from "./chromium.js";
import { Provider, key, token } from "./provider.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const readmeOfAll = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const built = fileURLToPath(new URL("../pkg", import.meta.url));
const folder = fileURLToPath(new URL("../target/readme", import.meta.url));

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
symlinkSync(built, `${folder}/sqljwt`, "junction");

test("Node", () => {
  const output = run(written("node.mjs", block("Node")));
  assert.match(output, /^issuer_not_allowed: /);
  assert.match(output, /^REJECTED {2}issuer_not_allowed/m);
  assert.match(output, /Looks like: /);
});

test("Keys that are fetched", async () => {
  const key1 = key("test-rsa-1", "k1");
  const provider = await Provider.started(key1);
  const now = Math.floor(Date.now() / 1000);
  const given = { issuer: provider.issuer, token: token(key1, provider.issuer, {}, now) };
  const constants = Object.entries(given).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};\n`);
  const path = written("fetch.mjs", constants.join("") + block("Keys that are fetched"));
  const { stdout } = await promisify(execFile)(process.execPath, [path], { encoding: "utf8" });
  assert.match(stdout, /^keys of issuer `[^`]*`: fetched, fresh until \d+\nalice\n$/);
  await provider.down();
});

test("Bundler", async () => {
  const files = await bundled("bundler", { "main.js": block("Bundler") });
  assert.ok(Object.keys(files).some((name) => name.endsWith(".wasm")), Object.keys(files).join());
  assert.equal(await firstWords(files, "bundler/index.html"), "reject issuers_invalid");
});

test("Bundler, of those that leave the module behind", () => {
  const entry = written("esbuild.mjs", block("Bundler", 1));
  const outfile = `${folder}/esbuild/main.mjs`;
  const options = { bundle: true, format: "esm", target: "es2022", outfile, nodePaths: [folder], logLevel: "error" };
  buildSync({ ...options, entryPoints: [entry], loader: { ".wasm": "binary" } });
  assert.deepEqual(readdirSync(`${folder}/esbuild`), ["main.mjs"]);
  assert.match(run(outfile), /^reject\n/);
  // The ordinary import would be built without a word, and without the module.
  buildSync({ ...options, entryPoints: [written("without.mjs", block("Bundler"))] });
  assert.deepEqual(readdirSync(`${folder}/esbuild`), ["main.mjs"]);
});

test("Advisor", async () => {
  const output = run(written("advisor.mjs", block("Advisor")));
  assert.match(output, /^error map-regex-unanchored: /m);
  const files = await bundled("advisor", { "main.js": block("Advisor") });
  // The engine's own module is not in it.
  assert.equal(Object.keys(files).filter((name) => name.endsWith(".wasm")).length, 1, Object.keys(files).join());
  assert.equal(await firstWords(files, "advisor/index.html"), output.split("\n")[0]);
});

test("Advisor, with the module brought along", () => {
  const outfile = `${folder}/esbuild-advisor/main.mjs`;
  const options = { bundle: true, format: "esm", target: "es2022", outfile, nodePaths: [folder], logLevel: "error" };
  buildSync({ ...options, entryPoints: [written("advisor-manual.mjs", block("Advisor", 1))], loader: { ".wasm": "binary" } });
  assert.match(run(outfile), /^\d+ rules\n$/);
});

test("Browser", async () => {
  const files = { "main.js": block("Browser"), "page.html": '<script type="module" src="./main.js"></script>' };
  assert.match(await firstWords(files, "page.html"), /^settings_invalid ./);
});

test("Browser, with the module brought along", () => {
  const bytes = `
    import { readFileSync } from "node:fs";
    const bytes = readFileSync(new URL(import.meta.resolve("sqljwt/sqljwt.wasm")));
  `;
  assert.match(run(written("manual.mjs", bytes + block("Browser", 1))), /^reject\n/);
});

test("Worker", async () => {
  const question = { settings: "{}", token: "not a token", user: "alice", now: 0 };
  const main = `
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => console.log(JSON.stringify(data));
    worker.postMessage(${JSON.stringify(question)});
  `;
  const files = await bundled("worker", { "main.js": main, "worker.js": block("Worker") });
  const answer = JSON.parse(await firstWords(files, "worker/index.html"));
  assert.deepEqual(answer, explain(question.settings, question.token, question.user, question.now));
});

test("the project's README", () => {
  const output = run(written("project.mjs", block("In JavaScript", 0, readmeOfAll)));
  assert.match(output, /^to the client: JWT authentication: invalid token\nto the log: token_malformed: /);
});

/** The code under a heading. */
function block(heading, index = 0, page = readme) {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  return [...section.matchAll(/^```js\n(.*?)^```$/gms)][index][1];
}

/** What a bundler makes of a page with these scripts: its files, by the name under which they are served. */
async function bundled(name, scripts) {
  const root = `${folder}/${name}`;
  mkdirSync(root);
  for (const [script, code] of Object.entries(scripts)) written(`${name}/${script}`, code);
  written(`${name}/index.html`, '<script type="module" src="./main.js"></script>');
  const options = { target: "esnext", modulePreload: false };
  await build({ root, base: "./", configFile: false, logLevel: "error", build: options, worker: { format: "es" } });
  const made = readdirSync(`${root}/dist`, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = made.map((entry) => `${entry.parentPath}/${entry.name}`);
  return Object.fromEntries(paths.map((path) => [path.replace(`${root}/dist`, name), readFileSync(path)]));
}

/** The first line that a page writes to the console of a real browser. */
async function firstWords(files, page) {
  const chromium = await inChromium({ files });
  try {
    const words = new Promise((resolve, reject) => {
      chromium.page.once("console", (message) => resolve(message.text())).once("pageerror", reject);
    });
    await chromium.page.goto(chromium.address + page);
    return await words;
  } finally {
    await chromium.close();
  }
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
