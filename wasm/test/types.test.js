/** The hand-written types say what the engine writes: `tsc` compiles every document as a literal of its type. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";

import * as sqljwt from "sqljwt";
import * as advisor from "sqljwt/advisor";
import * as advisorManual from "sqljwt/advisor/manual";
import * as fetching from "sqljwt/fetch";
import * as manual from "sqljwt/manual";
import { explained, vectors } from "./vectors.js";

const folder = new URL("../target/types/", import.meta.url);

test("every document that the vectors give has its type", () => {
  const statements = ['import type { Explanation, Login, Reason, TokenView } from "sqljwt";', 'import type * as advisor from "sqljwt/advisor";'];
  const state = (document, type) => statements.push(`${literal(document)} satisfies ${type};`);
  for (const vector of vectors()) {
    const explanation = JSON.parse(explained(vector));
    state(explanation, "Explanation");
    state(JSON.parse(explained(vector, { redact: true })), "Explanation");
    if (explanation.login) state(explanation.login, "Login");
    if (explanation.token) state(explanation.token, "TokenView");
  }
  for (const reason of sqljwt.reasonCodes()) state(reason, "Reason");
  advice(state);
  compile("documents", statements.join("\n"));
});

/** Documents of the advisor, with everything in them that can be null, and without it. */
function advice(state) {
  const issuer = "https://idp.example";
  const map = `${issuer} /^(.*)@example\\.com \\1\n${issuer} ops@corp admin\n${issuer} x root\n`;
  for (const identityMap of [map, ""]) {
    const settings = {
      "engine.profile": "cockroachdb",
      "server.jwt_authentication.enabled": true,
      "server.jwt_authentication.issuers": issuer,
      "server.jwt_authentication.audience": "db-login",
      "server.identity_map.configuration": identityMap,
    };
    state(advisor.lint(settings), "advisor.LintDocument");
    state(advisor.whoCan(settings), "advisor.WhoCanDocument");
    state(advisor.reach(settings, "x"), "advisor.ReachDocument");
    state(advisor.rehearse(settings, '{"keys":[{"kty":"oct"},{"kty":"AKP","kid":"a","alg":"ML-DSA-44"}]}', { tokens: [""], now: 0 }), "advisor.RehearsalDocument");
    state(advisor.rehearse(settings, "{", { now: 0 }), "advisor.RehearsalDocument");
    const logins = [{ token: "" }, { claims: { sub: "ops@corp", exp: 9 }, issuer, user: "admin", now: 0, expected: "" }];
    state(advisor.compare(settings, { ...settings, "server.identity_map.configuration": `${issuer} ops@corp a` }, { logins, now: 0 }), "advisor.CompareDocument");
    state(advisor.compare(settings, "x", { newProfile: "hardened" }), "advisor.CompareDocument");
    state(advisor.coverage(settings, logins, { now: 0 }), "advisor.CoverageDocument");
    state(advisor.convertMap("sso /(.*)@x \\1\nsso x all\n", "pg_ident", issuer, settings), "advisor.ConvertMapDocument");
  }
  state(advisor.explainLog("ERROR:  JWT authentication: invalid audience\n"), "advisor.LogDocument");
  for (const rule of advisor.lintRules()) state(rule, "advisor.LintRule");
  for (const { settings, token, user, now } of vectors().slice(0, 200)) {
    state(advisor.loginWindow(settings, token, user, { now }), "advisor.WindowDocument");
    state(advisor.suggest(token, "", { now }), "advisor.SuggestDocument");
  }
}

test("the unions list exactly the names that the engine knows", () => {
  const named = (names) => literal(Object.fromEntries([...names].map((name) => [name, true])));
  const reasons = sqljwt.reasonCodes();
  const checks = new Set(reasons.map(({ check }) => check));
  compile("names", `
    import type { Check, ReasonCode } from "sqljwt";
    import * as sqljwt from "sqljwt";
    import * as manual from "sqljwt/manual";
    import * as fetching from "sqljwt/fetch";
    import * as advisor from "sqljwt/advisor";
    import * as advisorManual from "sqljwt/advisor/manual";
    export const codes: Record<ReasonCode, true> = ${named(reasons.map(({ code }) => code))};
    export const checks: Record<Check, true> = ${named(checks)};
    export const names: Record<keyof typeof sqljwt, true> = ${named(Object.keys(sqljwt))};
    export const manualNames: Record<keyof typeof manual, true> = ${named(Object.keys(manual))};
    export const fetchingNames: Record<keyof typeof fetching, true> = ${named(Object.keys(fetching))};
    export const advisorNames: Record<keyof typeof advisor, true> = ${named(Object.keys(advisor))};
    export const advisorManualNames: Record<keyof typeof advisorManual, true> = ${named(Object.keys(advisorManual))};
  `);
});

