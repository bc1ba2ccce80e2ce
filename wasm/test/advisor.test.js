/** What is judged above one login: the same documents as those of the text call, and what is thrown. */

import assert from "node:assert/strict";
import test from "node:test";

import * as sqljwt from "sqljwt";
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
  return JSON.parse(sqljwt.call(JSON.stringify({ verb, settings, ...members })));
}

test("lint constructs who gets in, and reach agrees", () => {
  const { findings, errors } = sqljwt.lint(open);
  const { severity, proof, witness } = findings.find(({ rule }) => rule === "map-regex-unanchored");
  assert.deepEqual([severity, proof, errors >= 1], ["error", "witness", true]);
  const [{ users }] = sqljwt.reach(open, witness.principals[0], witness.issuer).issuers;
  assert.ok(users.some(({ user }) => user === witness.user));
  const rules = sqljwt.lintRules().map(({ rule }) => rule);
  assert.ok(rules.length >= 45 && findings.every(({ rule }) => rules.includes(rule)));
});

test("places are those of the text that was given", () => {
  const text = sqljwt.settingsToSql(open);
  const { position } = sqljwt.lint(text).findings.find(({ rule }) => rule === "map-regex-unanchored");
  assert.ok(text.split("\n")[position.line - 1].slice(position.column - 1).startsWith("/^(.*)@"));
});

test("documents are those of the text call", () => {
  assert.deepEqual(sqljwt.whoCan(open), called("who_can", open));
  assert.deepEqual(sqljwt.whoCan(open, "dba"), called("who_can", open, { user: "dba" }));
  assert.deepEqual(sqljwt.reach(open, "ops@corp"), called("reach", open, { principal: "ops@corp" }));
  const { settings, token, user, now } = vectors().find(({ expect }) => expect.decision === "accept");
  const window = sqljwt.loginWindow(settings, token, user, { now });
  assert.deepEqual(window, called("window", JSON.parse(settings), { token, user, now }));
  assert.ok(window.accepted_now);
  assert.deepEqual(sqljwt.loginWindow(settings, new TextEncoder().encode(token), user, { now: BigInt(now) }), window);
  const set = '{"keys":[]}';
  const rehearsal = sqljwt.rehearse(open, set, { tokens: [token], issuer: "https://idp.example", now });
  assert.deepEqual(rehearsal, called("rehearse", open, { key_set: set, tokens: [token], issuer: "https://idp.example", now }));
  const log = "ERROR:  JWT authentication: invalid audience\n";
  assert.deepEqual(sqljwt.explainLog(log), JSON.parse(sqljwt.call(JSON.stringify({ verb: "log", text: log }))));
  assert.equal(sqljwt.explainLog(log).entries[0].codes[0], "audience_not_allowed");
  const map = "sso ops@corp dba\nsso /x all\n";
  const converted = sqljwt.convertMap(map, "pg_ident", { sso: "https://idp.example" });
  assert.deepEqual(converted, called("convert_map", {}, { text: map, dialect: "pg_ident", issuers: { sso: "https://idp.example" } }));
  assert.match(sqljwt.convertMap("sso ops@corp dba", "pg_ident", "https://idp.example", open).map, /^https:\/\/idp\.example .*ops@corp.* dba$/);
});

test("a suggestion is settings that let the token in", () => {
  const { settings, token, user, now } = vectors().find(({ expect }) => expect.decision === "accept" && expect.user);
  const keys = JSON.parse(settings)["server.jwt_authentication.jwks"];
  const set = typeof keys === "string" ? keys : JSON.stringify(keys);
  const suggestion = sqljwt.suggest(token, user, { keys: set, now });
  assert.deepEqual(suggestion, JSON.parse(sqljwt.call(JSON.stringify({ verb: "suggest", token, user, keys: set, now }))));
  if (suggestion.refused === null) assert.equal(new sqljwt.Validator(suggestion.json).validate(token, user, now).user, suggestion.user);
  assert.ok(sqljwt.suggest("no token").refused);
});

