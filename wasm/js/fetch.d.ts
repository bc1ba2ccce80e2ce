/** May this token log in, by keys and groups that are fetched when they are needed? */

import type { ExplainOptions, KeyCache, Token, UnixSeconds, Validator } from "./index.js";
import type { Explanation, Identity, Login } from "./types.js";

/** How keys and groups are fetched. */
export interface FetcherOptions {
  /**
   * What asks, if not the platform's own `fetch`: one with an agent, a proxy or certificates of its own. The platform's does not
   * know the setting `server.jwt_authentication.issuers.custom_ca`.
   */
  fetch?: (url: string, options: FetchOptions) => Promise<FetchedResponse>;
  /**
   * What one fetch takes at most altogether, in milliseconds. Where it is not given it is the setting
   * `server.jwt_authentication.client.timeout`, 15 seconds if that is not set.
   */
  timeout?: number;
  /** Takes a line for each attempt to fetch: for the administrator, without what could harm a log, and without the token. */
  log?: (line: string) => void;
}

/** What `fetch` is called with. */
export interface FetchOptions {
  headers: Record<string, string>;
  redirect: "manual";
  signal: AbortSignal;
  /** Left out where the platform does not know it. */
  credentials?: "omit";
}

/** What is read of the answer: a `Response` has it. */
export interface FetchedResponse {
  readonly status: number;
  readonly type?: string;
  readonly redirected?: boolean;
  readonly headers: Iterable<readonly [string, string]>;
  readonly body: {
    getReader(): {
      read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
      cancel(): Promise<void>;
    };
  } | null;
}

/** A validator that fetches what it needs, keys of issuers and groups of people. */
export interface Fetcher {
  /**
   * Decides as `Validator.validate` does, and fetches first what is needed for it: the issuer's keys, and what its userinfo
   * endpoint says of groups that the token does not hold. Who needs the same keys at the same time waits for the same fetch.
   *
   * @throws {TokenRejectedError} The token may not log in; where the groups could not be had, its `cause` says why.
   * @throws {KeysNeededError} The keys could not be had; its `cause` says why.
   */
  validate(token: Token, user: string, now?: UnixSeconds): Promise<Login>;

  /** Says who bears a token as `Validator.identify` does, and fetches as `validate` does. */
  identify(token: Token, now?: UnixSeconds): Promise<Identity>;

  /** Explains as `Validator.explain` does, and fetches as `validate` does. */
  explain(token: Token, user: string, now?: UnixSeconds, options?: ExplainOptions): Promise<Explanation>;

  /**
   * Fetches an issuer's keys although no login waits for them: before `cache.freshUntil` it spares every login the wait.
   *
   * @throws {FetchError} They could not be had.
   * @throws {KeysAwaitedError} Somebody else fetches them, or they could not be had just now.
   */
  renew(issuer: string, options?: { readonly now?: UnixSeconds }): Promise<void>;

  /** Goes over to the settings of another validator. What was fetched stays as long as it comes from the same places. */
  follow(validator: Validator): void;

  /** The settings, judged by the keys that have been fetched; it fetches none. */
  readonly validator: Validator;

  /** The keys: to be written down, or to take over what another process has fetched. */
  readonly cache: KeyCache;
}

/** A validator that fetches what it needs, with the settings of another one. */
export function createFetcher(validator: Validator, options?: FetcherOptions): Fetcher;
