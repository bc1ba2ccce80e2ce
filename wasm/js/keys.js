/** How do keys that rotate come in? A cache that says what to ask, and takes the answers; it asks nobody itself. */

import { ask } from "./engine.js";
import { FetchError } from "./errors.js";
import { bytes, headerFields, httpStatus, seconds, string } from "./given.js";
import { Handle, KEY_CACHE, Once, VALIDATOR, alive, resettle, settingsOf } from "./handle.js";

/** The keys of issuers, fetched where the settings say so. */
export class KeyCache extends Handle {
  constructor(validator) {
    super(KEY_CACHE, settingsOf(validator, VALIDATOR), (settings) => ask(({ Keys }) => new Keys(settings)));
  }

  start(issuer, { refresh = false, now } = {}) {
    const question = [string(issuer, "an issuer"), refresh === true, seconds(now)];
    return this.#next((keys) => keys.start(...question));
  }

  renew(issuer, { now } = {}) {
    const question = [string(issuer, "an issuer"), seconds(now)];
    return this.#next((keys) => keys.renew(...question));
  }

  answer(fetch, status, headers, body) {
    const answer = [httpStatus(status), ...headerFields(headers), bytes(body, "body")];
    const made = taken(fetch);
    return this.#next((keys) => keys.answer(made, ...answer));
  }

  giveUp(fetch, why) {
    const clause = string(why, "why no answer came");
    const made = taken(fetch);
    return new FetchError(this.#ask((keys) => keys.give_up(made, clause)));
  }

  replay(records) {
    const given = string(records, "a record");
    this.#ask((keys) => keys.replay(given));
  }

  record(issuer) {
    const given = string(issuer, "an issuer");
    return this.#ask((keys) => keys.record(given)) ?? null;
  }

  freshUntil(issuer) {
    const given = string(issuer, "an issuer");
    return this.#ask((keys) => keys.fresh_until(given)) ?? null;
  }

  follow(validator) {
    const settings = settingsOf(validator, VALIDATOR);
    this.#ask((keys) => keys.follow(settings));
    resettle(this, settings);
  }

  #next(question) {
    const made = this.#ask(question);
    return made ? new Fetch(made) : null;
  }

  #ask(question) {
    const keys = alive(this, KEY_CACHE);
    return ask(() => question(keys));
  }
}

/** What the engine has of a fetch, which is answered once. */
let taken;

/** One fetch of an issuer's keys: what to ask next. */
class Fetch {
  #once;

  static {
    taken = (fetch) => {
      if (!(typeof fetch === "object" && fetch !== null && #once in fetch)) {
        throw new TypeError("a fetch is what `start`, `renew` or `answer` has given");
      }
      return fetch.#once.take("the fetch has been answered or given up");
    };
  }

  constructor(made) {
    this.#once = new Once(made);
    const { issuer, url, headers } = ask(() => made.told());
    Object.assign(this, { issuer, url, headers: Object.fromEntries(headers) });
  }
}
