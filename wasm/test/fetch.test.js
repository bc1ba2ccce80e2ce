/** Keys are fetched from a real server: whatever it does, nobody is let in by it, and once it is back everybody is. */

import assert from "node:assert/strict";
import test, { after } from "node:test";
import { fileURLToPath } from "node:url";

import { buildSync } from "esbuild";

import * as sqljwt from "sqljwt";
import { createFetcher } from "sqljwt/fetch";
import { NOW, Provider, fetching, key, token } from "./provider.js";

const current = key("test-rsa-1", "k1");
const next = key("test-rsa-2", "k2");
/** The attacker's own, under the id of a good one. */
const forged = key("test-rsa-3072", "k1");

const attacker = await Provider.started(forged);
const provider = await Provider.started(current);
after(() => Promise.all([attacker.down(), provider.down()]));

/** Longest that a test waits for an answer, in milliseconds. */
const TIMEOUT = 250;

const MEGABYTE = 1_048_576;

/** What a server may do instead of answering: to whichever of its two addresses the trouble concerns. */
const TROUBLES = {
  "is slow": () => true,
  "drips bytes": (response) => {
    const drip = setInterval(() => response.write(" "), 10);
    return response.once("close", () => clearInterval(drip));
  },
  "never ends": (response) => {
    const flood = () => {
      while (!response.destroyed && response.write(" ".repeat(65_536)));
    };
    response.on("drain", flood);
    flood();
    return true;
  },
  "hangs up": (response) => response.destroy(),
  "hangs up half way": (response) => response.writeHead(200, { "content-length": 1000 }).write("{", () => response.destroy()) || true,
  "answers 500": (response) => response.writeHead(500).end("out of\u001b[2J order"),
  "answers 404 with keys": (response) => response.writeHead(404).end(attacker.body("/keys")),
  "answers 2 MB": (response, good) => response.end(good + " ".repeat(2 * MEGABYTE)),
  "answers garbage": (response) => response.end("<html>"),
  "answers no text": (response) => response.end(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])),
  "answers nothing": (response) => response.end(),
  "redirects": (response, _, path) => response.writeHead(302, { location: attacker.issuer + path }).end(),
  "redirects for good, with keys": (response, _, path) =>
    response.writeHead(308, { location: attacker.issuer + path }).end(attacker.body(path)),
};

/** Troubles of one address alone. */
const OF_DOCUMENT = {
  "is another issuer's": (response) => response.end(attacker.body("/.well-known/openid-configuration")),
  "names keys over http elsewhere": (response) =>
    response.end(JSON.stringify({ issuer: provider.issuer, jwks_uri: "http://keys.example/keys" })),
  "names no keys": (response) => response.end(JSON.stringify({ issuer: provider.issuer })),
};

const rows = [
  ["down", () => provider.down()],
  ...["document", "keys"].flatMap((address) => Object.entries(TROUBLES).map(([what, trouble]) => row(address, what, trouble))),
  ...Object.entries(OF_DOCUMENT).map(([what, trouble]) => row("document", what, trouble)),
];

function row(address, what, trouble) {
  const path = { document: "/.well-known/openid-configuration", keys: "/keys" }[address];
  const begin = () => {
    provider.trouble = (asked, response) => asked === address && trouble(response, provider.body(path), path);
  };
  return [`${address} ${what}`, begin];
}

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

