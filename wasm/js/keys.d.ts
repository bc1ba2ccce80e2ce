/** Keys that rotate: what to ask, and what the answers are worth. Nothing here asks anybody. */

import type { FetchError, UnixSeconds, Validator } from "./index.js";

/**
 * The keys of issuers, fetched where the settings say `jwks_auto_fetch`.
 *
 * On `KeysNeededError` the host calls `start`, asks the address that it gets with a GET of its own, and gives what comes back to
 * `answer`, until there is nothing more to ask; `createFetcher` of `sqljwt/fetch` does all that. Should the engine stop on a bug
 * of its own, the cache is empty afterwards.
 */
export class KeyCache {
  /** A cache without keys, for the settings of this validator. */
  constructor(validator: Validator);

  /**
   * Begins to fetch keys that a login needs; null where the validator is to be asked again. It takes a `KeysNeededError` as its
   * options. How long the keys count is reckoned from `now`.
   *
   * @throws {KeysAwaitedError} Somebody else fetches them, or they could not be had just now.
   * @throws {FetchError} There is nothing to fetch.
   */
  start(issuer: string, options?: { readonly refresh?: boolean; readonly now?: UnixSeconds }): Fetch | null;

  /** Begins to fetch keys although nobody waits for them: before those that are there are stale. It throws as `start` does. */
  renew(issuer: string, options?: { readonly now?: UnixSeconds }): Fetch | null;

  /**
   * Takes the answer to a fetch: all its header fields, and its body without transfer and content coding. What to ask next, or
   * null when the keys are there. More than 1 MiB of body is an error: read no further than that.
   *
   * @throws {FetchError} The answer is of no use, and the issuer is not asked again for a few seconds.
   */
  answer(
    fetch: Fetch,
    status: number,
    headers: Iterable<readonly [name: string, value: string]>,
    body: string | Uint8Array | DataView,
  ): Fetch | null;

  /** Ends a fetch to which no answer came; `why` is a clause such as `connection refused`. Gives what to log. */
  giveUp(fetch: Fetch, why: string): FetchError;

  /**
   * Takes over fetches that were written down, as if they were made now by this host: one record, or an array of them, as JSON
   * text. One that failed leaves what there was.
   *
   * @throws {FetchError} The text is no such record.
   */
  replay(records: string): void;

  /** The fetch that gave an issuer the keys that are held now, as JSON text; null where there are none. */
  record(issuer: string): string | null;

  /** From when on the keys that are held of an issuer are stale, in Unix seconds; null where none are held. */
  freshUntil(issuer: string): number | null;

  /** Goes over to the settings of another validator. Keys stay as long as they are fetched from the same places. */
  follow(validator: Validator): void;

  /** Gives the memory back, once the validators that were made with the cache have given back theirs. */
  free(): void;

  /** As `free`, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * One fetch of an issuer's keys: what to ask next, with GET and without following redirects. It is given to `answer` or to
 * `giveUp`, once; until then, or for a minute, nobody else fetches these keys.
 */
export interface Fetch {
  readonly issuer: string;
  /** The address to ask. */
  readonly url: string;
  /** The header fields to ask with. */
  readonly headers: Readonly<Record<string, string>>;
}
