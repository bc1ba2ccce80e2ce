/** One living instance of a WebAssembly module: started once, and afresh after a trap. The package has two modules. */

import { bytesOf } from "./bytes.js";
import { FetchError, InternalError, KeysAwaitedError, SettingsError } from "./errors.js";

/** The instance behind a glue, not started yet. */
export function instanceOf(glue) {
  let module;
  let generation = 0;

  /** Starts the engine from the module's bytes, or from the compiled module. */
  function instantiate(bytesOrModule) {
    if (module) return;
    const compiled = isModule(bytesOrModule) ? bytesOrModule : new WebAssembly.Module(bytesOf(bytesOrModule, "the module"));
    glue.initSync({ module: compiled });
    module = compiled;
  }

  /** Counts the instances: a handle of an earlier one is worth nothing. */
  function currentGeneration() {
    return generation;
  }

  /**
   * Asks the engine. It throws texts, which speak of unusable settings, and objects, which speak of keys that nobody fetches;
   * whatever else comes out of it is a trap, after which its memory cannot be trusted. `seen` says whether the caller has the
   * settings' text.
   */
  function ask(question, seen = true) {
    if (!module) throw new Error("the engine has not been started: `await instantiate(…)` comes first");
    try {
      return question(glue);
    } catch (thrown) {
      if (typeof thrown === "string") throw new SettingsError(JSON.parse(thrown), numbers(), seen);
      if (thrown?.fault) throw new FetchError(thrown);
      if (thrown?.until !== undefined) throw new KeysAwaitedError(thrown);
      generation += 1;
      glue.__wbg_reset_state();
      throw new InternalError(thrown);
    }
  }

  /** Answers a call of the text contract: of the verbs that the module has. */
  function call(text) {
    if (typeof text !== "string") throw new TypeError("a call is JSON text");
    return ask((engine) => engine.call(text));
  }

  /** The numbers of the reasons, by code. */
  function numbers() {
    const { reasons } = JSON.parse(glue.call('{"verb":"reasons"}'));
    return new Map(reasons.map(({ code, number }) => [code, number]));
  }

  return { instantiate, currentGeneration, ask, call };
}

/** Of whichever realm: a module that a sandbox or an edge runtime compiled has a class of its own. */
function isModule(value) {
  return Object.prototype.toString.call(value) === "[object WebAssembly.Module]";
}
