/** The JavaScript dress: what is thrown, what is taken, what survives a bug in the engine. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { gzipSync } from "node:zlib";

import * as sqljwt from "sqljwt";
import { thrown } from "./thrown.js";
import { vectors } from "./vectors.js";

const built = new URL("../pkg/", import.meta.url);
/** The package's modules, each with the KiB that a browser downloads of it at most: a few more than it has. */
const MODULES = { engine: 558, full: 851 };
const bytesOf = (folder) => readFileSync(new URL(`${folder}/glue_bg.wasm`, built));
const accepted = vectors().find(({ expect }) => expect.decision === "accept");
const rejected = vectors().find(({ expect }) => expect.code === "audience_not_allowed");
const waiting = vectors().find(({ expect }) => expect.decision === "keys_needed");

test("a login is plain data", () => {
  const login = new sqljwt.Validator(accepted.settings).validate(accepted.token, accepted.user, accepted.now);
  assert.equal(login.user, accepted.expect.user);
  assert.deepEqual(structuredClone(login), login);
});

test("a refusal carries its reason, and apart from it what the client may be told", () => {
  const validator = new sqljwt.Validator(rejected.settings);
  const error = thrown(() => validator.validate(rejected.token, rejected.user, rejected.now));
  assert.ok(error instanceof sqljwt.TokenRejectedError && error instanceof sqljwt.LoginRefusedError);
  assert.equal(error.name, "TokenRejectedError");
  assert.equal(error.code, "audience_not_allowed");
  assert.equal(error.check, "audience");
  assert.equal(error.setting, "server.jwt_authentication.audience");
  assert.match(error.message, /^audience_not_allowed: /);
  assert.equal(error.client.sqlstate, "28000");
});

test("needed keys are named with where to fetch them", () => {
  const validator = new sqljwt.Validator(waiting.settings);
  const error = thrown(() => validator.validate(waiting.token, waiting.user, waiting.now));
  assert.ok(error instanceof sqljwt.KeysNeededError && error instanceof sqljwt.LoginRefusedError);
  assert.ok(error.issuer && error.cause && (error.discovery_url ?? error.jwks_url));
});

test("who bears a token, what becomes of roles, and which keys there are is said as the text call says it", () => {
  const grouped = vectors().filter(({ expect, settings }) => expect.decision === "accept" && settings.includes("group_prefix"));
  for (const { settings, token, user, now } of [accepted, grouped[0]]) {
    const validator = new sqljwt.Validator(settings);
    const called = (verb, more) => JSON.parse(sqljwt.call(JSON.stringify({ verb, settings: JSON.parse(settings), now, ...more })));
    assert.deepEqual(validator.identify(token, now), called("identify", { token }).identity);
    const memberships = ["writers", { role: "ledger", through: "writers" }];
    const roles = validator.roles(token, user, { memberships, existingRoles: new Set(["readers"]), now });
    assert.deepEqual(roles, called("roles", { token, user, memberships, existing_roles: ["readers"] }));
    assert.deepEqual(validator.roles(token, user, { now }), called("roles", { token, user }));
    assert.deepEqual(validator.keys({ tokens: [token], now }), called("keys", { tokens: [token] }));
  }
  assert.equal(new sqljwt.Validator(grouped[0].settings).roles(grouped[0].token, "alice", { now: grouped[0].now }).plan.grant[0], "readers");
  const validator = new sqljwt.Validator(rejected.settings);
  assert.equal(thrown(() => validator.identify(rejected.token, rejected.now)).code, "audience_not_allowed");
  for (const options of [{ memberships: [1] }, { memberships: [{ role: "a" }] }, { existingRoles: [1] }, { now: 0.5 }]) {
    assert.throws(() => validator.roles("", "", options), TypeError);
  }
  for (const options of [{ records: 1 }, { tokens: [1] }, { tokens: 1 }]) assert.throws(() => validator.keys(options), TypeError);
  assert.ok(thrown(() => validator.keys({ records: "{}" })) instanceof sqljwt.FetchError);
});

