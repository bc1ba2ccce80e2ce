/** May this token log in as this SQL user, and why not? The engine in JavaScript dress. */

import { ask, call } from "./engine.js";
import { DecodeError, KeysNeededError, TokenRejectedError } from "./errors.js";
import { bytes, httpStatus, packed, redact, requested, seconds, string, strings, text, written } from "./given.js";
import { Handle, KEY_CACHE, VALIDATOR, alive, settingsOf } from "./handle.js";
import { userInfoFetch } from "./user_info.js";

export * from "./errors.js";
export { KeyCache } from "./keys.js";
export { call };

/** Settings, compiled once. */
export class Validator extends Handle {
  #fetched;

  /** `fetched`: what decides beside the settings, step by step; callers say `withKeys` and its like. */
  constructor(settings, fetched = [], from = undefined) {
    const seen = typeof settings === "string";
    const step = (engine, take) => take(engine);
    // At first of the validator that there is: nothing is compiled again.
    let compiled = from && step(alive(from, VALIDATOR), fetched.at(-1));
    super(VALIDATOR, text(settings), (given) => {
      const made = compiled ?? fetched.reduce(step, ask(({ Engine }) => new Engine(given), seen));
      compiled = undefined;
      return made;
    });
    this.#fetched = fetched;
  }

  withKeys(cache) {
    return this.#with((engine) => {
      // Not while the engine is asked: what is no cache is the caller's mistake, and no trap.
      const keys = alive(cache, KEY_CACHE);
      return ask(() => engine.with_keys(keys));
    });
  }

  withKeysAt(records, moment) {
    const past = [string(records, "a record"), seconds(moment)];
    return this.#with((engine) => ask(() => engine.with_keys_at(...past)));
  }

  withUserInfo(token, status, body) {
    const userInfo = [bytes(token), httpStatus(status), string(body, "the answer")];
    return this.#with((engine) => ask(() => engine.with_user_info(...userInfo)));
  }

  askUserInfo(token, user, now) {
    const sent = bytes(token);
    const whose = user === null ? undefined : requested(user);
    return userInfoFetch(this.#engine("ask_user_info", sent, whose, seconds(now)), sent);
  }

  validate(token, user, now) {
    return accepted(JSON.parse(this.#ask("validate", token, user, now))).login;
  }

  identify(token, now) {
    return accepted(JSON.parse(this.#engine("identify", bytes(token), seconds(now)))).identity;
  }

  roles(token, user, { memberships = [], existingRoles, now } = {}) {
    const has = [...memberships].map((role) => (typeof role === "string" ? { role, through: "" } : role));
    const names = has.flatMap(({ role, through }) => [role, through]);
    const texts = strings([...names, ...(existingRoles ?? [])], "a role");
    const packedTexts = packed(texts.map((name) => bytes(name)));
    return JSON.parse(this.#ask("roles", token, user, now, ...packedTexts, has.length, existingRoles !== undefined));
  }

  keys({ records = "[]", tokens = [], now } = {}) {
    const sent = packed([...tokens].map((token) => bytes(token)));
    return JSON.parse(this.#engine("keys", string(records, "a record"), ...sent, seconds(now)));
  }

  validateMany(rows) {
    const present = seconds();
    const logins = [...rows].map(({ token, user, now }) => ({
      texts: [bytes(token), bytes(requested(user))],
      moment: now === undefined ? present : seconds(now),
    }));
    const moments = BigInt64Array.from(logins, ({ moment }) => moment);
    return this.#engine("validate_many", ...packed(logins.flatMap(({ texts }) => texts)), moments);
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

  #ask(method, token, user, now, ...rest) {
    return this.#engine(method, bytes(token), requested(user), seconds(now), ...rest);
  }

  #engine(method, ...question) {
    const engine = alive(this, VALIDATOR);
    return ask(() => engine[method](...question));
  }

  /** The same settings with something more. */
  #with(take) {
    return new Validator(settingsOf(this, VALIDATOR), [...this.#fetched, take], this);
  }
}

/** The answer, where nobody is refused by it. */
function accepted(verdict) {
  switch (verdict.decision) {
    case "accept":
      return verdict;
    case "keys_needed":
      throw new KeysNeededError(verdict);
    default:
      throw new TokenRejectedError(verdict);
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
