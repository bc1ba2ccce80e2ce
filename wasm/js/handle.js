/** What is made of settings and lives in the engine's memory: until it is freed, and made anew after a trap. */

import { currentGeneration } from "./engine.js";
import { InternalError } from "./errors.js";

/** What handles there are. */
export const VALIDATOR = "the validator";
export const KEY_CACHE = "the key cache";

/** What the engine has behind a handle; `what` says which of them it has to be. */
export let alive;

/** The text of the settings that a handle is made of. */
export let settingsOf;

/** Says of which settings a handle is to be made from now on. */
export let resettle;

/** Made of settings, the same again when the engine has lost it. */
export class Handle {
  #what;
  #settings;
  #make;
  #made;
  #generation;

  static {
    alive = (handle, what) => checked(handle, what).#alive();
    settingsOf = (handle, what) => checked(handle, what).#settings;
    resettle = (handle, settings) => {
      handle.#settings = settings;
    };
    function checked(handle, what) {
      const is = typeof handle === "object" && handle !== null && #what in handle && handle.#what === what;
      if (!is) throw new TypeError(`${what} is none of this package's`);
      if (!handle.#make) throw new TypeError(`${what} has been freed`);
      return handle;
    }
  }

  constructor(what, settings, make) {
    this.#what = what;
    this.#settings = settings;
    this.#make = make;
    this.#alive();
  }

  free() {
    if (this.#made && this.#generation === currentGeneration()) this.#made.free();
    this.#made = undefined;
    this.#make = undefined;
    this.#settings = undefined;
  }

  // Not every browser has the symbol yet.
  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.free();
  }

  #alive() {
    if (!this.#made || this.#generation !== currentGeneration()) {
      this.#made = this.#make(this.#settings);
      this.#generation = currentGeneration();
    }
    return this.#made;
  }
}

/** What the engine has of a question of its own: it is answered once, and not to an engine that came after a trap. */
export class Once {
  #made;
  #generation = currentGeneration();

  constructor(made) {
    this.#made = made;
  }

  /** What there is; `gone` says what became of it before. */
  take(gone) {
    const made = this.#made;
    if (!made) throw new TypeError(gone);
    this.#made = undefined;
    if (this.#generation === currentGeneration()) return made;
    throw new InternalError(new Error("the fetch was begun before that"));
  }
}
