/** May this JSON Web Token log in as this SQL user, under these settings, at this moment; and if not, why not? */

import type {
  Check,
  ClientAnswer,
  Explanation,
  Identity,
  Keys,
  KeysNeeded,
  Login,
  Reason,
  ReasonCode,
  Roles,
  TokenView,
} from "./types.js";
import type { KeyCache } from "./keys.js";
import type { LoginOutcome, LoginRow, Marked, Span } from "./marks.js";

export type * from "./types.js";
export type * from "./marks.js";
export { KeyCache, type Fetch } from "./keys.js";

/**
 * The settings of one server: `SET CLUSTER SETTING` statements, what `SHOW CLUSTER SETTINGS` prints, or JSON, as text or
 * as an object. Only a text gives places (line and column) that the administrator recognises.
 */
export type Settings = string | { readonly [name: string]: unknown };

/** A token as the client sends it; bytes are copied before the call, and must be there then. */
export type Token = string | Uint8Array | DataView;

/** Whole Unix seconds; the present, where none are given. */
export type UnixSeconds = number | bigint;

/** How much an explanation tells. */
export interface ExplainOptions {
  /** Nothing that the token, the login or the settings say: fit to be shown to strangers. */
  redact?: boolean;
}

/** What is known of roles before a login. */
export interface RolesOptions {
  /** The roles that the SQL user has: names, and for one that comes with another role both. */
  memberships?: Iterable<string | { readonly role: string; readonly through: string }>;
  /** The roles of the database; where they are not known, every role that can have its name counts as one. */
  existingRoles?: Iterable<string>;
  now?: UnixSeconds;
}

/** What is asked about keys. */
export interface KeysOptions {
  /** The fetches that brought them, as `KeyCache.record` writes them: one, or a JSON array of them. */
  records?: string;
  /** Tokens of which is asked what has signed them. */
  tokens?: Iterable<Token>;
  now?: UnixSeconds;
}

/** One request for what an issuer knows of a token's bearer: with GET, and without following redirects. */
export interface UserInfoFetch {
  /** The address to ask. */
  readonly url: string;
  /** Whether to send the token, as `Authorization: Bearer`; no other address may ever see it. */
  readonly sendsToken: boolean;
  /**
   * Takes an answer: what to ask next, or null where this was the endpoint's own answer, which is for `withUserInfo`. Throws a
   * `FetchError` for one of no use.
   */
  answer(
    status: number,
    headers: Iterable<readonly [name: string, value: string]>,
    body: string | Uint8Array | DataView,
  ): UserInfoFetch | null;
}

/** Settings, compiled once and asked as often as there are logins. */
export class Validator {
  /** @throws {SettingsError} The settings cannot be used. */
  constructor(settings: Settings);

  /**
   * Decides whether a token may log in as a SQL user; `user` is empty to log in as the only one the token gives.
   *
   * @throws {TokenRejectedError} The token may not log in.
   * @throws {KeysNeededError} The issuer's keys have to be fetched first.
   */
  validate(token: Token, user: string, now?: UnixSeconds): Login;

  /**
   * Decides many logins at once, each as `validate` does, and throws for none of them: what a log of logins would give, or what
   * a change of the settings would. Mind `decision`: nobody is logged in but by `accept`.
   */
  validateMany(rows: Iterable<LoginRow>): LoginOutcome[];

  /** Decides as `validate` does and tells everything there is to tell about it, for the administrator. */
  explain(token: Token, user: string, now?: UnixSeconds, options?: ExplainOptions): Explanation;

  /** The explanation as the engine writes it: JSON text, byte for byte alike in every language. */
  explainJson(token: Token, user: string, now?: UnixSeconds, options?: ExplainOptions): string;

  /** The explanation as text to read on a terminal. */
  timeline(token: Token, user: string, now?: UnixSeconds, options?: ExplainOptions): string;

  /** The same settings, judged by the keys that the cache has at each login: those that come later too. */
  withKeys(cache: KeyCache): Validator;

  /**
   * The same settings with the keys of a moment of the past, for logins of that very moment: `records` are the fetches of then,
   * in any order, as `KeyCache.record` writes them, in a JSON array. Throws a `FetchError` for a text that holds no such records.
   */
  withKeysAt(records: string, moment: UnixSeconds): Validator;

  /**
   * The same settings with what the issuer's userinfo endpoint has answered to a request with this token, which is when an
   * explanation has `userinfo_needed`. It counts for that token alone. Throws a `FetchError` for an answer of no use.
   */
  withUserInfo(token: Token, status: number, body: string): Validator;

  /**
   * Whom to ask for the groups of a token, where nothing else is missing for its login, or, with null for the user, for
   * `identify`; otherwise null. Throws a `FetchError` where the issuer cannot be asked.
   */
  askUserInfo(token: Token, user: string | null, now?: UnixSeconds): UserInfoFetch | null;

