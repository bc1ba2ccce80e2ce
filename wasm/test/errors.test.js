/** What an error tells the administrator reaches no client by accident. */

import assert from "node:assert/strict";
import test from "node:test";

import * as sqljwt from "sqljwt";
import { thrown } from "./thrown.js";
import { vectors } from "./vectors.js";

const fetching = vectors().find(({ fetched }) => fetched);
const cache = new sqljwt.KeyCache(new sqljwt.Validator(fetching.settings));
cache.start(fetching.fetched[0].issuer, { now: fetching.now });

/** For each kind of error one that was thrown. */
const ERRORS = {
  TokenRejectedError: thrown(() => decided(({ expect }) => expect.code === "audience_not_allowed")),
  KeysNeededError: thrown(() => decided(({ expect }) => expect.decision === "keys_needed")),
  KeysAwaitedError: thrown(() => cache.start(fetching.fetched[0].issuer, { now: fetching.now })),
  FetchError: thrown(() => cache.replay("not JSON")),
  SettingsError: thrown(() => new sqljwt.Validator('{\n  "server.jwt_authentication.enabled": "yes"\n}')),
  DecodeError: thrown(() => sqljwt.dangerous.decodeUnverified("x")),
  InternalError: new sqljwt.InternalError(new Error("a trap")),
};

test("every kind of error is among these", () => {
  const kinds = Object.keys(sqljwt).filter((name) => name.endsWith("Error") && name !== "LoginRefusedError");
  assert.deepEqual(Object.keys(ERRORS).sort(), kinds.sort());
});

test("as JSON an error is what the client may know", () => {
  for (const [name, error] of Object.entries(ERRORS)) {
    const { code, client } = error;
    assert.ok(code, name);
    assert.deepEqual(JSON.parse(JSON.stringify({ error })), JSON.parse(JSON.stringify({ error: { name, code, client } })));
    assert.equal(JSON.stringify(error).includes(error.message), false, name);
  }
  assert.equal(ERRORS.TokenRejectedError.client.sqlstate, "28000");
  assert.ok(ERRORS.KeysNeededError.client.message && ERRORS.SettingsError.client.message);
});

test("nothing of an error is enumerable: spread, assigned, entered or looped over it is empty", () => {
  for (const [name, error] of Object.entries(ERRORS)) {
    assert.deepEqual({ ...error }, {}, name);
    assert.deepEqual(Object.assign({}, error), {}, name);
    assert.deepEqual(Object.entries(error), [], name);
    for (const member in error) assert.fail(`${name}.${member}`);
  }
});

test("an error that is cloned, as between threads, takes no more along than its message", () => {
  for (const [name, error] of Object.entries(ERRORS)) {
    const clone = structuredClone(error);
    for (const member of ["remedy", "setting", "expected", "actual", "reference", "client", "issuer"]) {
      assert.equal(clone[member], undefined, name);
    }
    assert.equal(sqljwt.LoginRefusedError.isLoginRefused(clone), false, name);
  }
});

test("to the administrator an error tells everything, as plain data", () => {
  for (const [name, error] of Object.entries(ERRORS)) {
    const told = error.toAdminJSON();
    assert.equal(told.name, name);
    assert.equal(told.message, error.message);
    for (const [member, value] of Object.entries(told)) assert.deepEqual(error[member], value, `${name}.${member}`);
    assert.deepEqual(structuredClone(told), told, name);
    assert.deepEqual(JSON.parse(JSON.stringify(told)), JSON.parse(JSON.stringify({ ...told })), name);
  }
  const { setting, actual, remedy, check } = ERRORS.TokenRejectedError.toAdminJSON();
  assert.ok(setting && actual.length && remedy && check);
});

test("an error is an instance of its class, with its name in the stack", () => {
  for (const [name, error] of Object.entries(ERRORS)) {
    assert.ok(error instanceof sqljwt[name] && error instanceof Error);
    assert.equal(error.name, name);
    assert.equal(String(error), `${name}: ${error.message}`);
  }
});

function decided(wanted) {
  const { settings, token, user, now } = vectors().find(wanted);
  return new sqljwt.Validator(settings).validate(token, user, now);
}
