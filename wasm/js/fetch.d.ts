/** May this token log in, by keys that are fetched when they are needed? */

import type { ExplainOptions, KeyCache, Token, UnixSeconds, Validator } from "./index.js";
import type { Explanation, Login } from "./types.js";

/** How keys are fetched. */
export interface FetcherOptions {
  /** What asks, if not the platform's own `fetch`: one with an agent, a proxy or certificates of its own. */
  fetch?: (url: string, options: FetchOptions) => Promise<FetchedResponse>;
  /** Longest time for one answer with all of its body, in milliseconds; 15 seconds, where none is given. */
  timeout?: number;
  /** Takes a line for each attempt to fetch keys: for the administrator, and without what could harm a log. */
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

/** A validator that fetches the keys that it needs. */
export interface Fetcher {
  /**
   * Decides as `Validator.validate` does, and fetches first what is needed for it: the issuer's keys, and what its userinfo
   * endpoint says of groups that the token does not hold. Who needs the same keys at the same time waits for the same fetch.
   *
   * @throws {TokenRejectedError} The token may not log in.
   * @throws {KeysNeededError} The keys could not be had; its `cause` says why.
   */
  validate(token: Token, user: string, now?: UnixSeconds): Promise<Login>;

  /** Explains as `Validator.explain` does, and fetches as `validate` does. */
  explain(token: Token, user: string, now?: UnixSeconds, options?: ExplainOptions): Promise<Explanation>;

  /** The keys: to be written down, to be fetched ahead of time, or to take over what another process has fetched. */
  readonly cache: KeyCache;
}

/** A validator that fetches the keys that it needs, with the settings of another one. */
export function createFetcher(validator: Validator, options?: FetcherOptions): Fetcher;