test("the types allow what is meant and forbid what is not", () => {
  compile("usage", `
    import {
      FetchError, KeyCache, KeysAwaitedError, KeysNeededError, LoginRefusedError, SettingsError, TokenRejectedError, Validator,
      dangerous, type ClientAnswer, type Explanation, type Fetch, type Identity, type Login, type Range, type ReasonCode, type SettingsFault, type TokenView,
    } from "sqljwt";
    import { lint, SettingsError as AdvisorsError, type LintDocument } from "sqljwt/advisor";
    import { instantiate as instantiateAdvisor } from "sqljwt/advisor/manual";
    import { createFetcher } from "sqljwt/fetch";
    import { instantiate } from "sqljwt/manual";
    using validator = new Validator({ "server.jwt_authentication.enabled": true });
    export const login: Login = validator.validate(new Uint8Array(), "alice", 1_800_000_000n);
    export const code: ReasonCode | undefined = validator.explain("", "").reason?.code;
    export const text: string = validator.explainJson("", "", 0, { redact: true });
    export const view: TokenView = dangerous.decodeUnverified("");
    export const place = (error: unknown): number | null => (error instanceof SettingsError ? error.line : null);
    export const faults = (error: SettingsError): SettingsFault[] => error.toAdminJSON().others;
    export const ends = ({ checks }: Explanation): (Range | undefined)[] => checks.map(({ range }) => range ?? undefined);
    instantiate(new Uint8Array());
    instantiateAdvisor(new Uint8Array());
    export const linted: LintDocument = lint({});
    export const same = (error: AdvisorsError): SettingsError => error;
    validator.explain(new DataView(new ArrayBuffer(1)), "");
    export const forClients = (error: unknown): ClientAnswer | undefined => {
      if (TokenRejectedError.isTokenRejected(error)) return error.actual?.length ? error.toAdminJSON().client : error.client;
      if (KeysNeededError.isKeysNeeded(error)) return error.toAdminJSON().issuer ? error.toJSON().client : undefined;
      if (SettingsError.isSettingsError(error)) return error.client;
      return LoginRefusedError.isLoginRefused(error) ? error.client : undefined;
    };
    using cache = new KeyCache(validator);
    export const keyed: Login = validator.withKeys(cache).validate("", "alice");
    export const next = (error: KeysNeededError): Fetch | null => cache.start(error.issuer, error);
    export const asked = async (fetch: Fetch): Promise<Fetch | null> => {
      const response = await globalThis.fetch(fetch.url, { headers: fetch.headers });
      return cache.answer(fetch, response.status, response.headers, new Uint8Array(await response.arrayBuffer()));
    };
    export const why = (error: unknown): string | number => {
      if (KeysAwaitedError.isKeysAwaited(error)) return error.until;
      return FetchError.isFetchError(error) ? error.toAdminJSON().fault : "";
    };
    export const fetcher = createFetcher(validator, { fetch: globalThis.fetch, timeout: 1000, log: console.log });
    export const later: Promise<Login> = fetcher.validate("", "alice", 0);
    export const bearer: Promise<Identity> = createFetcher(validator).identify("");
    export const ahead = (issuer: string): Promise<void> | number | null =>
      fetcher.cache.freshUntil(issuer) ?? fetcher.renew(issuer, { now: 0 });
    export const standing: Validator = (fetcher.follow(validator), fetcher.validator);
    export const lacking = (error: TokenRejectedError): string | undefined =>
      error.cause instanceof FetchError ? error.cause.fault : error.userinfo_needed?.issuer;
    // @ts-expect-error: the settings are changed by following others
    fetcher.validator = validator;
    cache.follow(validator);
    // @ts-expect-error: records are JSON text
    cache.replay([]);
    // @ts-expect-error: numbers of another width are no bytes
    validator.explain(new Uint16Array(1) satisfies Uint8Array, "");
    // @ts-expect-error: a user has to be named, if only by an empty text
    validator.validate("");
    // @ts-expect-error: a moment is a number
    validator.validate("", "", "now");
    // @ts-expect-error: no such reason
    export const wrong: ReasonCode = "no_such_reason";
  `);
});

function literal(value) {
  return `(${JSON.stringify(value)})`;
}

function compile(name, source) {
  mkdirSync(folder, { recursive: true });
  const file = fileURLToPath(new URL(`${name}.ts`, folder));
  writeFileSync(file, source);
  const options = "--noEmit --strict --exactOptionalPropertyTypes --target esnext --module nodenext --types";
  const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...options.split(" "), "", file], { encoding: "utf8" });
  // A document is one line: the places of the first faults are enough.
  assert.equal(status, 0, stdout.slice(0, 4000));
}
