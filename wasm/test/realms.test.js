/** The package across realms: what a sandbox or an edge runtime hands over, and what comes back out of one. */

import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

import { buildSync } from "esbuild";

import * as sqljwt from "sqljwt";
import { thrown } from "./thrown.js";
import { vectors } from "./vectors.js";

const built = fileURLToPath(new URL("../pkg/", import.meta.url));
const copy = fileURLToPath(new URL("../target/realms/", import.meta.url));
const moduleBytes = readFileSync(new URL("../pkg/engine/glue_bg.wasm", import.meta.url));
const accepted = vectors().find(({ expect }) => expect.decision === "accept");
const rejected = vectors().find(({ expect }) => expect.code === "audience_not_allowed");
const waiting = vectors().find(({ expect }) => expect.decision === "keys_needed");

/** What a host may start the engine with. */
const MODULES = {
  "bytes of this realm": new Uint8Array(moduleBytes),
  "a buffer of this realm": new Uint8Array(moduleBytes).buffer,
  "a module of this realm": new WebAssembly.Module(moduleBytes),
  "bytes of another realm": vm.runInNewContext("Uint8Array.from(bytes)", { bytes: moduleBytes }),
  "a buffer of another realm": vm.runInNewContext("Uint8Array.from(bytes).buffer", { bytes: moduleBytes }),
  "a module of another realm": vm.runInNewContext("new WebAssembly.Module(bytes)", { bytes: moduleBytes }),
};

test("a module or its bytes start the engine, whatever realm they come from", async () => {
  for (const [index, [what, module]] of Object.entries(MODULES).entries()) {
    const other = await copyOfPackage(index);
    other.instantiate(module);
    assert.equal(decidedBy(other), accepted.expect.user, what);
    // After a trap the module is instantiated once more.
    const { initSync } = await import(new URL(`../target/realms/${index}/engine/glue.js`, import.meta.url));
    const validator = new other.Validator(accepted.settings);
    new Uint8Array(initSync().memory.buffer).fill(0xff);
    assert.throws(() => validator.validate(accepted.token, accepted.user, accepted.now), other.InternalError, what);
    assert.equal(validator.validate(accepted.token, accepted.user, accepted.now).user, accepted.expect.user, what);
  }
});

test("a module that is none, or whose bytes are gone, is refused, and the right one taken after it", async () => {
  const gone = new Uint8Array(moduleBytes);
  structuredClone(gone.buffer, { transfer: [gone.buffer] });
  const other = await copyOfPackage("wrong");
  for (const wrong of [gone, gone.buffer, undefined, null, {}, "module", [0]]) {
    assert.throws(() => other.instantiate(wrong), TypeError);
  }
  other.instantiate(moduleBytes);
  assert.equal(decidedBy(other), accepted.expect.user);
});

test("the advisor is started by its own module, and by no engine that was started", async () => {
  const folder = "advisor";
  const engine = await copyOfPackage(folder);
  engine.instantiate(moduleBytes);
  const { instantiate, lint } = await import(new URL(`../target/realms/${folder}/advisor_manual.js`, import.meta.url));
  assert.throws(() => lint(accepted.settings), /has not been started/);
  const bytes = readFileSync(new URL("../pkg/full/glue_bg.wasm", import.meta.url));
  instantiate(vm.runInNewContext("new WebAssembly.Module(bytes)", { bytes }));
  assert.ok(Array.isArray(lint(accepted.settings).findings));
  assert.equal(decidedBy(engine), accepted.expect.user);
});

test("inside a sandbox the package takes what is outside, and its errors are known there", () => {
  const bundle = { stdin: { contents: 'export * from "./manual.js";', resolveDir: built }, bundle: true, write: false };
  const { outputFiles } = buildSync({ ...bundle, format: "iife", globalName: "inside" });
  const sandbox = vm.createContext({ TextEncoder, TextDecoder, console });
  vm.runInContext(outputFiles[0].text, sandbox);
  const inside = vm.runInContext("inside", sandbox);
  inside.instantiate(MODULES["a module of this realm"]);
  assert.equal(decidedBy(inside), accepted.expect.user);
  const { settings, user, now } = accepted;
  assert.equal(inside.explain(settings, new TextEncoder().encode(accepted.token), user, now).decision, "accept");
  isKnownByItsBrand(inside);
});

test("errors of another copy of the package are known by their brand", async () => {
  const other = await copyOfPackage("errors");
  other.instantiate(moduleBytes);
  isKnownByItsBrand(other);
});

function isKnownByItsBrand(other) {
  const { TokenRejectedError, KeysNeededError, LoginRefusedError, SettingsError } = sqljwt;
  const errors = {
    rejected: thrown(() => decidedBy(other, rejected)),
    waiting: thrown(() => decidedBy(other, waiting)),
    settings: thrown(() => new other.Validator("{")),
    foreign: new Error("another"),
  };
  for (const [what, error] of Object.entries(errors)) {
    assert.ok(!(error instanceof LoginRefusedError) && !(error instanceof SettingsError), what);
    assert.equal(TokenRejectedError.isTokenRejected(error), what === "rejected", what);
    assert.equal(KeysNeededError.isKeysNeeded(error), what === "waiting", what);
    assert.equal(LoginRefusedError.isLoginRefused(error), what === "rejected" || what === "waiting", what);
    assert.equal(SettingsError.isSettingsError(error), what === "settings", what);
  }
  for (const nothing of [undefined, null, "TokenRejectedError", {}]) assert.ok(!TokenRejectedError.isTokenRejected(nothing));
}

function decidedBy({ Validator }, { settings, token, user, now } = accepted) {
  return new Validator(settings).validate(token, user, now).user;
}

/** The package once more, not started yet: modules are known by where they lie. */
async function copyOfPackage(name) {
  rmSync(`${copy}${name}`, { recursive: true, force: true });
  cpSync(built, `${copy}${name}`, { recursive: true });
  return await import(new URL(`../target/realms/${name}/manual.js`, import.meta.url));
}
