/** The npm package in Chromium, by its door for browsers: questions on standard input, answers on standard output. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { inChromium } from "../../wasm/test/chromium.js";

const folder = fileURLToPath(new URL("node_modules/sqljwt/", import.meta.url));
const files = { questions: readFileSync(0), "runner.js": readFileSync(new URL("runner.mjs", import.meta.url)) };
const { evaluate, close } = await inChromium({ folder, files });
const text = await evaluate(async () => {
  const { answers } = await import("/runner.js");
  const questions = await fetch("/questions");
  return answers(sqljwt, new Uint8Array(await questions.arrayBuffer()));
});
process.stdout.write(text);
await close();
