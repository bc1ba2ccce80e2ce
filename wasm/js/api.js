/** May this token log in as this SQL user, and why not? The engine in JavaScript dress. */

import { bytesOf, isBinary } from "./bytes.js";
import { ask, currentGeneration } from "./engine.js";
import { DecodeError, KeysNeededError, TokenRejectedError } from "./errors.js";

export * from "./errors.js";

/** Settings, compiled once. */
export class Validator {
  #settings;
  #seen;
  #engine;
  #generation;

  constructor(settings) {
    this.#settings = text(settings);
    this.#seen = typeof settings === "string";
    this.#compile();
  }

  validate(token, user, now) {
    const verdict = JSON.parse(this.#ask("validate", token, user, now));
    switch (verdict.decision) {
      case "accept":
        return verdict.login;
      case "keys_needed":
        throw new KeysNeededError(verdict);
      default:
        throw new TokenRejectedError(verdict);
    }
  }

  validateMany(rows) {
    const present = seconds();
    const logins = [...rows].map(({ token, user, now }) => ({
      texts: [bytes(token), new TextEncoder().encode(requested(user))],
      moment: now === undefined ? present : seconds(now),
    }));
    return this.#with((engine) => engine.validate_many(...packed(logins)));
  }

  explain(token, user, now, options) {
    return JSON.parse(this.explainJson(token, user, now, options));
  }

  explainJson(token, user, now, options) {
    return this.#ask("explain", token, user, now, redact(options));
  }

  timeline(token, user, now, options) {
    return this.#ask("timeline", token, user, now, redact(options));
  }

  free() {
    if (this.#engine && this.#generation === currentGeneration()) this.#engine.free();
    this.#engine = undefined;
    this.#settings = undefined;
  }

  // Not every browser has the symbol yet.
  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.free();
  }

  #ask(method, token, user, now, ...rest) {
    const question = [bytes(token), requested(user), seconds(now), ...rest];
    return this.#with((engine) => engine[method](...question));
  }

  #with(question) {
    if (this.#settings === undefined) throw new TypeError("the validator has been freed");
    if (this.#generation !== currentGeneration()) this.#compile();
    return ask(() => question(this.#engine));
  }

  #compile() {
    this.#engine = ask(({ Engine }) => new Engine(this.#settings), this.#seen);
    this.#generation = currentGeneration();
  }
}

export function explain(settings, token, user, now, options) {
  return JSON.parse(explainJson(settings, token, user, now, options));
}

export function explainJson(settings, token, user, now, options) {
  const question = [text(settings), bytes(token), requested(user), seconds(now), redact(options)];
  return ask((engine) => engine.explain(...question));
}

export function explainMarked(settings, token, user, now) {
  const question = [written(settings, "settings"), written(token, "a token"), requested(user), seconds(now)];
  return ask((engine) => engine.explain_marked(...question));
}

export function profileRange(settings) {
  const given = written(settings, "settings");
  return ask((engine) => engine.profile_range(given));
}

export function timeline(settings, token, user, now, options) {
  const question = [text(settings), bytes(token), requested(user), seconds(now), redact(options)];
  return ask((engine) => engine.timeline(...question));
}

export function call(question) {
  if (typeof question !== "string") throw new TypeError("a call is JSON text");
  return ask((engine) => engine.call(question));
}

export function reasonCodes() {
  return JSON.parse(call('{"verb":"reasons"}')).reasons;
}

export function settingsToSql(settings) {
  const given = text(settings);
  return ask((engine) => engine.settings_to_sql(given), typeof settings === "string");
}

export function settingsToJson(settings) {
  const given = text(settings);
  return ask((engine) => engine.settings_to_json(given), typeof settings === "string");
}

export function settingsFromSql(sql) {
  return JSON.parse(settingsToJson(sql));
}

/** Looking into a token without believing it: whoever wrote the token wrote whatever is in it. */
export const dangerous = {
  decodeUnverified(token) {
    // Bytes that are no UTF-8 become characters that no token has, and are refused as such.
    const written = typeof token === "string" ? token : new TextDecoder().decode(bytes(token));
    const { token: view, reason, error } = JSON.parse(call(JSON.stringify({ verb: "decode", token: written })));
    if (!view) throw new DecodeError(reason ?? error);
    return view;
  },
};

function text(settings) {
  if (typeof settings === "string") return settings;
  if (isBinary(settings)) throw new TypeError("settings are a text or an object; decode their bytes first");
  // What JSON makes of an object: for a date or a boxed text, no object either.
  const plain = typeof settings === "object" ? JSON.parse(JSON.stringify(settings) ?? "null") : null;
  if (Array.isArray(plain)) return JSON.stringify(plain);
  if (typeof plain !== "object" || plain === null) throw new TypeError("settings are a text or an object");
  // A setting on a line, so that the line of an error tells which it is, in Python too.
  const members = Object.entries(plain).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return `{\n  ${members.join(",\n  ")}\n}`;
}

function bytes(token) {
  if (typeof token === "string") return new TextEncoder().encode(token);
  if (ArrayBuffer.isView(token)) return bytesOf(token, "the token");
  throw new TypeError("a token is a string, a Uint8Array or a DataView");
}

/** Texts alone have places: an object is written anew, and bytes are counted otherwise. */
function written(text, what) {
  if (typeof text === "string") return text;
  throw new TypeError(`${what} with marks is a string`);
}

/** Many logins as the engine takes them: all texts in one, where each ends, the moments. */
function packed(logins) {
  const texts = logins.flatMap((login) => login.texts);
  const all = new Uint8Array(texts.reduce((length, text) => length + text.length, 0));
  const ends = new Uint32Array(texts.length);
  let end = 0;
  texts.forEach((text, index) => {
    all.set(text, end);
    end += text.length;
    ends[index] = end;
  });
  return [all, ends, BigInt64Array.from(logins, ({ moment }) => moment)];
}

function requested(user) {
  if (typeof user === "string") return user;
  throw new TypeError("the SQL user is a string, empty to log in as the only one the token gives");
}

/** Whole Unix seconds as the engine counts them; the present, if none are given. */
function seconds(now = Math.floor(Date.now() / 1000)) {
  const whole = typeof now === "bigint" ? now === BigInt.asIntN(64, now) : Number.isSafeInteger(now);
  if (!whole) throw new TypeError("`now` is a whole number of Unix seconds");
  return BigInt(now);
}

function redact(options) {
  return options?.redact === true;
}
