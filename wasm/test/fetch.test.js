/** Whoever logs in waits for keys and groups, no more often than it takes and no longer than is allowed. */

import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { Readable } from "node:stream";
import test, { after } from "node:test";
import { fileURLToPath } from "node:url";

import { buildSync } from "esbuild";

import * as sqljwt from "sqljwt";
import { createFetcher } from "sqljwt/fetch";
import { BOUNDED, NOW, Provider, fetching, key, token } from "./provider.js";
import { thrown } from "./thrown.js";

const current = key("test-rsa-1", "k1");
const next = key("test-rsa-2", "k2");
/** The attacker's own, under the id of a good one. */
const forged = key("test-rsa-3072", "k1");

const attacker = await Provider.started(forged);
const provider = await Provider.started(current);
after(() => Promise.all([attacker.down(), provider.down()]));

const MEGABYTE = 1_048_576;

const GOOD = token(current, provider.issuer);
const ROTATED = token(next, provider.issuer);
const FORGED = token(forged, provider.issuer);

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
  return createFetcher(validatorOf(more), options);
}

function validatorOf(more) {
  return new sqljwt.Validator(fetching(provider.issuer, more));
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

test("a key set of 1 MiB is taken, one byte more is not, and no more than that is read", BOUNDED, async () => {
  for (const [length, decision] of [[MEGABYTE, "accept"], [MEGABYTE + 1, "keys_needed"]]) {
    provider.trouble = (address, response) => address === "keys" && response.end(provider.body("/keys").padEnd(length));
    assert.equal(await decisionOf(fetcherOf(), GOOD, NOW), decision, `${length} bytes`);
  }
  provider.trouble = () => false;
  let read = 0;
  const endless = async () => ({
    ...{ status: 200, headers: [], type: "basic", redirected: false },
    body: new ReadableStream({
      pull(controller) {
        read += MEGABYTE;
        if (read <= 8 * MEGABYTE) controller.enqueue(new Uint8Array(MEGABYTE));
        else controller.error(new Error("it is read without end"));
      },
    }),
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

test("what never settles, and does not listen to its signal, is over in time all the same", BOUNDED, async () => {
  for (const never of [() => new Promise(() => {}), async () => ({ status: 200, headers: [], body: new ReadableStream() })]) {
    const error = await fetcherOf({ fetch: never, timeout: 20 }).validate(GOOD, "alice", NOW).catch((error) => error);
    assert.match(error.cause, /gave no answer: not all of it had come after 20 ms/);
  }
});

test("who is refused is told why the keys could not be had, and so does one line of the log for each attempt", async () => {
  const lines = [];
  const fetcher = fetcherOf({ log: (line) => lines.push(line) });
  provider.trouble = (_, response) => response.writeHead(500).end("out of\u001b[2J order");
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
  const beginning = `keys of issuer \`${provider.issuer}\`: `;
  assert.ok(lines[0].startsWith(`${beginning}http_status: `), lines[0]);
  assert.equal(lines[1], `${beginning}fetched, fresh until ${NOW + 5 + 300}`);
  assert.ok(lines[2].startsWith(`${beginning}unreachable: `) && lines[2].includes("ECONNREFUSED"), lines[2]);
  assert.ok(lines.every((line) => !/[^\x20-\x7e]/.test(line)));
});

test("an explanation is told by the keys that are fetched for it", async () => {
  const fetcher = fetcherOf();
  const explanation = await fetcher.explain(GOOD, "alice", NOW);
  assert.equal(explanation.decision, "accept");
  const judge = new sqljwt.Validator(fetching(provider.issuer)).withKeys(fetcher.cache);
  assert.deepEqual(explanation, judge.explain(GOOD, "alice", NOW));
  assert.equal((await fetcher.explain(GOOD, "alice", NOW, { redact: true })).token, null);
  assert.equal((await fetcher.explain(FORGED, "alice", NOW)).reason.code, "signature_invalid");
  await provider.down();
  assert.equal((await fetcherOf().explain(GOOD, "alice", NOW)).decision, "keys_needed");
  await provider.up();
});

const SYNCHRONISED = { "server.jwt_authentication.authorization.enabled": true };

test("groups that the token lacks are asked for, and the token is shown to nobody else", async () => {
  const lines = [];
  const fetcher = fetcherOf({ log: (line) => lines.push(line) }, SYNCHRONISED);
  provider.userInfo = { sub: "alice", groups: ["readers"] };
  const asked = await askedDuring(async () => assert.deepEqual((await fetcher.validate(GOOD, "alice", NOW)).roles, ["readers"]));
  const shown = asked.filter(({ headers }) => headers.authorization);
  assert.deepEqual(shown.map(({ path, headers }) => [path, headers.authorization]), [["/userinfo", `Bearer ${GOOD}`]]);
  assert.equal(lines.at(-1), `userinfo of issuer \`${provider.issuer}\`: fetched`);
  assert.deepEqual((await fetcher.explain(GOOD, "alice", NOW)).login.roles, ["readers"]);
  assert.deepEqual((await fetcher.identify(GOOD, NOW)).roles, ["readers"]);
  // What one token's bearer may do is nothing to the next one's.
  assert.equal(thrown(() => fetcher.validator.validate(GOOD, "alice", NOW)).userinfo_needed.issuer, provider.issuer);
  // A token that is refused for anything else asks nobody.
  for (const bearer of [FORGED, token(current, provider.issuer, { aud: "another" })]) {
    assert.deepEqual(await askedDuring(() => assert.rejects(fetcher.validate(bearer, "alice", NOW))), []);
    assert.deepEqual(await askedDuring(() => assert.rejects(fetcher.identify(bearer, NOW))), []);
  }
  assert.deepEqual(await askedDuring(() => assert.rejects(fetcher.validate(GOOD, "bob", NOW))), []);
  provider.userInfo = undefined;
});

test("who bears a token is said by the keys that are fetched for it", async () => {
  const fetcher = fetcherOf();
  const identity = await fetcher.identify(GOOD, NOW);
  assert.deepEqual(identity, fetcher.validator.identify(GOOD, NOW));
  assert.deepEqual(identity.principals, ["alice"]);
  await assert.rejects(fetcher.identify(FORGED, NOW), { code: "signature_invalid" });
});

test("keys are renewed before they are stale, and what becomes of it is told", async () => {
  const fetcher = fetcherOf();
  const { issuer } = provider;
  assert.equal(fetcher.cache.freshUntil(issuer), null);
  await fetcher.renew(issuer, { now: NOW });
  assert.equal(fetcher.cache.freshUntil(issuer), NOW + 300);
  await fetcher.renew(issuer, { now: NOW + 290 });
  assert.equal(fetcher.cache.freshUntil(issuer), NOW + 590);
  assert.deepEqual(await askedDuring(() => fetcher.validate(GOOD, "alice", NOW + 580)), []);
  await provider.down();
  // Who renews at the same time waits for the same attempt, and fails as it does.
  const renewals = [1, 2].map(() => assert.rejects(fetcher.renew(issuer, { now: NOW + 585 }), { fault: "unreachable" }));
  await Promise.all(renewals);
  await assert.rejects(fetcher.renew(issuer, { now: NOW + 586 }), (error) => sqljwt.KeysAwaitedError.isKeysAwaited(error));
  await provider.up();
  assert.equal(await decisionOf(fetcher, GOOD, NOW + 586), "accept");
  await assert.rejects(fetcher.renew("https://another.example"), sqljwt.FetchError);
  await assert.rejects(fetcher.renew(1), TypeError);
});

test("under new settings keys of the same places stay, and a fetch of others' is of no use", async () => {
  const fetcher = fetcherOf();
  await fetcher.validate(GOOD, "alice", NOW);
  fetcher.follow(validatorOf({ "server.jwt_authentication.audience": "another" }));
  const asked = await askedDuring(() => assert.rejects(fetcher.validate(GOOD, "alice", NOW), { code: "audience_not_allowed" }));
  assert.deepEqual(asked, []);
  const elsewhere = new sqljwt.Validator(fetching(attacker.issuer));
  provider.trouble = (address) => {
    if (address === "document") fetcher.follow(elsewhere);
    return false;
  };
  fetcher.follow(validatorOf());
  await assert.rejects(fetcher.validate(GOOD, "alice", NOW + 300), { code: "issuer_not_allowed" });
  assert.equal(fetcher.cache.record(provider.issuer), null);
  provider.trouble = () => false;
  fetcher.follow(validatorOf());
  assert.equal(await decisionOf(fetcher, GOOD, NOW + 300), "accept");
  assert.throws(() => fetcher.follow({}), TypeError);
  assert.equal(await decisionOf(fetcher, GOOD, NOW + 300), "accept");
});

test("how long a fetch may take is a setting, and an option before it", BOUNDED, async () => {
  const never = { fetch: () => new Promise(() => {}) };
  const setting = { "server.jwt_authentication.client.timeout": "00:00:00.02" };
  for (const [options, more, after] of [[never, setting, 20], [{ ...never, timeout: 30 }, setting, 30]]) {
    const error = await fetcherOf(options, more).validate(GOOD, "alice", NOW).catch((error) => error);
    assert.match(error.cause, new RegExp(`not all of it had come after ${after} ms`));
  }
});

test("a fetch is over in time altogether, and not answer by answer", BOUNDED, async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  for (const [each, decision] of [[499, "accept"], [501, "keys_needed"]]) {
    const slow = (url, options) => {
      context.mock.timers.tick(each);
      return fetch(url, options);
    };
    assert.equal(await decisionOf(fetcherOf({ fetch: slow, timeout: 1000 }), GOOD, NOW), decision, `twice ${each} ms`);
  }
});

const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBfTCCASKgAwIBAgIBATAKBggqhkjOPQQDAjAkMSIwIAYDVQQDDBlhbiBhdXRo
b3JpdHkgb2YgdGhlIHRlc3RzMCAXDTAwMDEwMTAwMDAwMFoYDzIxOTkxMjMxMjM1
OTU5WjAkMSIwIAYDVQQDDBlhbiBhdXRob3JpdHkgb2YgdGhlIHRlc3RzMFkwEwYH
KoZIzj0CAQYIKoZIzj0DAQcDQgAEoMLW4/h77sR0ANUv5hlXNy+nJH+VaahgR3nD
U6dT7w3m4OH+ixlPK253zt0lVELURtc3u0eQoCsLoadc/YqKdaNDMEEwDwYDVR0T
AQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMB0GA1UdDgQWBBTfXG2+x9G8Gbbq
+irKNRveo7NkdTAKBggqhkjOPQQDAgNJADBGAiEA0su8NLP0jsZ+ECG9o4w5wYqJ
yTUUxBvYCps6DtSeVIsCIQCNrY48G0TkQJCWysPtdP5ku3W1Wf1dtg3Ze7G7KLyB
3g==
-----END CERTIFICATE-----`;

test("certificates are checked, and a fetch of one's own brings others", async () => {
  // The certificate is that of a published test key: for 127.0.0.1, signed by itself.
  const jwk = JSON.parse(readFileSync(new URL("../../tests/keys/test-p256.json", import.meta.url)));
  const secret = createPrivateKey({ key: jwk, format: "jwk" }).export({ type: "pkcs8", format: "pem" });
  const secure = await Provider.startedWith({ key: secret, cert: CERTIFICATE }, current);
  const bearer = token(current, secure.issuer);
  const judge = new sqljwt.Validator(fetching(secure.issuer));
  const error = await createFetcher(judge).validate(bearer, "alice", NOW).catch((error) => error);
  assert.match(error.cause, /self-signed certificate/);
  assert.deepEqual(secure.asked, []);
  const trusting = (url, { headers, signal }) =>
    new Promise((resolve, reject) => {
      request(url, { headers, signal, ca: CERTIFICATE, agent: false }, (response) =>
        resolve({ status: response.statusCode, headers: Object.entries(response.headers), body: Readable.toWeb(response) }),
      ).on("error", reject).end();
    });
  assert.equal((await createFetcher(judge, { fetch: trusting }).validate(bearer, "alice", NOW)).user, "alice");
  await secure.down();
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
  for (const options of [{ fetch: 1 }, { fetch: null }, { timeout: 0 }, { timeout: 0.5 }, { timeout: "1" }, { timeout: 2 ** 31 }, { log: 1 }]) {
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
    assert.ok(names.includes("keys.js") && !names.includes("fetch.js") && !names.includes("asking.js"), door);
    assert.ok(!names.includes("advisor.js") && !names.includes("full.js"), door);
  }
});
