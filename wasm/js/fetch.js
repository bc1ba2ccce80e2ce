/**
 * May this token log in, by keys and groups that are fetched when they are needed? The engine says whom to ask, and judges what
 * comes back; here is only who asks, and who waits.
 */

import { Unanswered, within } from "./asking.js";
import { ask } from "./engine.js";
import { FetchError, KeysAwaitedError, KeysNeededError, LoginRefusedError } from "./errors.js";
import { bytes, requested, seconds, string } from "./given.js";
import { VALIDATOR, alive } from "./handle.js";
import { KeyCache } from "./keys.js";

export function createFetcher(validator, { fetch = globalThis.fetch, timeout, log = () => {} } = {}) {
  for (const [name, option] of Object.entries({ fetch, log })) {
    if (typeof option !== "function") throw new TypeError(`\`${name}\` is a function`);
  }
  if (timeout !== undefined && !(Number.isInteger(timeout) && timeout > 0 && timeout <= MILLISECONDS_MAX)) {
    throw new TypeError(`\`timeout\` is a whole number of milliseconds, from 1 to ${MILLISECONDS_MAX}`);
  }
  const cache = new KeyCache(validator);
  /** By issuer: the fetch of its keys that is under way. */
  const flights = new Map();
  let standing;
  let limit;
  follow(validator);

  function follow(next) {
    const engine = alive(next, VALIDATOR);
    const allowed = timeout ?? ask(() => engine.fetch_timeout());
    cache.follow(next);
    standing = next.withKeys(cache);
    limit = allowed;
  }

  /** What `conclude` makes of a login once everything is there that can be had: of its outcome, and of who has judged it. */
  async function settled({ decide, who }, now, conclude) {
    const outcome = await withKeys(decide, now);
    const needed = outcome.refused?.userinfo_needed;
    const judge = standing;
    const knowing = needed ? await informed(judge, needed.issuer, who) : undefined;
    if (FetchError.isFetchError(knowing)) because(outcome.refused, knowing);
    else if (knowing) {
      try {
        return conclude(outcomeOf(decide, knowing), knowing);
      } finally {
        knowing.free();
      }
    }
    return conclude(outcome, judge);
  }

  /** What is decided once the keys have come or could not be had. */
  async function withKeys(decide, now) {
    let outcome = outcomeOf(decide, standing);
    for (let waits = 0; KeysNeededError.isKeysNeeded(outcome.refused) && waits < WAITS_MAX; waits += 1) {
      const { issuer, refresh } = outcome.refused;
      const isWorthAsking = await fetched(issuer, () => cache.start(issuer, { refresh, now })).then(() => true, unavailable);
      outcome = outcomeOf(decide, standing);
      if (!isWorthAsking) break;
    }
    return outcome;
  }

  /** Fetches an issuer's keys, once for all who wait for them. */
  function fetched(issuer, begin) {
    const flight = flights.get(issuer) ?? carriedOut(issuer, begin).finally(() => flights.delete(issuer));
    flights.set(issuer, flight);
    return flight;
  }

  async function carriedOut(issuer, begin) {
    try {
      const first = begin();
      if (!first) return;
      await within(limit, fetch, async (answerTo) => {
        for (let next = first; next; ) {
          const open = next;
          const answer = await answerTo(open).catch((error) => {
            throw cache.giveUp(open, error.message);
          });
          next = cache.answer(open, ...answer);
        }
      });
    } catch (error) {
      if (FetchError.isFetchError(error)) log(`keys of issuer \`${inert(issuer)}\`: ${error.message}`);
      throw error;
    }
    log(`keys of issuer \`${inert(issuer)}\`: fetched, fresh until ${cache.freshUntil(issuer)}`);
  }

  /** The validator that knows what the issuer knows of a token's bearer; why that could not be had; or nothing. */
  async function informed(judge, issuer, [token, ...login]) {
    const sent = new TextDecoder().decode(token);
    let knowing;
    try {
      knowing = await within(limit, fetch, async (answerTo) => {
        let answer;
        for (let next = judge.askUserInfo(token, ...login); next; ) {
          answer = await answerTo(question(next, sent)).catch(unreachable(next.url, sent));
          next = next.answer(...answer);
        }
        return answer && judge.withUserInfo(token, answer[0], new TextDecoder().decode(answer[2]));
      });
    } catch (error) {
      if (!FetchError.isFetchError(error)) throw error;
      log(`userinfo of issuer \`${inert(issuer)}\`: ${error.message}`);
      return error;
    }
    if (knowing) log(`userinfo of issuer \`${inert(issuer)}\`: fetched`);
    return knowing;
  }

  return {
    cache,

    get validator() {
      return standing;
    },

    follow,

    async validate(token, user, now) {
      return settled(login(token, user, now), now, accepted);
    },

    async identify(token, now) {
      const who = [bytes(token), null, seconds(now)];
      return settled({ who, decide: (judge) => judge.identify(who[0], who[2]) }, now, accepted);
    },

    async explain(token, user, now, options) {
      const asked = login(token, user, now);
      return settled(asked, now, (_, judge) => judge.explain(...asked.who, options));
    },

    async renew(issuer, { now } = {}) {
      const given = string(issuer, "an issuer");
      await fetched(given, () => cache.renew(given, { now }));
    },
  };
}

/** The longest that a timer waits: with more it is over at once. */
const MILLISECONDS_MAX = 2 ** 31 - 1;

/**
 * How often one login waits for keys: because there are none, because they lack its own, and as often again where those that
 * others had asked for count no longer.
 */
const WAITS_MAX = 4;

/** A login as it was asked for: the moment stays while it waits, so that an answer that may not be kept is good for it. */
function login(token, user, now) {
  const who = [bytes(token), requested(user), seconds(now)];
  return { who, decide: (judge) => judge.validate(...who) };
}

/** What a validator decides by all that is there. */
function outcomeOf(decide, judge) {
  try {
    return { answer: decide(judge) };
  } catch (refused) {
    if (!LoginRefusedError.isLoginRefused(refused)) throw refused;
    return { refused };
  }
}

function accepted({ answer, refused }) {
  if (refused) throw refused;
  return answer;
}

/** Whether it is worth to ask for more keys where these could not be had. */
function unavailable(error) {
  if (FetchError.isFetchError(error) || KeysAwaitedError.isKeysAwaited(error)) return false;
  throw error;
}

/** Tells why the groups of a login could not be had; like all of an error it is not enumerable. */
function because(refused, cause) {
  Object.defineProperty(refused, "cause", { value: cause, writable: true, configurable: true, enumerable: false });
}

/** The token goes where the engine says that it may go, and nowhere else. */
function question({ url, sendsToken }, token) {
  return { url, headers: { accept: "application/json", ...(sendsToken && { authorization: `Bearer ${token}` }) } };
}

/** No answer came; what the platform tells of that may hold what was sent. */
function unreachable(url, token) {
  return (error) => {
    if (!(error instanceof Unanswered)) throw error;
    const why = inert(error.message.replaceAll(token, "(the token)"));
    const message = `\`${inert(url)}\` gave no answer: ${why}`;
    throw new FetchError({ fault: "unreachable", message, remedy: "see that this host reaches the address, and trusts its certificate" });
  };
}

/** A text on one line, without what could harm a log. */
function inert(text) {
  return text.replace(/[^\x20-\x7e]/gu, (character) => `\\u{${character.codePointAt(0).toString(16)}}`);
}
