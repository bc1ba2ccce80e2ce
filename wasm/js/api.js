/** May this token log in as this SQL user, and why not? The engine in JavaScript dress. */

import { ask } from "./engine.js";
import { DecodeError, KeysNeededError, TokenRejectedError } from "./errors.js";
import { bytes, httpStatus, packed, redact, requested, seconds, string, text, written } from "./given.js";
import { Handle, KEY_CACHE, VALIDATOR, alive, settingsOf } from "./handle.js";

export * from "./errors.js";
export { KeyCache } from "./keys.js";

/** Settings, compiled once. */
export class Validator extends Handle {
  #fetched;

  /** `fetched`: what decides beside the settings; callers say `withKeys` and `withUserInfo`. */
  constructor(settings, fetched = {}) {
    const seen = typeof settings === "string";
    const { cache, userInfo } = fetched;
    super(VALIDATOR, text(settings), (given) => {
      const keys = cache && alive(cache, KEY_CACHE);
      const engine = ask(({ Engine }) => new Engine(given), seen);
      const withKeys = keys ? ask(() => engine.with_keys(keys)) : engine;
      return userInfo ? ask(() => withKeys.with_user_info(...userInfo)) : withKeys;
    });
    this.#fetched = fetched;
  }

  withKeys(cache) {
    alive(cache, KEY_CACHE);
    return new Validator(settingsOf(this, VALIDATOR), { ...this.#fetched, cache });
  }

  withUserInfo(token, status, body) {
    const userInfo = [bytes(token), httpStatus(status), string(body, "the answer")];
    return new Validator(settingsOf(this, VALIDATOR), { ...this.#fetched, userInfo });
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
      texts: [bytes(token), bytes(requested(user))],
      moment: now === undefined ? present : seconds(now),
    }));
    const moments = BigInt64Array.from(logins, ({ moment }) => moment);
    return this.#with("validate_many", ...packed(logins.flatMap(({ texts }) => texts)), moments);
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
    return this.#with(method, bytes(token), requested(user), seconds(now), ...rest);
  }

  #with(method, ...question) {
    const engine = alive(this, VALIDATOR);
    return ask(() => engine[method](...question));
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
