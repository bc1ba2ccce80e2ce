/** Bytes that are gone are the caller's mistake: a `TypeError` before the call, and no validator is made afresh for it. */

import assert from "node:assert/strict";
import test from "node:test";
import vm from "node:vm";

import * as sqljwt from "sqljwt";
import { loginWindow, suggest } from "sqljwt/advisor";
import { vectors } from "./vectors.js";

const { settings, token, user, now, expect } = vectors().find(({ expect }) => expect.decision === "accept");
const validator = new sqljwt.Validator(settings);
const encoded = new TextEncoder().encode(token);

/** Everything that takes a token. */
const VERBS = {
  validate: (bytes) => validator.validate(bytes, user, now),
  "Validator.explain": (bytes) => validator.explain(bytes, user, now),
  "Validator.explainJson": (bytes) => validator.explainJson(bytes, user, now),
  "Validator.timeline": (bytes) => validator.timeline(bytes, user, now),
  explain: (bytes) => sqljwt.explain(settings, bytes, user, now),
  explainJson: (bytes) => sqljwt.explainJson(settings, bytes, user, now),
  timeline: (bytes) => sqljwt.timeline(settings, bytes, user, now),
  loginWindow: (bytes) => loginWindow(settings, bytes, user, { now }),
  suggest: (bytes) => suggest(bytes, user, { now }),
  decodeUnverified: (bytes) => sqljwt.dangerous.decodeUnverified(bytes),
};

/** Views of bytes, by how they are made of a buffer and where they begin. */
const VIEWS = {
  Uint8Array: (buffer, start, length) => new Uint8Array(buffer, start, length),
  Buffer: (buffer, start, length) => Buffer.from(buffer, start, length),
  DataView: (buffer, start, length) => new DataView(buffer, start, length),
};

/** Ways for a buffer to lose its bytes. */
const LOSSES = {
  transferred: [() => new ArrayBuffer(encoded.length + 8), (buffer) => structuredClone(buffer, { transfer: [buffer] })],
  shrunk: [
    () => new ArrayBuffer(encoded.length + 8, { maxByteLength: encoded.length + 8 }),
    (buffer) => buffer.resize(4),
  ],
  "moved by a growing memory": [
    () => memory(),
    (buffer) => memories.get(buffer).grow(1),
  ],
};

const memories = new WeakMap();

function memory() {
  const made = new WebAssembly.Memory({ initial: 1 });
  memories.set(made.buffer, made);
  return made.buffer;
}

test("bytes are taken in every view, and copied", () => {
  for (const [view, of] of Object.entries(VIEWS)) {
    for (const [make] of Object.values(LOSSES)) {
      const buffer = make();
      new Uint8Array(buffer).set(encoded, 8);
      const bytes = of(buffer, 8, encoded.length);
      for (const verb of Object.values(VERBS)) assert.ok(verb(bytes), view);
      assert.equal(validator.validate(bytes, user, now).user, expect.user);
    }
  }
});

test("bytes that are shared with other threads are taken", () => {
  const fixed = new SharedArrayBuffer(encoded.length);
  const growing = new SharedArrayBuffer(encoded.length, { maxByteLength: encoded.length + 8 });
  const { buffer: ofMemory } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  for (const buffer of [fixed, growing, ofMemory]) {
    const bytes = new Uint8Array(buffer, 0, encoded.length);
    bytes.set(encoded);
    for (const verb of Object.values(VERBS)) assert.ok(verb(bytes));
    assert.ok(verbsOf(new DataView(buffer, 0, encoded.length)));
  }
});

function verbsOf(bytes) {
  return Object.values(VERBS).every((verb) => verb(bytes));
}

test("bytes that are gone are a TypeError, whoever is asked, and the validators live on", () => {
  for (const [loss, [make, lose]] of Object.entries(LOSSES)) {
    for (const [view, of] of Object.entries(VIEWS)) {
      // A view of a fixed length, one that reaches to the end, and one that follows the end.
      for (const length of [encoded.length, undefined]) {
        const buffer = make();
        const bytes = of(buffer, 8, length);
        lose(buffer);
        for (const [verb, ask] of Object.entries(VERBS)) {
          assert.throws(() => ask(bytes), TypeError, `${verb}, ${view}, ${loss}`);
        }
      }
    }
  }
  const other = new sqljwt.Validator(settings);
  assert.equal(validator.validate(encoded, user, now).user, expect.user);
  assert.equal(other.validate(encoded, user, now).user, expect.user);
});

test("what is bytes of another kind, or bytes in another's place, is a TypeError", () => {
  for (const wrong of [new ArrayBuffer(4), new Uint16Array(4), new Float64Array(4), new Uint8ClampedArray(4), [1], {}]) {
    for (const [verb, ask] of Object.entries(VERBS)) assert.throws(() => ask(wrong), TypeError, verb);
  }
  for (const bytes of [encoded, encoded.buffer, new DataView(encoded.buffer)]) {
    assert.throws(() => validator.explain(token, bytes, now), TypeError);
    for (const verb of [(text) => new sqljwt.Validator(text), sqljwt.settingsToSql, sqljwt.settingsToJson, sqljwt.settingsFromSql]) {
      assert.throws(() => verb(bytes), TypeError);
    }
    assert.throws(() => sqljwt.explain(bytes, token, user, now), TypeError);
    assert.throws(() => sqljwt.call(bytes), TypeError);
  }
});

test("bytes of another realm are bytes", () => {
  for (const code of ["Uint8Array.from(numbers)", "new DataView(Uint8Array.from(numbers).buffer)"]) {
    const bytes = vm.runInNewContext(code, { numbers: [...encoded] });
    assert.ok(!(bytes instanceof Uint8Array) && !(bytes instanceof DataView));
    for (const [verb, ask] of Object.entries(VERBS)) assert.ok(ask(bytes), verb);
    assert.equal(validator.validate(bytes, user, now).user, expect.user);
  }
});
