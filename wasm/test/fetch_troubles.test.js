/** Keys and groups are fetched from a real server: whatever it does, nobody is let in by it, and once it is back everybody is. */

import assert from "node:assert/strict";
import test, { after } from "node:test";

import * as sqljwt from "sqljwt";
import { createFetcher } from "sqljwt/fetch";
import { BOUNDED, NOW, Provider, fetching, key, token } from "./provider.js";
import { troublesOf } from "./troubles.js";

const current = key("test-rsa-1", "k1");
const next = key("test-rsa-2", "k2");
/** The attacker's own, under the id of a good one. */
const forged = key("test-rsa-3072", "k1");

const attacker = await Provider.started(forged);
const provider = await Provider.started(current);
after(() => Promise.all([attacker.down(), provider.down()]));

/** Nobody may log in by these, whatever the server does. */
const BAD = [
  token(forged, provider.issuer),
  token({ ...forged, kid: "k2" }, provider.issuer),
  token(current, provider.issuer, { aud: "another" }),
  token(current, provider.issuer, { exp: NOW - 3600 }),
  token(current, attacker.issuer),
  `${token(current, provider.issuer)}A`,
];
const GOOD = token(current, provider.issuer);
const ROTATED = token(next, provider.issuer);

/** How long a fetch may take: of an answer that comes, however busy this machine is; and of one that never does. */
const [PATIENT, SHORT] = ["60s", "250ms"];

const down = { what: "is down", fault: "unreachable", isSilent: false, begin: () => provider.down() };

test("whatever the server does nobody is wrongly let in, and once it is back everybody logs in", BOUNDED, async (context) => {
  const rows = [down, ...["document", "keys"].flatMap((address) => troublesOf(address, provider, attacker))];
  const total = { tried: 0, wronglyAccepted: 0, wronglyRefused: 0, recovered: 0 };
  const told = [["the provider", "tried", "wrongly accepted", "wrongly refused", "recovered"]];
  for (const row of rows) {
    const counts = await inTrouble(row);
    for (const name of Object.keys(total)) total[name] += counts[name];
    told.push([row.what, ...Object.values(counts)]);
  }
  told.push(["in all", ...Object.values(total)]);
  for (const [what, ...figures] of told) {
    context.diagnostic(what.padEnd(44) + figures.map((figure) => String(figure).padStart(18)).join(""));
  }
  assert.equal(total.wronglyAccepted, 0);
  assert.equal(total.wronglyRefused, 0);
  assert.equal(total.recovered, 3 * rows.length);
});

/** A trouble from its beginning to its end: for a host without keys, and for one that has some. */
async function inTrouble({ what, fault, isSilent, begin }) {
  const counts = { tried: 0, wronglyAccepted: 0, wronglyRefused: 0, recovered: 0 };
  const asked = async (fetcher, bearer, now, may) => {
    const decision = await decisionOf(fetcher, bearer, now);
    counts.tried += 1;
    if (decision === "accept" && !may) counts.wronglyAccepted += 1;
    if (decision !== "accept" && may) counts.wronglyRefused += 1;
    return decision;
  };
  const lines = [];
  const [cold, warm] = [fetcherOf(lines), fetcherOf(lines)];
  await asked(warm, GOOD, NOW, true);

  await begin();
  if (isSilent) for (const fetcher of [cold, warm]) fetcher.follow(validatorOf(SHORT));
  const before = lines.length;
  const now = NOW + 1;
  for (const bearer of [GOOD, ...BAD]) await asked(cold, bearer, now, false);
  // Keys that were fetched before count as long as they are fresh, and no longer.
  await asked(warm, GOOD, now, true);
  for (const bearer of [ROTATED, ...BAD]) await asked(warm, bearer, now, false);
  await asked(warm, GOOD, NOW + 301, false);
  const failures = lines.slice(before);
  const beginning = `keys of issuer \`${provider.issuer}\`: ${fault}: `;
  assert.ok(failures.length >= 3 && failures.every((line) => line.startsWith(beginning)), `${what}: ${failures.join("\n")}`);
  assert.ok(failures.every((line) => !/[^\x20-\x7e]/.test(line)), what);

  await provider.up();
  provider.trouble = () => false;
  for (const fetcher of [cold, warm]) fetcher.follow(validatorOf(PATIENT));
  provider.keys = [current, next];
  // Shortly after a failure nobody asks again.
  await asked(cold, GOOD, now + 4, false);
  const later = NOW + 400;
  for (const bearer of BAD) await asked(cold, bearer, later, false);
  for (const [fetcher, bearer] of [[cold, GOOD], [warm, GOOD], [warm, ROTATED]]) {
    if ((await asked(fetcher, bearer, later, true)) === "accept") counts.recovered += 1;
  }
  for (const bearer of BAD) await asked(warm, bearer, later, false);
  provider.keys = [current];
  return counts;
}

