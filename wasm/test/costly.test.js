/** Settings and tokens that are harmless alone and costly together: what is answered, and what the module's memory grows to. */

import assert from "node:assert/strict";
import test from "node:test";

import * as sqljwt from "sqljwt";

const { initSync } = await import(new URL("../pkg/engine/glue.js", import.meta.url));

/** What SECURITY.md promises, in bytes; the memory of a module never shrinks, so its length tells the most it has held. */
const PROMISED = 64 * 1024 * 1024;

const ISSUER = "https://idp.example";
const NOW = 1_800_000_000;

const numbered = (count, name) => Array.from({ length: count }, (_, number) => name(number));
const lines = (count, line) => numbered(count, (number) => `${ISSUER} ${line(number)}`).join("\n");
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
/** A token that nobody has signed: the identity map is asked all the same, for the explanation. */
const token = (claims) =>
  `${encoded({ alg: "EdDSA", kid: "k" })}.${encoded({ iss: ISSUER, aud: "db", exp: NOW + 60, ...claims })}.${"A".repeat(86)}`;

const settings = (profile, map, more) => ({
  "engine.profile": profile,
  "engine.max_token_bytes": 1_048_576,
  "server.jwt_authentication.enabled": true,
  "server.jwt_authentication.issuers": ISSUER,
  "server.jwt_authentication.audience": "db",
  "server.jwt_authentication.claim": "names",
  "server.identity_map.configuration": map,
  ...more,
});

for (const [about, map, claims, expected, more] of [
  ["lines that give one principal a user each", lines(10_000, (n) => `a ${n.toString(16)}`), { names: Array(1024).fill("a") }, "too_costly"],
  ["regexes around numbers, and hundreds of principals", lines(10_000, (n) => `/^[a-z]+\\.team${n}\\.[a-z]+$ u${n}`), { names: numbered(700, (n) => `${"x".repeat(48)}.team${n * 14}.q`) }],
  ["regexes of many steps", lines(200, (n) => `/^(?:[ab]|[ac])*a(?:[ab]|[ac]){150}[x-y]$ u${n}`), { names: numbered(40, (n) => "ab".repeat(480) + n) }, "too_costly"],
  ["near misses of a long principal", lines(1000, (n) => `/^([a-z]+)@dept${n}\\.example\\.com$ \\1`), { names: "a".repeat(1000) }, "identity_unmapped"],
  ["audiences on both sides", "", { names: "alice", aud: numbered(6000, (n) => `a${n}`) }, undefined, { "server.jwt_authentication.audience": numbered(1000, (n) => `db-${n}`) }],
  ["required claims and members", "", { names: "alice", ...Object.fromEntries(numbered(20_000, (n) => [`c${n}`, 0])) }, undefined, { "engine.required_claims": numbered(20_000, (n) => `c${n}`) }],
]) {
  for (const profile of ["hardened", "cockroachdb"]) {
    test(`${about}, ${profile}`, () => {
      const explanation = new sqljwt.Validator(settings(profile, map, more)).explain(token(claims), "nobody", NOW);
      assert.equal(explanation.decision, "reject");
      const code = explanation.checks.find(({ check }) => check === "identity_map").code;
      if (expected) assert.equal(code, expected);
    });
  }
}

test("all of that in the memory that is promised", () => {
  const { byteLength } = initSync().memory.buffer;
  assert.ok(byteLength <= PROMISED, `${byteLength} bytes`);
});