test("what is no cache, or none any more, is a TypeError, and the keys of others outlast it", () => {
  const { settings, fetched } = vectors().find(({ fetched }) => fetched?.length === 1);
  const validator = new sqljwt.Validator(settings);
  const [cache, freed] = [new sqljwt.KeyCache(validator), new sqljwt.KeyCache(validator)];
  cache.replay(JSON.stringify(fetched));
  const record = cache.record(fetched[0].issuer);
  assert.ok(record);
  freed.free();
  for (const wrong of [undefined, {}, validator, freed]) assert.throws(() => validator.withKeys(wrong), TypeError);
  for (const wrong of [undefined, {}, cache]) assert.throws(() => cache.follow(wrong), TypeError);
  assert.equal(cache.record(fetched[0].issuer), record);
});

test("a login of the past is judged by the keys of then", () => {
  const { settings, token, user, now, fetched } = vectors().find(({ expect, fetched }) => fetched?.length === 1 && expect.decision === "accept");
  const validator = new sqljwt.Validator(settings).withKeysAt(JSON.stringify(fetched), now);
  assert.equal(validator.validate(token, user, now).user, user);
  const early = new sqljwt.Validator(settings).withKeysAt(JSON.stringify(fetched), now - 86_400);
  assert.equal(thrown(() => early.validate(token, user, now - 86_400)).code, "keys_unavailable");
  assert.throws(() => new sqljwt.Validator(settings).withKeysAt(fetched, now), TypeError);
});

test("unusable settings are thrown with their place", () => {
  const settings = '{\n  "server.jwt_authentication.enabled": "yes"\n}';
  for (const use of [(text) => new sqljwt.Validator(text), sqljwt.settingsToSql, sqljwt.settingsToJson]) {
    const error = thrown(() => use(settings));
    assert.ok(error instanceof sqljwt.SettingsError);
    const { code, setting, line, column, remedy } = error;
    assert.deepEqual({ code, setting, line, column, remedy }, {
      code: "setting_wrong_type",
      setting: "server.jwt_authentication.enabled",
      line: 2,
      column: 40,
      remedy: "set server.jwt_authentication.enabled to true or false, without quotes",
    });
  }
  assert.equal(sqljwt.explain(settings, "", "", 0).reason.code, "setting_wrong_type");
});

test("unusable settings are thrown with all their faults", () => {
  const settings = '{\n  "server.jwt_authentication.enabled": "yes",\n  "engine.leeway_seconds": -1,\n  "engine.profile": "soft"\n}';
  const error = thrown(() => new sqljwt.Validator(settings));
  assert.match(error.message, /\(line 2, column 40\), and 2 other faults$/);
  assert.deepEqual(error.others.map(({ setting, line, column }) => ({ setting, line, column })), [
    { setting: "engine.leeway_seconds", line: 3, column: 28 },
    { setting: "engine.profile", line: 4, column: 22 },
  ]);
  const [, { code, number, message, remedy }] = error.others;
  assert.equal(number, sqljwt.reasonCodes().find((reason) => reason.code === code).number);
  assert.ok(code === "profile_unknown" && message && remedy && error.untold === 0);
  const { advice } = sqljwt.explain(settings, "", "", 0);
  const told = advice.filter(({ kind, check }) => kind === "next_failure" && check === "settings");
  assert.deepEqual(told.map((other) => other.message), error.others.map((other) => other.message));
});

test("faults of settings beyond some dozens are counted", () => {
  const names = Array.from({ length: 60 }, (_, number) => [`server.jwt_authentication.${number}`, 1]);
  const error = thrown(() => new sqljwt.Validator(Object.fromEntries(names)));
  assert.ok(error.untold > 0 && error.others.length + error.untold === 59);
  assert.match(error.message, /, and 59 other faults$/);
});

