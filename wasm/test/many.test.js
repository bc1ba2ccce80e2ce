/** Many logins in one question: each is answered as it is alone. */

import assert from "node:assert/strict";
import test from "node:test";

import * as sqljwt from "sqljwt";
import { vectors } from "./vectors.js";

const byDecision = (decision) => vectors().find(({ expect }) => expect.decision === decision);

test("every login is decided as alone", () => {
  const groups = new Map();
  for (const vector of vectors()) groups.set(vector.settings, [...(groups.get(vector.settings) ?? []), vector]);
  let asked = 0;
  for (const [settings, rows] of groups) {
    let validator;
    try {
      validator = new sqljwt.Validator(settings);
    } catch {
      continue;
    }
    const outcomes = validator.validateMany(rows);
    assert.deepEqual(outcomes, rows.map(({ token, user, now }) => alone(validator, token, user, now)));
    asked += rows.length;
    validator.free();
  }
  assert.ok(asked > 1000, `${asked} logins`);
});

test("an outcome says who logs in, or the reason, or neither where keys are needed", () => {
  for (const [decision, of] of [["accept", ({ expect }) => ({ code: null, user: expect.user })],
    ["reject", ({ expect }) => ({ code: expect.code, user: null })],
    ["keys_needed", () => ({ code: null, user: null })]]) {
    const { settings, token, user, now, expect } = byDecision(decision);
    const [outcome] = new sqljwt.Validator(settings).validateMany([{ token, user, now }]);
    assert.deepEqual(outcome, { decision, ...of({ expect }) });
  }
});

test("rows are of any length, tokens of any kind, and nobody's token runs into another's", () => {
  const { settings, token, user, now } = byDecision("accept");
  const validator = new sqljwt.Validator(settings);
  assert.deepEqual(validator.validateMany([]), []);
  const bytes = new TextEncoder().encode(token);
  const rows = [
    { token: "", user, now },
    { token: bytes, user, now: BigInt(now) },
    { token: new Uint8Array([0xff]), user: "\u{1f600}", now },
    { token, user: "", now },
    { token: token + token, user, now },
    { token, user, now },
  ];
  const outcomes = validator.validateMany(new Set(rows));
  assert.deepEqual(outcomes, rows.map(({ token, user, now }) => alone(validator, token, user, now)));
  assert.deepEqual(outcomes.map(({ decision }) => decision), ["reject", "accept", "reject", "accept", "reject", "accept"]);
});

test("the present is one moment for all rows that name none", (context) => {
  const { settings, token, user, now } = byDecision("accept");
  context.mock.timers.enable({ apis: ["Date"], now: now * 1000 });
  const outcomes = new sqljwt.Validator(settings).validateMany([{ token, user }, { token, user, now: 0 }]);
  assert.deepEqual(outcomes.map(({ decision }) => decision), ["accept", "reject"]);
});

test("a row that is no login is a TypeError before anything is asked", () => {
  const validator = new sqljwt.Validator(byDecision("accept").settings);
  for (const rows of [[{ token: "", user: 1 }], [{ user: "" }], [{ token: "", user: "", now: 0.5 }], [null], 1, undefined]) {
    assert.throws(() => validator.validateMany(rows), TypeError);
  }
  validator.free();
  assert.throws(() => validator.validateMany([]), /has been freed/);
});

function alone(validator, token, user, now) {
  const { decision, reason, login } = validator.explain(token, user, now);
  return { decision, code: reason?.code ?? null, user: login?.user ?? null };
}