test("whatever the server does nobody is wrongly let in, and once it is back everybody logs in", async (context) => {
  const total = { tried: 0, wronglyAccepted: 0, wronglyRefused: 0, recovered: 0 };
  const told = [["the provider", "tried", "wrongly accepted", "wrongly refused", "recovered"]];
  for (const [what, begin] of rows) {
    const counts = await inTrouble(begin);
    for (const name of Object.keys(total)) total[name] += counts[name];
    told.push([what, ...Object.values(counts)]);
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
async function inTrouble(begin) {
  const counts = { tried: 0, wronglyAccepted: 0, wronglyRefused: 0, recovered: 0 };
  const asked = async (fetcher, bearer, now, may) => {
    const decision = await decisionOf(fetcher, bearer, now);
    counts.tried += 1;
    if (decision === "accept" && !may) counts.wronglyAccepted += 1;
    if (decision !== "accept" && may) counts.wronglyRefused += 1;
    return decision;
  };
  const fresh = () => createFetcher(new sqljwt.Validator(fetching(provider.issuer)), { timeout: TIMEOUT });
  const [cold, warm] = [fresh(), fresh()];
  await asked(warm, GOOD, NOW, true);

  await begin();
  const now = NOW + 1;
  for (const bearer of [GOOD, ...BAD]) await asked(cold, bearer, now, false);
  // Keys that were fetched before count as long as they are fresh, and no longer.
  await asked(warm, GOOD, now, true);
  for (const bearer of [ROTATED, ...BAD]) await asked(warm, bearer, now, false);
  await asked(warm, GOOD, NOW + 301, false);

  provider.trouble = () => false;
  await provider.up();
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

function fetcherOf(options, more) {
  return createFetcher(new sqljwt.Validator(fetching(provider.issuer, more)), { timeout: TIMEOUT, ...options });
}

/** What the provider was asked meanwhile. */
async function askedDuring(work) {
  const before = provider.asked.length;
  await work();
  return provider.asked.slice(before);
}

test("logins that need the same keys wait for one fetch, and those after it for none", async () => {
  const fetcher = fetcherOf();
  const login = () => fetcher.validate(GOOD, "alice", NOW);
  const asked = await askedDuring(() => Promise.all(Array.from({ length: 50 }, login)));
  assert.deepEqual(asked.map(({ path }) => path), ["/.well-known/openid-configuration", "/keys"]);
  assert.deepEqual(await askedDuring(login), []);
});

test("keys that rotate are fetched for the first token that names a new one, past caches, and for made-up ids once in a while", async () => {
  const fetcher = fetcherOf();
  await fetcher.validate(GOOD, "alice", NOW);
  provider.keys = [next];
  const asked = await askedDuring(() => fetcher.validate(ROTATED, "alice", NOW + 10));
  assert.ok(asked.length === 2 && asked.every(({ headers }) => headers["cache-control"] === "no-cache"));
  const stale = await fetcher.validate(GOOD, "alice", NOW + 11).catch((error) => error);
  assert.equal(stale.code, "key_not_found");
  const madeUp = async (number) => decisionOf(fetcher, token({ ...forged, kid: `made up ${number}` }, provider.issuer), NOW + 12);
  assert.deepEqual(await askedDuring(() => Promise.all(Array.from({ length: 20 }, (_, number) => madeUp(number)))), []);
  provider.keys = [current];
});

test("a server that always has other keys is asked a few times and no more", async () => {
  const fetcher = fetcherOf();
  provider.trouble = (_, response) => void response.setHeader("cache-control", "no-store");
  const asked = await askedDuring(async () => {
    assert.notEqual(await decisionOf(fetcher, ROTATED, NOW), "accept");
  });
  provider.trouble = () => false;
  assert.ok(asked.length <= 8, `${asked.length} requests`);
});

test("keys that may not be kept are good for the logins that waited for them", async () => {
  provider.trouble = (_, response) => void response.setHeader("cache-control", "no-store");
  const fetcher = fetcherOf();
  const logins = Array.from({ length: 8 }, (_, number) => fetcher.validate(GOOD, "alice", NOW + (number % 3)));
  assert.ok((await Promise.all(logins)).every(({ user }) => user === "alice"));
  assert.equal((await fetcher.validate(GOOD, "alice", NOW + 60)).user, "alice");
  provider.trouble = () => false;
});

test("a request says what it has to and takes no cookie along", async () => {
  let given;
  const fetcher = fetcherOf({ fetch: (url, options) => ((given = options), fetch(url, options)) });
  const asked = await askedDuring(() => fetcher.validate(GOOD, "alice", NOW));
  assert.ok(asked.every(({ headers }) => headers.accept === "application/json" && headers.cookie === undefined));
  assert.ok(given.credentials === "omit" && given.redirect === "manual" && given.signal instanceof AbortSignal);
});

test("a key set of 1 MiB is taken, one byte more is not, and no more than that is read", async () => {
  for (const [length, decision] of [[MEGABYTE, "accept"], [MEGABYTE + 1, "keys_needed"]]) {
    provider.trouble = (address, response) => address === "keys" && response.end(provider.body("/keys").padEnd(length));
    assert.equal(await decisionOf(fetcherOf({ timeout: 5000 }), GOOD, NOW), decision, `${length} bytes`);
  }
  provider.trouble = () => false;
  let read = 0;
  const endless = async () => ({
    ...{ status: 200, headers: [], type: "basic", redirected: false },
    body: new ReadableStream({ pull: (controller) => (read += MEGABYTE, controller.enqueue(new Uint8Array(MEGABYTE))) }),
  });
  assert.equal(await decisionOf(fetcherOf({ fetch: endless }), GOOD, NOW), "keys_needed");
  assert.ok(read <= 4 * MEGABYTE, `${read} bytes`);
});

test("a redirect is refused too where the platform hides it or has followed it", async () => {
  provider.trouble = (_, response) => response.writeHead(302, { location: `${attacker.issuer}/keys` }).end();
  const followed = fetcherOf({ fetch: (url, options) => fetch(url, { ...options, redirect: "follow" }) });
  const hidden = fetcherOf({ fetch: async () => ({ type: "opaqueredirect", status: 0, headers: new Headers(), body: null }) });
  for (const fetcher of [followed, hidden]) {
    const error = await fetcher.validate(GOOD, "alice", NOW).catch((error) => error);
    assert.match(error.cause, /redirects/);
  }
  provider.trouble = () => false;
});

test("what never settles, and does not listen to its signal, is over in time all the same", async () => {
  for (const never of [() => new Promise(() => {}), async () => ({ status: 200, headers: [], body: new ReadableStream() })]) {
    const error = await fetcherOf({ fetch: never, timeout: 20 }).validate(GOOD, "alice", NOW).catch((error) => error);
    assert.match(error.cause, /gave no answer: not all of it had come after 20 ms/);
  }
});

test("who is refused is told why the keys could not be had, and so does one line of the log for each attempt", async () => {
  const lines = [];
  const fetcher = fetcherOf({ log: (line) => lines.push(line) });
  provider.trouble = TROUBLES["answers 500"] && ((_, response) => TROUBLES["answers 500"](response));
  const logins = Array.from({ length: 3 }, () => fetcher.validate(GOOD, "alice", NOW).catch((error) => error));
  for (const error of await Promise.all(logins)) {
    assert.ok(error instanceof sqljwt.KeysNeededError);
    assert.match(error.cause, /returned 500: out of\\u\{1b\}\[2J order/);
    assert.ok(!JSON.stringify(error).includes("500"));
  }
  provider.trouble = () => false;
  await fetcher.validate(GOOD, "alice", NOW + 5);
  await provider.down();
  await decisionOf(fetcher, GOOD, NOW + 400);
  await provider.up();
  assert.equal(lines.length, 3);
  assert.match(lines[0], /^http_status: /);
  assert.equal(lines[1], `keys_fetched: \`${provider.issuer}/keys\` gave a key set`);
  assert.match(lines[2], /^unreachable: .*ECONNREFUSED/);
  assert.ok(lines.every((line) => !/[^\x20-\x7e]/.test(line)));
});

test("an explanation is told by the keys that are fetched for it", async () => {
  const fetcher = fetcherOf();
  const explanation = await fetcher.explain(GOOD, "alice", NOW);
  assert.equal(explanation.decision, "accept");
  const judge = new sqljwt.Validator(fetching(provider.issuer)).withKeys(fetcher.cache);
  assert.deepEqual(explanation, judge.explain(GOOD, "alice", NOW));
  assert.equal((await fetcher.explain(GOOD, "alice", NOW, { redact: true })).token, null);
  assert.equal((await fetcher.explain(BAD[0], "alice", NOW)).reason.code, "signature_invalid");
  await provider.down();
  assert.equal((await fetcherOf().explain(GOOD, "alice", NOW)).decision, "keys_needed");
  await provider.up();
});

const SYNCHRONISED = { "server.jwt_authentication.authorization.enabled": true };

test("groups that the token lacks are asked for, and the token is shown to nobody else", async () => {
  const fetcher = fetcherOf({}, SYNCHRONISED);
  provider.userInfo = { sub: "alice", groups: ["readers"] };
  const asked = await askedDuring(async () => assert.deepEqual((await fetcher.validate(GOOD, "alice", NOW)).roles, ["readers"]));
  const shown = asked.filter(({ headers }) => headers.authorization);
  assert.deepEqual(shown.map(({ path, headers }) => [path, headers.authorization]), [["/userinfo", `Bearer ${GOOD}`]]);
  assert.deepEqual((await fetcher.explain(GOOD, "alice", NOW)).login.roles, ["readers"]);
  // A token that is refused for anything else asks nobody.
  for (const bearer of BAD) await assert.rejects(fetcher.validate(bearer, "alice", NOW));
  assert.deepEqual(await askedDuring(() => fetcher.validate(BAD[2], "alice", NOW).catch(() => {})), []);
  provider.userInfo = undefined;
});

test("whatever the userinfo endpoint does nobody is let in by it, and once it is back everybody is", async () => {
  const trouble = (begin) => (asked, response) => asked === "userinfo" && begin(response, provider.body("/userinfo"), "/userinfo");
  const lines = [];
  const fetcher = fetcherOf({ log: (line) => lines.push(line) }, SYNCHRONISED);
  for (const [what, begin] of [...Object.entries(TROUBLES), ["is of somebody else", (response) => response.end('{"sub":"eve","groups":["readers"]}')]]) {
    provider.userInfo = { sub: "alice", groups: ["readers"] };
    provider.trouble = trouble(begin);
    assert.equal(await decisionOf(fetcher, GOOD, NOW), "reject", what);
    provider.trouble = () => false;
    assert.equal(await decisionOf(fetcher, GOOD, NOW), "accept", what);
  }
  assert.ok(lines.length > Object.keys(TROUBLES).length && lines.every((line) => !/[^\x20-\x7e]/.test(line) && !line.includes(GOOD)));
  assert.equal(attacker.asked.filter(({ headers }) => headers.authorization).length, 0);
  // An endpoint over http on another machine is not shown the token.
  provider.trouble = (asked, response) =>
    asked === "document" &&
    response.end(JSON.stringify({ issuer: provider.issuer, jwks_uri: `${provider.issuer}/keys`, userinfo_endpoint: "http://idp.example/u" }));
  const other = fetcherOf({ fetch: (url, options) => (assert.ok(!url.includes("idp.example")), fetch(url, options)) }, SYNCHRONISED);
  assert.equal(await decisionOf(other, GOOD, NOW), "reject");
  provider.trouble = () => false;
  provider.userInfo = undefined;
});

test("a token that changes while keys are fetched is judged as it was given", async () => {
  const bytes = new TextEncoder().encode(GOOD);
  const login = fetcherOf().validate(bytes, "alice", NOW);
  bytes.fill(0);
  assert.equal((await login).user, "alice");
});

test("now is the present where none is given", async () => {
  const present = Math.floor(Date.now() / 1000);
  assert.equal((await fetcherOf().validate(token(current, provider.issuer, {}, present), "alice")).user, "alice");
});

test("what is no option is a TypeError at once, and what is no login before anything is asked", async () => {
  for (const options of [{ fetch: 1 }, { fetch: null }, { timeout: 0 }, { timeout: 0.5 }, { timeout: "1" }, { log: 1 }]) {
    assert.throws(() => fetcherOf(options), TypeError);
  }
  assert.throws(() => createFetcher({}), TypeError);
  const asked = await askedDuring(async () => {
    for (const login of [[1, "alice", NOW], [GOOD, undefined, NOW], [GOOD, "alice", 0.5]]) {
      await assert.rejects(fetcherOf().validate(...login), TypeError);
    }
  });
  assert.deepEqual(asked, []);
});

test("after a trap a fetcher goes on, with keys that are fetched again", async () => {
  const fetcher = fetcherOf();
  await fetcher.validate(GOOD, "alice", NOW);
  const { initSync } = await import(new URL("../pkg/engine/glue.js", import.meta.url));
  new Uint8Array(initSync().memory.buffer).fill(0xff);
  await assert.rejects(fetcher.validate(GOOD, "alice", NOW), sqljwt.InternalError);
  assert.equal((await askedDuring(() => fetcher.validate(GOOD, "alice", NOW))).length, 2);
  // One that is under way meanwhile refuses those who wait for it, and nobody after them.
  provider.trouble = () => {
    new Uint8Array(initSync().memory.buffer).fill(0xff);
    assert.throws(() => fetcher.cache.record(provider.issuer), sqljwt.InternalError);
    provider.trouble = () => false;
    return false;
  };
  await assert.rejects(fetcher.validate(GOOD, "alice", NOW + 400), sqljwt.InternalError);
  assert.equal((await fetcher.validate(GOOD, "alice", NOW + 400)).user, "alice");
});

test("nothing of it is in what does not import it", () => {
  for (const door of ["node.js", "browser.js", "manual.js"]) {
    const entry = fileURLToPath(new URL(`../pkg/${door}`, import.meta.url));
    const options = { bundle: true, format: "esm", target: "esnext", platform: "node", write: false, metafile: true };
    const { inputs } = buildSync({ ...options, entryPoints: [entry] }).metafile;
    const names = Object.keys(inputs).map((path) => path.split("/").at(-1));
    assert.ok(names.includes("keys.js") && !names.includes("fetch.js"), door);
  }
});