test("settings are compared, and covered by logins", () => {
  const line = (dot) => ({ ...open, [MAP]: `https://idp.example /^([a-z]+)@example${dot}com$ \\1` });
  const told = sqljwt.compare(line("\\."), line("."));
  assert.deepEqual(told, called("compare", line("\\."), { new_settings: line("."), logins: [], now: 0 }));
  assert.deepEqual([told.gained, told.lost, told.complete], [1, 0, true]);
  assert.equal(told.changes[0].example.principal, "x@examplexcom");
  assert.equal(sqljwt.compare(open, open).changes.length, 0);
  const claims = { sub: "ops@corp", aud: "db-login", exp: 100 };
  const logins = [{ claims, issuer: "https://idp.example", user: "dba", now: 50 }, { token: new TextEncoder().encode("x") }];
  const covered = sqljwt.coverage(open, logins, { now: 50 });
  assert.deepEqual([covered.judged, covered.accepted, covered.lines.unreached.map(({ line }) => line)], [2, 1, [1]]);
  const judged = sqljwt.compare(open, { ...open, [MAP]: "https://idp.example x y" }, { logins, now: 50 });
  assert.deepEqual([judged.logins.judged, judged.logins.lost], [2, 1]);
});

test("keys that were fetched count", () => {
  const { settings, token, user, now, fetched } = vectors().find(({ fetched, expect }) => fetched && expect.decision === "accept");
  assert.ok(sqljwt.loginWindow(settings, token, user, { records: JSON.stringify(fetched), now }).accepted_now);
  assert.equal(sqljwt.loginWindow(settings, token, user, { now }).state, "unknown");
  assert.throws(() => sqljwt.loginWindow(settings, token, user, { records: "{}", now }), TypeError);
});

test("settings that cannot be used are linted, and refused by everything else", () => {
  assert.ok(sqljwt.lint(broken).findings.some(({ rule }) => rule === "setting-unusable"));
  const questions = [
    () => sqljwt.whoCan(broken),
    () => sqljwt.reach(broken, "a"),
    () => sqljwt.rehearse(broken, "{}"),
    () => sqljwt.whoCan("SET CLUSTER SETTING server.jwt_authentication.enabled = often"),
  ];
  for (const question of questions) assert.ok(thrown(question) instanceof sqljwt.SettingsError);
  assert.equal(thrown(() => sqljwt.whoCan(JSON.stringify(broken))).line, 1);
  const told = thrown(() => sqljwt.whoCan(broken)).toAdminJSON();
  assert.deepEqual(told, thrown(() => new sqljwt.Validator(broken)).toAdminJSON());
});

test("what cannot be asked is a TypeError", () => {
  const questions = [
    () => sqljwt.lint(),
    () => sqljwt.lint(1),
    () => sqljwt.whoCan(open, 1),
    () => sqljwt.reach(open),
    () => sqljwt.reach(open, "a", null),
    () => sqljwt.loginWindow(open, 1, ""),
    () => sqljwt.loginWindow(open, "", null),
    () => sqljwt.loginWindow(open, "", "", { now: 0.5 }),
    () => sqljwt.rehearse(open, {}),
    () => sqljwt.rehearse(open, "{}", { tokens: [1] }),
    () => sqljwt.rehearse(open, "{}", { issuer: "https://elsewhere.example" }),
    () => sqljwt.explainLog(),
    () => sqljwt.suggest(),
    () => sqljwt.suggest("", "", { keys: {} }),
    () => sqljwt.compare(open),
    () => sqljwt.compare(open, open, { profile: "lax" }),
    () => sqljwt.coverage(open),
    () => sqljwt.coverage(open, [{}]),
    () => sqljwt.coverage(open, [{ token: "", claims: {} }]),
    () => sqljwt.convertMap("", "mysql", "https://idp.example"),
    () => sqljwt.convertMap("", "pg_ident", { sso: 1 }),
    () => sqljwt.convertMap("", "pg_ident"),
    () => sqljwt.convertMap("", "pg_ident", null),
  ];
  for (const question of questions) assert.throws(question, TypeError, String(question));
});
