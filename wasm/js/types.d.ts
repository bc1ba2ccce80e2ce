/** The documents that the engine writes: `"schema": 2`. */

import type { AdviceKind, Algorithm, Check, Decision, Outcome, Profile, ReasonCode } from "./names.js";

export type * from "./names.js";

/** What is explained about one login attempt, for the administrator. */
export interface Explanation {
  /** The version of the document's shape. */
  schema: 2;
  /** What was decided. */
  decision: Decision;
  /** Whose rules decided. */
  profile: Profile;
  /** The login, when it was accepted. */
  login: Login | null;
  /** The keys to fetch, when they are needed. */
  keys_needed?: KeysNeeded;
  /** Whom to ask for the person's groups, when nothing else is missing. */
  userinfo_needed?: { issuer: string; discovery_url: string };
  /** The reason, when it was rejected. */
  reason: Rejection | null;
  /** What the client may be told, when nobody logs in. */
  client: ClientAnswer | null;
  /** Every check of the profile's order, once each. */
  checks: CheckReport[];
  /** What would fail next, what nearly fits, and what deserves attention. */
  advice: Advice[];
  /** The token as it reads, believed or not; null when it cannot be taken apart. */
  token: TokenView | null;
  /** How many remedies were not tried, because the budget had ended, and are left out. */
  untried: number;
  /** `accept` where the database itself lets in a token that was refused for a rule that it does not have. */
  server_decision: "accept" | null;
  /** What other profiles decide, each where that differs. */
  also: Also[];
  /** Names in the settings text that are not ours and were passed over. */
  ignored: string[];
}

/** A login that may go ahead. */
export interface Login {
  /** The SQL user to log in, normalised. */
  user: string;
  /** The bearer as the token names them. */
  principal: string;
  /** The issuer of the token. */
  issuer: string;
  /** The configured audience that the token is for. */
  audience: string;
  /** When the token was issued, in Unix seconds. */
  issued_at: number | null;
  /** When the token expires, in Unix seconds; null only in the `cockroachdb` profile. */
  expires_at: number | null;
  /** The id of the key that signed. */
  key_id: string;
  /** The algorithm of the signature. */
  algorithm: Algorithm;
  /** The line of the identity map that gave the SQL user, counted from 1; null where the issuer has no map. */
  map_line: number | null;
  /** The roles that the token's groups give; null where groups are not synchronised. */
  roles: string[] | null;
  /** The groups that give no role by the engine's options, and which option leaves them out; null where groups are not synchronised. */
  ignored_groups: { group: string; why: "prefix" | "not_allowed" | "admin" }[] | null;
  /** The SQL user to be made where it is not there yet; null where users are not made of tokens, or this one cannot be. */
  provision: { source: string; statement: string } | null;
}

/** The bearer of a token: who may log in as which SQL user, somebody else decides. */
export interface Identity extends Omit<Login, "user" | "principal" | "map_line" | "provision"> {
  /** The bearer by each name that the configured claim gives. */
  principals: string[];
}

/** What a login would do to the roles of its SQL user. */
export interface Roles {
  /** The version of the document's shape. */
  schema: 2;
  /** What was decided. */
  decision: Decision;
  /** Whose rules decided. */
  profile: Profile;
  /** The SQL user; null where nobody logs in. */
  user: string | null;
  /** What to do, first revoke, then grant; null where the login changes no role. */
  plan: RolePlan | null;
  /** The plan as SQL, with names in quotes. */
  statements: string[];
  /** The plan in one line, for people; null where the login is refused and changes nothing. */
  summary: string | null;
  /** The keys to fetch, when they are needed. */
  keys_needed?: KeysNeeded;
  /** Whom to ask for the person's groups, when nothing else is missing. */
  userinfo_needed?: { issuer: string; discovery_url: string };
  /** The reason, when it was rejected. */
  reason: Rejection | null;
  /** Names in the settings text that are not ours and were passed over. */
  ignored: string[];
}

