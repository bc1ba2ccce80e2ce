/** The package answers every vector, by whichever of its functions it is asked. */

import assert from "node:assert/strict";
import test from "node:test";

import * as sqljwt from "sqljwt";
import * as advisor from "sqljwt/advisor";
import { compiled, explained, vectors } from "./vectors.js";

test("validate decides every vector as it says", () => {
  compare((vector) => {
    const { token, user, now } = vector;
    try {
      const login = compiled(vector).validate(token, user, now);
      return { decision: "accept", code: null, user: login.user };
    } catch (error) {
      if (error instanceof sqljwt.KeysNeededError) return { decision: "keys_needed", code: null, user: null };
      if (error instanceof sqljwt.TokenRejectedError || error instanceof sqljwt.SettingsError) {
        return { decision: "reject", code: error.code, user: null };
      }
      throw error;
    }
  });
});

test("explain decides every vector as it says", () => {
  compare((vector) => verdict(JSON.parse(explained(vector))));
});

test("explain takes the token's bytes as it takes its text", () => {
  compare((vector) => verdict(JSON.parse(explained({ ...vector, token: Buffer.from(vector.token) }))));
});

test("explainJson gives the bytes of the text call, whichever module answers it, and explain reads them", () => {
  for (const vector of vectors()) {
    const { id, settings, fetched, userinfo, token, user, now } = vector;
    const text = explained(vector);
    if (!fetched && !userinfo) assert.deepEqual(sqljwt.explain(settings, token, user, now), JSON.parse(text), id);
    if (!isObject(settings)) continue;
    const rest = JSON.stringify({ fetched, userinfo, token, user, now }).slice(1);
    for (const { call } of [sqljwt, advisor]) assert.equal(call(`{"verb":"explain","settings":${settings},${rest}`), text, id);
  }
});

test("a validator explains with the same bytes as the one step does", () => {
  for (const vector of vectors()) {
    const { id, token, user, now, expect } = vector;
    const validator = compiledIfUsable(vector);
    // Unusable settings make no validator; `explain` is what speaks of them.
    if (!validator) continue;
    for (const options of [undefined, { redact: true }]) {
      const text = validator.explainJson(token, user, now, options);
      assert.equal(text, explained(vector, options), id);
    }
    assert.equal(validator.explain(token, user, now).decision, expect.decision, id);
    validator.free();
  }
});

test("a redacted explanation holds nothing of the token", () => {
  for (const vector of vectors()) {
    const explanation = JSON.parse(explained(vector, { redact: true }));
    assert.equal(explanation.token, null, vector.id);
    assert.equal(explanation.login, null, vector.id);
  }
});

function compare(decide) {
  const all = vectors();
  assert.ok(all.length > 400, `only ${all.length} vectors were found`);
  const wrong = all.flatMap((vector) => {
    const decided = decide(vector);
    const expected = { decision: vector.expect.decision, code: vector.expect.code ?? null, user: vector.expect.user ?? null };
    return JSON.stringify(decided) === JSON.stringify(expected) ? [] : [{ id: vector.id, expected, decided }];
  });
  assert.deepEqual(wrong, []);
}

function verdict({ decision, reason, login }) {
  return { decision, code: reason?.code ?? null, user: login?.user ?? null };
}

function compiledIfUsable(vector) {
  try {
    return compiled(vector);
  } catch (error) {
    if (error instanceof sqljwt.SettingsError) return undefined;
    throw error;
  }
}

function isObject(text) {
  try {
    return JSON.parse(text) !== null && text.trimStart().startsWith("{");
  } catch {
    return false;
  }
}
