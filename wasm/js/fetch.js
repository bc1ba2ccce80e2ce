/**
 * May this token log in, by keys that are fetched when they are needed? The engine says whom to ask, and judges what comes
 * back; here is asked, with the platform's own `fetch`.
 */

import { FetchError, KeysAwaitedError, KeysNeededError, LoginRefusedError } from "./errors.js";
import { bytes, packed, seconds } from "./given.js";
import { KeyCache } from "./keys.js";

export function createFetcher(validator, { fetch = globalThis.fetch, timeout = 15_000, log = () => {} } = {}) {
  for (const [name, option] of Object.entries({ fetch, log })) {
    if (typeof option !== "function") throw new TypeError(`\`${name}\` is a function`);
  }
  if (!(Number.isSafeInteger(timeout) && timeout > 0)) throw new TypeError("`timeout` is a whole number of milliseconds");
  const cache = new KeyCache(validator);
  const judge = validator.withKeys(cache);
  /** By issuer: the fetch of its keys that is under way. */
  const flights = new Map();

  /** What becomes of a login, once the keys and the groups that it needs have come or could not be had; and who judges it. */
  async function settled(login, now) {
    let outcome = decided(judge, login);
    for (let waits = 0; outcome.needed && waits < WAITS_MAX; waits += 1) {
      const again = await fetched(outcome.needed, now);
      outcome = decided(judge, login);
      if (!again) break;
    }
    const knowing = outcome.refused && (await known(login));
    return knowing ? { ...decided(knowing, login), judge: knowing } : { ...outcome, judge };
  }

  /** The validator that knows what the issuer knows of a token's bearer, where that is what a login lacks. */
  async function known(login) {
    const [token] = login;
    try {
      let answer;
      for (let next = judge.askUserInfo(...login); next; next = next.answer(...answer)) answer = await told(next, token);
      if (!answer) return undefined;
      const [status, , body] = answer;
      return judge.withUserInfo(token, status, new TextDecoder().decode(body));
    } catch (error) {
      if (!FetchError.isFetchError(error) && !(error instanceof Unreachable)) throw error;
      log(`userinfo could not be had: ${error.message}`);
      return undefined;
    }
  }

  /** What an address answers that may be asked with the token. */
  async function told({ url, sendsToken }, token) {
    const authorization = sendsToken ? { authorization: `Bearer ${new TextDecoder().decode(token)}` } : {};
    try {
      return await within(timeout, (signal) => asked(fetch, { url, headers: { accept: "application/json", ...authorization } }, signal));
    } catch (error) {
      throw new Unreachable(`no answer came: ${inert(whyOf(error))}`);
    }
  }

  /** Fetches an issuer's keys, once for all who wait for them; whether it may be worth another fetch. */
  function fetched({ issuer, refresh }, now) {
    const flight = flights.get(issuer) ?? attempt(issuer, { refresh, now }).finally(() => flights.delete(issuer));
    flights.set(issuer, flight);
    return flight;
  }

  async function attempt(issuer, options) {
    try {
      let url;
      for (let next = cache.start(issuer, options); next; next = await step(next)) ({ url } = next);
      if (url) log(`keys_fetched: \`${url}\` gave a key set`);
      return true;
    } catch (error) {
      if (FetchError.isFetchError(error)) log(error.message);
      else if (!KeysAwaitedError.isKeysAwaited(error)) throw error;
      return false;
    }
  }

  /** Asks one address; what to ask next. */
  async function step(next) {
    let answer;
    try {
      answer = await within(timeout, (signal) => asked(fetch, next, signal));
    } catch (error) {
      throw cache.giveUp(next, whyOf(error));
    }
    return cache.answer(next, ...answer);
  }

  return {
    cache,

    async validate(token, user, now) {
      const { login, refused } = await settled([bytes(token), user, seconds(now)], now);
      if (refused) throw refused;
      return login;
    },

    async explain(token, user, now, options) {
      const login = [bytes(token), user, seconds(now)];
      const { judge: knowing } = await settled(login, now);
      return knowing.explain(...login, options);
    },
  };
}

/**
 * How often one login waits for keys: because there are none, because they lack its own, and as often again where those that
 * others had asked for count no longer.
 */
const WAITS_MAX = 4;

/** What is decided by the keys that are there. */
function decided(judge, question) {
  try {
    return { login: judge.validate(...question) };
  } catch (refused) {
    if (!LoginRefusedError.isLoginRefused(refused)) throw refused;
    return { refused, needed: KeysNeededError.isKeysNeeded(refused) ? refused : undefined };
  }
}

/** No answer came. */
class Unreachable extends Error {}

/** A text on one line of a log, without what could harm it. */
function inert(text) {
  return JSON.stringify(text).replace(/[^\x20-\x7e]/g, "?");
}

/** An address's answer as the engine takes it. */
async function asked(fetch, { url, headers }, signal) {
  const response = await fetch(url, { headers, redirect: "manual", signal, ...WITHOUT_COOKIES });
  // Browsers hide the status of a redirect, and a `fetch` of another kind may have followed it.
  const isRedirect = response.type === "opaqueredirect" || response.redirected;
  return [isRedirect ? 302 : response.status, response.headers, await bodyOf(response)];
}

/** Cloudflare's Workers have no cookies to leave out, and refuse the word. */
const WITHOUT_COOKIES = "credentials" in Request.prototype ? { credentials: "omit" } : {};

/** The body, no further than it takes to see that it is too long. */
async function bodyOf({ body }) {
  const parts = [];
  const reader = body?.getReader();
  for (let left = BODY_BYTES_READ; reader && left > 0; left -= parts.at(-1).length) {
    const { done, value } = await reader.read();
    if (done) return packed(parts)[0];
    parts.push(value.subarray(0, left));
  }
  // Whether the rest can be called off is nobody's concern.
  reader?.cancel().catch(() => {});
  return packed(parts)[0];
}

/** The engine takes 1 MiB; one byte more shows that it is more. */
const BODY_BYTES_READ = 1_048_576 + 1;

/** Work that is over in time, even where it does not listen to its signal. */
async function within(milliseconds, work) {
  const controller = new AbortController();
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`not all of it had come after ${milliseconds} ms`);
      controller.abort(error);
      reject(error);
    }, milliseconds);
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Why no answer came, as the platform tells it: Node's `fetch` says no more than that it failed, and its cause why. */
function whyOf(error) {
  const { cause, message } = Object(error);
  return String(cause?.message || cause?.code || message || error);
}
