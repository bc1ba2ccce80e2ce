/** How large are the modules, how soon are they there, how many logins a second? Prints a table; `npm run measure`. */

import { readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

for (const folder of ["engine", "full"]) {
  const bytes = readFileSync(new URL(`../pkg/${folder}/glue_bg.wasm`, import.meta.url));
  row(`${folder}, raw`, bytes.length, "bytes");
  row(`${folder}, gzip -9`, gzipSync(bytes, { level: 9 }).length, "bytes");
  row(`${folder}, brotli`, brotliCompressSync(bytes).length, "bytes");
  const { initSync } = await import(`../pkg/${folder}/glue.js?measured`);
  const started = performance.now();
  initSync({ module: new WebAssembly.Module(bytes) });
  row(`${folder}, until it is there`, (performance.now() - started).toFixed(1), "ms");
}

// Not before: of bytes that were compiled once, the platform keeps what came out.
const { Validator } = await import("sqljwt");
const { vectors } = await import("./vectors.js");
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
