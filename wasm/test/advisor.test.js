/** What is judged above one login: the same documents as those of the text call, and what is thrown. */

import assert from "node:assert/strict";
import test from "node:test";

import * as sqljwt from "sqljwt";
import * as advisor from "sqljwt/advisor";
import { inChromium } from "./chromium.js";
import { thrown } from "./thrown.js";
import { vectors } from "./vectors.js";

const MAP = "server.identity_map.configuration";
const open = {
  "engine.profile": "cockroachdb",
  "server.jwt_authentication.enabled": true,
  "server.jwt_authentication.issuers": "https://idp.example",
  "server.jwt_authentication.audience": "db-login",
  [MAP]: "https://idp.example /^(.*)@example\\.com \\1\nhttps://idp.example ops@corp dba\n",
};
const broken = { "server.jwt_authentication.enabled": "often" };

/** The answer of the text call. */
function called(verb, settings, members) {
  return JSON.parse(advisor.call(JSON.stringify({ verb, settings, ...members })));
}

test("lint constructs who gets in, and reach agrees", () => {
  const { findings, errors } = advisor.lint(open);
  const { severity, proof, witness } = findings.find(({ rule }) => rule === "map-regex-unanchored");
  assert.deepEqual([severity, proof, errors >= 1], ["error", "witness", true]);
  const [{ users }] = advisor.reach(open, witness.principals[0], witness.issuer).issuers;
  assert.ok(users.some(({ user }) => user === witness.user));
  const rules = advisor.lintRules().map(({ rule }) => rule);
  assert.ok(rules.length >= 45 && findings.every(({ rule }) => rules.includes(rule)));
});

test("places are those of the text that was given", () => {
  const text = sqljwt.settingsToSql(open);
  const { position } = advisor.lint(text).findings.find(({ rule }) => rule === "map-regex-unanchored");
  assert.ok(text.split("\n")[position.line - 1].slice(position.column - 1).startsWith("/^(.*)@"));
});

test("documents are those of the text call", () => {
  assert.deepEqual(advisor.whoCan(open), called("who_can", open));
  assert.deepEqual(advisor.whoCan(open, "dba"), called("who_can", open, { user: "dba" }));
  assert.deepEqual(advisor.reach(open, "ops@corp"), called("reach", open, { principal: "ops@corp" }));
  const { settings, token, user, now } = vectors().find(({ expect }) => expect.decision === "accept");
  const window = advisor.loginWindow(settings, token, user, { now });
  assert.deepEqual(window, called("window", JSON.parse(settings), { token, user, now }));
  assert.ok(window.accepted_now);
  assert.deepEqual(advisor.loginWindow(settings, new TextEncoder().encode(token), user, { now: BigInt(now) }), window);
  const set = '{"keys":[]}';
  const rehearsal = advisor.rehearse(open, set, { tokens: [token], issuer: "https://idp.example", now });
  assert.deepEqual(rehearsal, called("rehearse", open, { key_set: set, tokens: [token], issuer: "https://idp.example", now }));
  const log = "ERROR:  JWT authentication: invalid audience\n";
  assert.deepEqual(advisor.explainLog(log), JSON.parse(advisor.call(JSON.stringify({ verb: "log", text: log }))));
  assert.equal(advisor.explainLog(log).entries[0].codes[0], "audience_not_allowed");
  const map = "sso ops@corp dba\nsso /x all\n";
  const converted = advisor.convertMap(map, "pg_ident", { sso: "https://idp.example" });
  assert.deepEqual(converted, called("convert_map", {}, { text: map, dialect: "pg_ident", issuers: { sso: "https://idp.example" } }));
  assert.match(advisor.convertMap("sso ops@corp dba", "pg_ident", "https://idp.example", open).map, /^https:\/\/idp\.example .*ops@corp.* dba$/);
});

test("a suggestion is settings that let the token in", () => {
  const { settings, token, user, now } = vectors().find(({ expect }) => expect.decision === "accept" && expect.user);
  const keys = JSON.parse(settings)["server.jwt_authentication.jwks"];
  const set = typeof keys === "string" ? keys : JSON.stringify(keys);
  const suggestion = advisor.suggest(token, user, { keys: set, now });
  assert.deepEqual(suggestion, JSON.parse(advisor.call(JSON.stringify({ verb: "suggest", token, user, keys: set, now }))));
  if (suggestion.refused === null) assert.equal(new sqljwt.Validator(suggestion.json).validate(token, user, now).user, suggestion.user);
  assert.ok(advisor.suggest("no token").refused);
});

test("settings are compared, and covered by logins", () => {
  const line = (dot) => ({ ...open, [MAP]: `https://idp.example /^([a-z]+)@example${dot}com$ \\1` });
  const told = advisor.compare(line("\\."), line("."));
  assert.deepEqual(told, called("compare", line("\\."), { new_settings: line("."), logins: [], now: 0 }));
  assert.deepEqual([told.gained, told.lost, told.complete], [1, 0, true]);
  assert.equal(told.changes[0].example.principal, "x@examplexcom");
  assert.equal(advisor.compare(open, open).changes.length, 0);
  const claims = { sub: "ops@corp", aud: "db-login", exp: 100 };
  const logins = [{ claims, issuer: "https://idp.example", user: "dba", now: 50 }, { token: new TextEncoder().encode("x") }];
  const covered = advisor.coverage(open, logins, { now: 50 });
  assert.deepEqual([covered.judged, covered.accepted, covered.lines.unreached.map(({ line }) => line)], [2, 1, [1]]);
  const judged = advisor.compare(open, { ...open, [MAP]: "https://idp.example x y" }, { logins, now: 50 });
  assert.deepEqual([judged.logins.judged, judged.logins.lost], [2, 1]);
});