  /**
   * Says who bears a token, by every check but those of the SQL user: for a server that maps names to users itself. It throws
   * as `validate` does.
   */
  identify(token: Token, now?: UnixSeconds): Identity;

  /** Tells what a login would do to the roles of its SQL user. Nothing is granted by asking, and nobody logs in. */
  roles(token: Token, user: string, options?: RolesOptions): Roles;

  /** Tells which keys there are, which of them can be used, how they followed each other, and which has signed a token. */
  keys(options?: KeysOptions): Keys;

  /** Gives the memory back at once; a validator that is forgotten is freed in time. */
  free(): void;

  /** As `free`, for `using`. */
  [Symbol.dispose](): void;
}

/** Explains one login; unusable settings are explained too, and not thrown. */
export function explain(
  settings: Settings,
  token: Token,
  user: string,
  now?: UnixSeconds,
  options?: ExplainOptions,
): Explanation;

/**
 * The explanation of one login as the engine writes it: JSON text, byte for byte alike in every language. It also keeps what
 * `JSON.parse` loses: the digits of numbers that JavaScript cannot hold.
 */
export function explainJson(
  settings: Settings,
  token: Token,
  user: string,
  now?: UnixSeconds,
  options?: ExplainOptions,
): string;

/**
 * Explains one login, with where in the two texts everything stands that the explanation speaks of: for an editor that shows
 * them. Places count in the units of JavaScript's strings. Unusable settings are explained too, and not thrown.
 */
export function explainMarked(settings: string, token: string, user: string, now?: UnixSeconds): Marked;

/** Where settings state their profile, without what quotes it; null where they leave it out, or cannot be read so far. */
export function profileRange(settings: string): Span | null;

/** The explanation of one login as text to read on a terminal. */
export function timeline(
  settings: Settings,
  token: Token,
  user: string,
  now?: UnixSeconds,
  options?: ExplainOptions,
): string;

/** Answers a call of the wire contract: JSON text in, JSON text out. The advisor's verbs are answered by `call` of `sqljwt/advisor`. */
export function call(text: string): string;

/** The catalogue of reasons. */
export function reasonCodes(): Reason[];

/**
 * The settings as statements that set them in a database.
 *
 * @throws {SettingsError} The text cannot be read.
 */
export function settingsToSql(settings: Settings): string;

/**
 * The settings as JSON text, one member on a line.
 *
 * @throws {SettingsError} The text cannot be read.
 */
export function settingsToJson(settings: Settings): string;

/**
 * The settings that statements set, as an object.
 *
 * @throws {SettingsError} The text cannot be read.
 */
export function settingsFromSql(sql: string): { [name: string]: unknown };

/** Looking into a token without believing it: use it to show, never to decide. */
export const dangerous: {
  /**
   * Decodes a token's header and claims without verifying anything.
   *
   * @throws {DecodeError} The token cannot be taken apart.
   */
  decodeUnverified(token: Token): TokenView;
};

/** An error as JSON, which is what a client may know of it: nothing of the settings, the token or the remedy. */
export interface ErrorForClients {
  name: string;
  code: ReasonCode | "keys_needed" | "keys_awaited" | "keys_failed";
  /** What may be said to whoever wanted to log in; absent where nobody did. */
  client?: ClientAnswer;
}

/** Everything that an error tells, as plain data: for logs, and for other threads, which get no more than the message of an error. */
export type ErrorForAdministrators<Told> = { name: string; message: string } & Told;

/** Nobody is logged in: what both refusals have in common. Its fields are not enumerable. */
export class LoginRefusedError extends Error {
  /** What the client may be told; the message is for the administrator. */
  readonly client: ClientAnswer;
  /** Whether it is a refusal, also one of another realm or of another copy of this package, which `instanceof` does not know. */
  static isLoginRefused(error: unknown): error is TokenRejectedError | KeysNeededError;
  toJSON(): ErrorForClients;
}

/** What a rejection tells the administrator. */
export interface RejectionTold {
  code: ReasonCode;
  number: number;
  check: Check;
  remedy: string;
  setting: string | null;
  expected: string[] | null;
  actual: string[] | null;
  reference: string;
  userinfo_needed: { issuer: string; discovery_url: string } | null;
  client: ClientAnswer;
}

/** The token may not log in. */
export class TokenRejectedError extends LoginRefusedError {
  /** The reason, for programs. */
  readonly code: ReasonCode;
  /** The same as a number, stable for ever. */
  readonly number: number;
  /** The check that failed. */
  readonly check: Check;
  /** One sentence: what to change, and where. */
  readonly remedy: string;
  /** The setting that decided. */
  readonly setting: string | null;
  /** What the setting or the rule allows. */
  readonly expected: string[] | null;
  /** What the token or the login says. */
  readonly actual: string[] | null;
  /** The rule's place in its standard or in the database's documentation. */
  readonly reference: string;
  /** Whom to ask for groups, where they are all that is missing: then `askUserInfo` says how. */
  readonly userinfo_needed: { issuer: string; discovery_url: string } | null;
  /** Why these groups could not be had, where `sqljwt/fetch` has asked for them: a `FetchError`. */
  readonly cause?: unknown;
  /** Whether it is one, also of another realm or of another copy of this package, which `instanceof` does not know. */
  static isTokenRejected(error: unknown): error is TokenRejectedError;
  toAdminJSON(): ErrorForAdministrators<RejectionTold>;
}