/** What the host has to do about roles: first revoke, then grant. */
export interface RolePlan {
  grant: string[];
  revoke: string[];
  /** The groups that are no roles here. */
  ignored: { group: string; why: "prefix" | "not_allowed" | "admin" | "no_name" | "no_role" }[];
  /** The roles that go with those that are revoked. */
  lost: string[];
}

/** The keys of every configured issuer. */
export interface Keys {
  /** The version of the document's shape. */
  schema: 2;
  /** Whose rules say what a key is good for. */
  profile: Profile;
  issuers: IssuerKeys[];
  /** The tokens that were asked about. */
  tokens: { issuer: string | null; kid: string | null; signed_with: string | null; code: ReasonCode | null }[];
}

/** The keys of one issuer. */
export interface IssuerKeys {
  issuer: string;
  /** Where they come from: a setting for all issuers, one for this issuer alone, or the identity provider. */
  origin: "configured" | "own" | "fetched";
  url: string | null;
  fetched_at: Moment | null;
  /** From when on they are stale. */
  fresh_until: Moment | null;
  /** Why there are none that count, where there are none. */
  lacking: string | null;
  keys: KeyReport[];
  /** How the set changed, fetch by fetch. */
  rotation: { at: Moment; added: string[]; removed: string[]; kept: number; failure: string | null }[];
}

/** One key of a set. */
export interface KeyReport {
  kid: string | null;
  kind: string | null;
  algorithms: Algorithm[];
  /** RFC 7638, SHA-256: the same for the same key, under whatever id. */
  thumbprint: string | null;
  /** Why it cannot be used; null where it can. */
  code: ReasonCode | null;
  why: string | null;
  remedy: string | null;
}

/** Which keys the host has to fetch before the token can be judged. */
export interface KeysNeeded {
  /** The issuer whose keys are needed, as configured. */
  issuer: string;
  /** The id of the key that the token names. */
  kid: string | null;
  /** The address of the issuer's discovery document, whose `jwks_uri` names the key set. */
  discovery_url: string | null;
  /** The address of the key set itself, where the settings give it. */
  jwks_url: string | null;
  /** Why the keys are needed. */
  cause: string;
  /** Whether keys are there, fresh, without the one that the token names: then caches on the way are to be passed over. */
  refresh: boolean;
  /** What can be done, the best first; each change was tried. */
  remedies: Remedy[];
}

/** One way to go on from a refused login. */
export interface Remedy {
  /** Who can do it. */
  for: "administrator" | "identity_provider" | "client";
  /** What to do, in one line. */
  message: string;
  /** The whole new value of each setting that changes; null where it is done elsewhere. */
  change: NewValue[] | null;
  /** The same as statements to paste; options of the engine are comments that it reads. */
  sql: string[] | null;
  /** The same as replacements in the settings text, to be made together; null where it has no place for them. */
  document: DocumentEdit[] | null;
  /** What the same login gives once the settings are changed so: the engine has tried it. */
  after: After | null;
  /** What else it lets in or changes. */
  risk: string | null;
}

/** The value that a setting is to get. */
export interface NewValue {
  setting: string;
  /** Its whole new value; null takes the setting out. */
  value: string | number | boolean | unknown[] | Record<string, unknown> | null;
}

/** A part of the settings text, and what stands there instead. */
export interface DocumentEdit {
  /** The part that goes; empty where something is put in. */
  range: Range;
  /** What comes instead, with the quotes and escapes of the text around it. */
  text: string;
}

/** What a login gives once something has been changed. */
export interface After {
  decision: Decision;
  /** The SQL user who logs in then. */
  user: string | null;
  /** The reason of the refusal then. */
  code: ReasonCode | null;
}

