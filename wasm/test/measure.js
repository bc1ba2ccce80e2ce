/** How large is the module, how soon is it there, how many logins a second? Prints a table; `npm run measure`. */

import { readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { Validator } from "sqljwt";
import { vectors } from "./vectors.js";

const bytes = readFileSync(new URL("../pkg/engine/glue_bg.wasm", import.meta.url));
row("module, raw", bytes.length, "bytes");
row("module, gzip -9", gzipSync(bytes, { level: 9 }).length, "bytes");
row("module, brotli", brotliCompressSync(bytes).length, "bytes");

const { initSync } = await import("../pkg/engine/glue.js?measured");
const started = performance.now();
initSync({ module: new WebAssembly.Module(bytes) });
row("compile and instantiate", (performance.now() - started).toFixed(1), "ms");

for (const algorithm of ["RS256", "PS256", "ES256", "ES384", "ES512", "EdDSA"]) {
  const vector = vectors().find(({ expect, token }) => expect.decision === "accept" && headerOf(token).alg === algorithm);
  if (vector) row(`validate, ${algorithm}`, rate(vector), "per second");
}

/** Counted in the time that this process had a processor: other work on the machine does not show. */
function rate({ settings, token, user, now }) {
  const validator = new Validator(settings);
  const spent = () => process.cpuUsage().user / 1e6;
  const during = (seconds) => {
    const start = spent();
    let logins = 0;
    for (; spent() < start + seconds; logins += 1) validator.validate(token, user, now);
    return Math.round(logins / (spent() - start));
  };
  during(0.5);
  return during(1);
}

function headerOf(token) {
  return JSON.parse(Buffer.from(token.split(".")[0], "base64url").toString());
}

function row(what, value, unit) {
  console.log(`${what.padEnd(26)}${String(value).padStart(9)} ${unit}`);
}