test("an error in an object names the setting, and stands on its line", () => {
  for (const [name, value] of [["server.jwt_authentication.audiense", "x"], ["server.jwt_authentication.enabled", "é"]]) {
    const settings = { "server.jwt_authentication.claim": "é", [name]: value };
    for (const ask of [(given) => new sqljwt.Validator(given), sqljwt.settingsToSql, sqljwt.settingsToJson]) {
      assert.throws(() => ask(settings), (error) => {
        assert.ok(error.message.includes(name) && !error.message.includes("line"), error.message);
        assert.equal(error.line, 3);
        return true;
      });
    }
  }
});

test("an error in an object stands where Python finds it, for values with lines and members of their own stay on one line", () => {
  const settings = {
    "server.jwt_authentication.claim": "a\nb",
    "server.jwt_authentication.jwks": { keys: [1, [2, 3]] },
    "server.jwt_authentication.audience": ["a", "b"],
    "server.jwt_authentication.enabled": "x",
  };
  const { line, column } = thrown(() => new sqljwt.Validator(settings));
  assert.deepEqual({ line, column }, { line: 5, column: 40 });
  assert.deepEqual(sqljwt.explain(settings, "", "", 0).reason.position, { line: 5, column: 40 });
});

test("unusable settings do not hide the token", () => {
  assert.deepEqual(
    sqljwt.explain("{", accepted.token, "alice", 0).token,
    sqljwt.explain(accepted.settings, accepted.token, "alice", 0).token,
  );
});

test("settings go from one form to another", () => {
  const settings = { "server.jwt_authentication.enabled": true, "server.jwt_authentication.claim": "it's" };
  const sql = sqljwt.settingsToSql(settings);
  assert.match(sql, /claim = 'it''s';/);
  assert.deepEqual(sqljwt.settingsFromSql(sql), settings);
  assert.equal(sqljwt.settingsToJson(sql).split("\n").length, 5);
});

test("a timeline reads like the explanation", () => {
  const { settings, token, user, now } = rejected;
  const timeline = new sqljwt.Validator(settings).timeline(token, user, now);
  assert.match(timeline, /^REJECTED {2}audience_not_allowed/);
  assert.equal(timeline, sqljwt.timeline(settings, token, user, now));
  assert.notEqual(timeline, sqljwt.timeline(settings, token, user, now, { redact: true }));
});

test("an explanation as text keeps the digits that JavaScript's numbers lose", () => {
  const part = (text) => Buffer.from(text).toString("base64url");
  const token = `${part('{"alg":"RS256","kid":"k"}')}.${part('{"id":12345678901234567890}')}.AAAA`;
  assert.match(new sqljwt.Validator(accepted.settings).explainJson(token, "alice", 0), /"id":12345678901234567890/);
});

test("now is the present unless it is given, and nothing but whole seconds", (context) => {
  const validator = new sqljwt.Validator(accepted.settings);
  context.mock.timers.enable({ apis: ["Date"], now: accepted.now * 1000 + 999 });
  assert.equal(validator.validate(accepted.token, accepted.user).user, accepted.expect.user);
  assert.equal(validator.validate(accepted.token, accepted.user, BigInt(accepted.now)).user, accepted.expect.user);
  for (const now of [0.5, NaN, Infinity, 2 ** 53, 2n ** 63n, -(2n ** 63n) - 1n, "1800000000", null, new Date()]) {
    assert.throws(() => validator.validate(accepted.token, accepted.user, now), TypeError, String(now));
  }
});

test("what is no token, no user and no settings is a TypeError", () => {
  const validator = new sqljwt.Validator(accepted.settings);
  for (const token of [undefined, null, 1, {}, [1]]) assert.throws(() => validator.explain(token, "a", 0), TypeError);
  for (const user of [undefined, null, 1]) assert.throws(() => validator.explain("", user, 0), TypeError);
  for (const settings of [undefined, null, 1, new String("{}"), new Date(0), { toJSON: () => undefined }]) {
    assert.throws(() => new sqljwt.Validator(settings), TypeError);
  }
  assert.throws(() => sqljwt.call({}), TypeError);
});