/** Why a token may not log in: the first check that failed in the profile's order. */
export interface Rejection {
  /** The reason, for programs. */
  code: ReasonCode;
  /** The same as a number, stable for ever. */
  number: number;
  /** The check that failed. */
  check: Check;
  /** The fact with both sides, for the administrator. */
  message: string;
  /** One sentence: what to change, and where. */
  remedy: string;
  /** The setting that decided. */
  setting: string | null;
  /** What the setting or the rule allows. */
  expected: string[] | null;
  /** What the token or the login says. */
  actual: string[] | null;
  /** The rule's place in its standard or in the database's documentation. */
  reference: string;
  /** Where in the settings text what decided begins. */
  position: Position | null;
  /** The whole of what stands there. */
  range: Range | null;
  /** What can be done, the best first; each change was tried. */
  remedies: Remedy[];
}

/** What the person who logs in may be told. */
export interface ClientAnswer {
  /** The error message. */
  message: string;
  /** The DETAIL field; always null in the `hardened` profile. */
  detail: string | null;
  /** The SQLSTATE of the error. */
  sqlstate: string;
}

/** How one check went. */
export interface CheckReport {
  /** The check. */
  check: Check;
  /** How it went. */
  outcome: Outcome;
  /** The reason, when it failed. */
  code: ReasonCode | null;
  /** What was found, in one line. */
  summary: string;
  /** The setting that decided. */
  setting: string | null;
  /** Where in the settings text it does, or the part of it that decided: an element of a list, a line of the identity map, a key. */
  range: Range | null;
  /** What the setting or the rule allows. */
  expected: string[] | null;
  /** What the token or the login says. */
  actual: string[] | null;
  /** What of the token the check reads; null where it reads nothing of it. */
  reads: Reads | null;
  /** The line of the identity map that gave the SQL user, counted from 1; only of the check `identity_map`. */
  map_line: number | null;
  /** What the `\1` of that line stood for. */
  capture: string | null;
}

/** What of a token a check reads. */
export interface Reads {
  /** The part; `token` is all of it. */
  part: "token" | "header" | "claims" | "signature";
  /** The members of that part by their names; none where it is read as a whole. Of a check that failed the one that decided, where one did. */
  members: string[];
}

/** Something worth knowing beside the reason. */
export interface Advice {
  /** What kind of thing it is. */
  kind: AdviceKind;
  /** The reason it belongs to. */
  code: ReasonCode | null;
  /** The check it belongs to. */
  check: Check;
  /** The fact. */
  message: string;
  /** What to change. */
  remedy: string | null;
  /** The setting it is about. */
  setting: string | null;
  /** Where in the settings text that setting's value, or the part of it at fault, begins. */
  position: Position | null;
  /** The whole of what stands there. */
  range: Range | null;
  /** What can be done about it, the best first. */
  remedies: Remedy[];
}

/** A place in a text, as editors count it: lines and characters, the first being 1. */
export interface Position {
  line: number;
  column: number;
}

/** A part of a text, from its first character to the place after its last. */
export interface Range {
  start: Position;
  end: Position;
}

/** A token as it reads. Nothing in it is believed: anybody can write a token. */
export interface TokenView {
  /** The header; null when it is no JSON object. */
  header: JsonObject | null;
  /** The claims; null when they are no JSON object. */
  claims: JsonObject | null;
  /** The claim `iat`. */
  issued_at: Moment | null;
  /** The claim `nbf`. */
  not_before: Moment | null;
  /** The claim `exp`. */
  expires_at: Moment | null;
}

/** A JSON object of someone else's making. */
export type JsonObject = { [name: string]: JsonValue };

/** A JSON value of someone else's making. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

/** A moment, for programs and for people. */
export interface Moment {
  /** Unix seconds. */
  seconds: number;
  /** The same in UTC, as RFC 3339 writes it. */
  utc: string;
}

/** What another profile decides. */
export interface Also {
  profile: Profile;
  decision: Decision;
  /** Its reason, when it rejects. */
  code: ReasonCode | null;
}

/** One row of the catalogue of reasons. */
export interface Reason {
  code: ReasonCode;
  number: number;
  check: Check;
  summary: string;
  remedy: string;
  reference: string;
}