test("an issuer that rotates every second is not hammered, lets nobody in wrongly, and everybody once it rests", BOUNDED, async () => {
  const SECONDS = 95;
  const ids = Array.from({ length: SECONDS }, (_, second) => `of second ${second}`);
  const keys = ids.map((id, second) => key(second % 2 ? "test-rsa-2" : "test-rsa-1", id));
  const fetcher = fetcherOf();
  const before = provider.asked.length;
  const served = [];
  for (const [second, own] of keys.entries()) {
    // The last key stays published for the tokens that it has signed.
    provider.keys = keys.slice(Math.max(second - 1, 0), second + 1);
    const now = NOW + second;
    const decision = await decisionOf(fetcher, token(own, provider.issuer), now);
    const held = JSON.parse(JSON.parse(fetcher.cache.record(provider.issuer)).answers.at(-1).body).keys.map(({ kid }) => kid);
    assert.equal(decision, held.includes(own.kid) ? "accept" : "reject", `second ${second}`);
    if (decision === "accept") served.push(second);
    for (const { kid } of keys.slice(0, second + 1)) {
      if (!held.includes(kid)) continue;
      assert.equal(await decisionOf(fetcher, token({ ...forged, kid }, provider.issuer), now), "reject", `second ${second}`);
    }
  }
  // At first, for the first unknown id, and then every half minute: two answers each time.
  assert.deepEqual(served, [0, 1, 31, 61, 91]);
  assert.equal(provider.asked.length - before, 2 * served.length);
  const rested = NOW + SECONDS + 30;
  for (const own of keys.slice(-2)) assert.equal(await decisionOf(fetcher, token(own, provider.issuer), rested), "accept");
  assert.equal(await decisionOf(fetcher, token({ ...forged, kid: ids.at(-1) }, provider.issuer), rested), "reject");
  provider.keys = [current];
});

const SYNCHRONISED = { "server.jwt_authentication.authorization.enabled": true };

test("whatever the userinfo endpoint does nobody is let in by it, and once it is back everybody is", BOUNDED, async () => {
  provider.userInfo = { sub: "alice", groups: ["readers"] };
  const lines = [];
  const fetcher = fetcherOf(lines, SYNCHRONISED);
  for (const { what, fault, isSilent, begin } of troublesOf("userinfo", provider, attacker)) {
    begin();
    if (isSilent) fetcher.follow(validatorOf(SHORT, SYNCHRONISED));
    const refused = await fetcher.validate(GOOD, "alice", NOW).catch((error) => error);
    assert.ok(refused.code === "userinfo_needed" && refused.cause.fault === fault, `${what}: ${refused.cause}`);
    assert.equal(lines.at(-1), `userinfo of issuer \`${provider.issuer}\`: ${refused.cause.message}`);
    provider.trouble = () => false;
    fetcher.follow(validatorOf(PATIENT, SYNCHRONISED));
    assert.deepEqual((await fetcher.validate(GOOD, "alice", NOW)).roles, ["readers"], what);
    assert.equal(lines.at(-1), `userinfo of issuer \`${provider.issuer}\`: fetched`);
  }
  provider.userInfo = { sub: "eve", groups: ["readers"] };
  assert.equal((await fetcher.validate(GOOD, "alice", NOW).catch((error) => error)).code, "groups_invalid");
  assert.ok(lines.every((line) => !/[^\x20-\x7e]/.test(line)));
  assert.equal(attacker.asked.filter(({ headers }) => headers.authorization).length, 0);
  provider.userInfo = undefined;
});