test("keys that were fetched count", () => {
  const { settings, token, user, now, fetched } = vectors().find(({ fetched, expect }) => fetched && expect.decision === "accept");
  assert.ok(advisor.loginWindow(settings, token, user, { records: JSON.stringify(fetched), now }).accepted_now);
  assert.equal(advisor.loginWindow(settings, token, user, { now }).state, "unknown");
  assert.throws(() => advisor.loginWindow(settings, token, user, { records: "{}", now }), TypeError);
});

test("settings that cannot be used are linted, and refused by everything else", () => {
  assert.ok(advisor.lint(broken).findings.some(({ rule }) => rule === "setting-unusable"));
  const questions = [
    () => advisor.whoCan(broken),
    () => advisor.reach(broken, "a"),
    () => advisor.rehearse(broken, "{}"),
    () => advisor.whoCan("SET CLUSTER SETTING server.jwt_authentication.enabled = often"),
  ];
  for (const question of questions) assert.ok(thrown(question) instanceof sqljwt.SettingsError);
  assert.equal(thrown(() => advisor.whoCan(JSON.stringify(broken))).line, 1);
  const told = thrown(() => advisor.whoCan(broken)).toAdminJSON();
  assert.deepEqual(told, thrown(() => new sqljwt.Validator(broken)).toAdminJSON());
});

test("what cannot be asked is a TypeError", () => {
  const questions = [
    () => advisor.lint(),
    () => advisor.lint(1),
    () => advisor.whoCan(open, 1),
    () => advisor.reach(open),
    () => advisor.reach(open, "a", null),
    () => advisor.loginWindow(open, 1, ""),
    () => advisor.loginWindow(open, "", null),
    () => advisor.loginWindow(open, "", "", { now: 0.5 }),
    () => advisor.rehearse(open, {}),
    () => advisor.rehearse(open, "{}", { tokens: [1] }),
    () => advisor.rehearse(open, "{}", { issuer: "https://elsewhere.example" }),
    () => advisor.explainLog(),
    () => advisor.suggest(),
    () => advisor.suggest("", "", { keys: {} }),
    () => advisor.compare(open),
    () => advisor.compare(open, open, { profile: "lax" }),
    () => advisor.coverage(open),
    () => advisor.coverage(open, [{}]),
    () => advisor.coverage(open, [{ token: "", claims: {} }]),
    () => advisor.convertMap("", "mysql", "https://idp.example"),
    () => advisor.convertMap("", "pg_ident", { sso: 1 }),
    () => advisor.convertMap("", "pg_ident"),
    () => advisor.convertMap("", "pg_ident", null),
  ];
  for (const question of questions) assert.throws(question, TypeError, String(question));
});

test("both entries throw errors of the same classes, and neither has what is the other's", () => {
  for (const name of ["SettingsError", "InternalError"]) assert.equal(advisor[name], sqljwt[name]);
  const both = Object.keys(advisor).filter((name) => name in sqljwt);
  assert.deepEqual(both.sort(), ["InternalError", "SettingsError", "call"]);
});

test("the engine alone says which verbs it does not have, and answers the others with the same bytes", () => {
  const asked = (verb, door) => door.call(JSON.stringify({ verb, settings: open, token: "x", now: 0 }));
  for (const verb of ["explain", "validate", "identify"]) assert.equal(asked(verb, sqljwt), asked(verb, advisor));
  for (const verb of ["lint", "rules", "log", "who_can", "reach", "suggest", "rehearse", "window", "convert_map", "compare", "coverage"]) {
    const { error } = JSON.parse(asked(verb, sqljwt));
    assert.equal(error.code, "call_invalid");
    assert.ok(error.message.startsWith(`\`${verb}\` is a verb of the advisor, which this build does not have`), error.message);
    assert.ok(!asked(verb, advisor).includes("does not have"), verb);
  }
  assert.throws(() => advisor.call({}), TypeError);
});

test("after a trap the advisor meets a fresh engine, and validators live on", async () => {
  const { settings, token, user, now } = vectors().find(({ expect }) => expect.decision === "accept");
  const validator = new sqljwt.Validator(settings);
  const { initSync } = await import(new URL("../pkg/full/glue.js", import.meta.url));
  new Uint8Array(initSync().memory.buffer).fill(0xff);
  assert.ok(thrown(() => advisor.lint(open)) instanceof sqljwt.InternalError);
  assert.ok(advisor.lint(open).errors >= 1);
  assert.equal(validator.validate(token, user, now).user, user);
});

test("in a browser the advisor answers as it does in Node, without the engine", async () => {
  const { page, evaluate, address, close } = await inChromium();
  try {
    const modules = [];
    page.on("request", (request) => request.url().endsWith(".wasm") && modules.push(request.url()));
    await page.goto(address);
    const told = await evaluate(async (settings) => {
      const { lint } = await import("./sqljwt/advisor_browser.js");
      return lint(settings);
    }, open);
    assert.deepEqual(told, advisor.lint(open));
    assert.deepEqual(modules, [`${address}sqljwt/full/glue_bg.wasm`]);
  } finally {
    await close();
  }
});