/** The issuer's keys have to be fetched before anything can be decided. */
export class KeysNeededError extends LoginRefusedError implements Omit<KeysNeeded, "remedies"> {
  readonly code: "keys_needed";
  readonly issuer: string;
  readonly kid: string | null;
  readonly discovery_url: string | null;
  readonly jwks_url: string | null;
  readonly cause: string;
  readonly refresh: boolean;
  /** Whether it is one, also of another realm or of another copy of this package, which `instanceof` does not know. */
  static isKeysNeeded(error: unknown): error is KeysNeededError;
  toAdminJSON(): ErrorForAdministrators<Omit<KeysNeeded, "remedies"> & { code: "keys_needed"; client: ClientAnswer }>;
}

/** Somebody else fetches the keys, or they could not be had just now: refuse, or wait and ask the validator again. */
export class KeysAwaitedError extends Error {
  readonly code: "keys_awaited";
  /** Until when, in Unix seconds. */
  readonly until: number;
  /** Whether it is one, also of another realm or of another copy of this package, which `instanceof` does not know. */
  static isKeysAwaited(error: unknown): error is KeysAwaitedError;
  toJSON(): ErrorForClients;
  toAdminJSON(): ErrorForAdministrators<{ code: "keys_awaited"; until: number }>;
}

/** Keys could not be had: nobody logs in by them. */
export class FetchError extends Error {
  readonly code: "keys_failed";
  /** Why, for programs: `unreachable`, `http_status`, `redirected`, `keys_invalid` and so on; the message begins with it. */
  readonly fault: string;
  /** What can be done. */
  readonly remedy: string;
  /** Whether it is one, also of another realm or of another copy of this package, which `instanceof` does not know. */
  static isFetchError(error: unknown): error is FetchError;
  toJSON(): ErrorForClients;
  toAdminJSON(): ErrorForAdministrators<{ code: "keys_failed"; fault: string; remedy: string }>;
}

/** A fault of settings that cannot be used, beside the first one. */
export interface SettingsFault {
  /** The reason, for programs. */
  code: ReasonCode;
  /** The same as a number, stable for ever. */
  number: number;
  /** The setting at fault, when it is one. */
  setting: string | null;
  /** Where the fault stands in the text, counted from 1; null when it is something left out. */
  line: number | null;
  /** The character in that line, counted from 1. */
  column: number | null;
  /** The fact, with both sides. */
  message: string;
  /** What to change. */
  remedy: string;
}

/** The settings cannot be used. It is the first of all their faults. Its fields are not enumerable. */
export class SettingsError extends Error {
  /** The reason, for programs. */
  readonly code: ReasonCode;
  /** The same as a number, stable for ever. */
  readonly number: number;
  /** The setting at fault, when it is one. */
  readonly setting: string | null;
  /** Where the fault stands in the text, counted from 1; null when it is something left out. */
  readonly line: number | null;
  /** The character in that line, counted from 1. */
  readonly column: number | null;
  /** What to change. */
  readonly remedy: string;
  /** The other faults of the same settings: those of the text in its order, then those of the values. */
  readonly others: SettingsFault[];
  /** How many more faults there are: a few dozen are told. */
  readonly untold: number;
  /** What whoever wants to log in under these settings may be told. */
  readonly client: ClientAnswer;
  /** Whether it is one, also of another realm or of another copy of this package, which `instanceof` does not know. */
  static isSettingsError(error: unknown): error is SettingsError;
  toJSON(): ErrorForClients;
  toAdminJSON(): ErrorForAdministrators<{
    code: ReasonCode;
    number: number;
    setting: string | null;
    line: number | null;
    column: number | null;
    remedy: string;
    others: SettingsFault[];
    untold: number;
    client: ClientAnswer;
  }>;
}

/** The token cannot be taken apart. */
export class DecodeError extends Error {
  /** The reason, for programs. */
  readonly code: ReasonCode;
  toJSON(): ErrorForClients;
  toAdminJSON(): ErrorForAdministrators<{ code: ReasonCode }>;
}

/** The engine stopped on a bug of its own. Nobody is logged in; the next call meets a fresh engine. */
export class InternalError extends Error {
  readonly code: "internal_error";
  toJSON(): ErrorForClients;
  toAdminJSON(): ErrorForAdministrators<{ code: "internal_error" }>;
}