test("an endpoint of which the discovery document says what may not be is not shown the token", async () => {
  for (const [endpoint, fault] of [["http://idp.example/u", "address_refused"], [undefined, "userinfo_missing"]]) {
    const lines = [];
    const asked = [];
    const fetch = (url, options) => (asked.push([url, options.headers.authorization]), globalThis.fetch(url, options));
    provider.trouble = (address, response) =>
      address === "document" &&
      response.end(JSON.stringify({ issuer: provider.issuer, jwks_uri: `${provider.issuer}/keys`, userinfo_endpoint: endpoint }));
    const refused = await fetcherOf(lines, SYNCHRONISED, { fetch }).validate(GOOD, "alice", NOW).catch((error) => error);
    assert.equal(refused.cause.fault, fault);
    assert.ok(asked.length && asked.every(([url, shown]) => url.startsWith(provider.issuer) && shown === undefined));
    assert.match(lines.at(-1), new RegExp(`^userinfo of issuer .*: ${fault}: `));
  }
  provider.trouble = () => false;
});

test("an endpoint that sends the token back has it written into no log and no error", async () => {
  provider.userInfo = { sub: "alice", groups: [] };
  const ECHOES = [
    (response, shown) => response.writeHead(500).end(`denied: ${shown}`),
    (response, shown) => response.writeHead(500).end(shown.slice(-100)),
    (response, shown) => response.writeHead(302, { location: `https://idp.example/?token=${shown.slice(-150)}` }).end(),
    (response, shown) => response.end(`{${shown}`),
    (response, shown) => response.end(JSON.stringify([shown])),
  ];
  const broken = (url, options) => {
    if (options.headers.authorization) throw new Error(`not sent: ${JSON.stringify(options.headers)}`);
    return globalThis.fetch(url, options);
  };
  for (const [echo, options] of [...ECHOES.map((echo) => [echo]), [undefined, { fetch: broken }]]) {
    provider.trouble = (address, response) =>
      address === "userinfo" && (echo(response, provider.asked.at(-1).headers.authorization), true);
    const lines = [];
    const refused = await fetcherOf(lines, SYNCHRONISED, options).validate(GOOD, "alice", NOW).catch((error) => error);
    assert.ok(sqljwt.FetchError.isFetchError(refused.cause), refused.cause);
    const told = [...lines, refused.message, JSON.stringify(refused.toAdminJSON()), refused.cause.message].join("\n");
    // Not even a piece of any of its three parts.
    for (let at = 0; at + 12 <= GOOD.length; at += 1) assert.ok(!told.includes(GOOD.slice(at, at + 12)), told);
    assert.deepEqual({ ...refused }, {});
    assert.ok(!JSON.stringify(refused).includes("cause"));
  }
  provider.trouble = () => false;
  provider.userInfo = undefined;
});

function validatorOf(timeout, more) {
  return new sqljwt.Validator(fetching(provider.issuer, { "server.jwt_authentication.client.timeout": timeout, ...more }));
}

function fetcherOf(lines = [], more = {}, options = {}) {
  return createFetcher(validatorOf(PATIENT, more), { log: (line) => lines.push(line), ...options });
}

async function decisionOf(fetcher, bearer, now) {
  try {
    await fetcher.validate(bearer, "alice", now);
    return "accept";
  } catch (error) {
    if (sqljwt.KeysNeededError.isKeysNeeded(error)) return "keys_needed";
    if (sqljwt.TokenRejectedError.isTokenRejected(error)) return "reject";
    throw error;
  }
}