test("no bytes make the engine stumble", () => {
  const validator = new sqljwt.Validator(accepted.settings);
  const megabyte = 2 ** 20;
  for (const token of ["", "\u202e\u200b", "\ud800", "x".repeat(megabyte), new Uint8Array(megabyte).fill(0xff)]) {
    assert.equal(validator.explain(token, "alice", 0).decision, "reject");
    assert.throws(() => sqljwt.dangerous.decodeUnverified(token), sqljwt.DecodeError);
  }
  for (const text of ["", "\u202e", "{".repeat(megabyte), "'".repeat(megabyte)]) {
    assert.throws(() => new sqljwt.Validator(text), sqljwt.SettingsError);
  }
});

test("a token is shown unverified only where danger is named", () => {
  const view = sqljwt.dangerous.decodeUnverified("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.");
  assert.deepEqual(view.claims, { sub: "alice" });
  assert.equal(thrown(() => sqljwt.dangerous.decodeUnverified("")).code, "token_empty");
});

test("a freed validator refuses to answer", () => {
  const validator = new sqljwt.Validator(accepted.settings);
  validator[Symbol.dispose]();
  validator.free();
  assert.throws(() => validator.validate(accepted.token, accepted.user, accepted.now), /has been freed/);
});

test("after a trap nobody is logged in, and the next call meets a fresh engine", async () => {
  const validator = new sqljwt.Validator(accepted.settings);
  const { initSync } = await import(new URL("engine/glue.js", built));
  new Uint8Array(initSync().memory.buffer).fill(0xff);
  const error = thrown(() => validator.validate(accepted.token, accepted.user, accepted.now));
  assert.ok(error instanceof sqljwt.InternalError);
  assert.equal(error.code, "internal_error");
  assert.equal(validator.validate(accepted.token, accepted.user, accepted.now).user, accepted.expect.user);
  validator.free();
});

test("the modules import nothing that reaches a clock, randomness or the network", () => {
  for (const folder of Object.keys(MODULES)) {
    const module = new WebAssembly.Module(bytesOf(folder));
    const names = WebAssembly.Module.imports(module).map(({ name }) => name.replace(/_[0-9a-f]{16}$/, ""));
    // To throw an error, to make a string of it, to keep it until it is thrown; to make an array or an object and to put
    // something into it: nothing else.
    const throwing = ["__wbg___wbindgen_throw", "__wbindgen_generic", "__wbindgen_init_externref_table"];
    const making = ["__wbg_new", "__wbg_new", "__wbg_set", "__wbg_set", "__wbindgen_generic"];
    assert.deepEqual(names.sort(), [...throwing, ...making].sort(), folder);
    const glue = readFileSync(new URL(`${folder}/glue.js`, built), "utf8");
    const made = [...glue.matchAll(/__wbg_new_[0-9a-f]{16}: function\(\) \{\s*const ret = new (\w+)\(\);/g)];
    assert.deepEqual(made.map(([, name]) => name).sort(), ["Array", "Object"], folder);
  }
});

test("what a browser downloads stays small", () => {
  for (const [folder, limit] of Object.entries(MODULES)) {
    const { length } = gzipSync(bytesOf(folder), { level: 9 });
    assert.ok(length <= limit * 1024, `${folder}: ${length} bytes with gzip`);
  }
});

test("the modules name no folder of the machine that built them", () => {
  for (const module of Object.keys(MODULES)) {
    const texts = bytesOf(module).toString("latin1");
    for (const folder of [homedir(), fileURLToPath(new URL("../..", import.meta.url)), "/registry/src/"]) {
      assert.ok(!texts.includes(folder), `${module}: ${folder}`);
    }
  }
});

test("an explanation travels to another thread", async () => {
  const { settings, token, user, now } = accepted;
  const code = `
    import { parentPort } from "node:worker_threads";
    const { explain } = await import(${JSON.stringify(new URL("node.js", built).href)});
    parentPort.once("message", ({ settings, token, user, now }) => parentPort.postMessage(explain(settings, token, user, now)));
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  worker.postMessage({ settings, token, user, now });
  const explanation = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  await worker.terminate();
  assert.deepEqual(explanation, sqljwt.explain(settings, token, user, now));
});
