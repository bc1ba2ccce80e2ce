/** What no database tells its administrator: what is wrong with settings, who can become whom, what a change would do. */

import type { Settings, Token, UnixSeconds } from "./index.js";
import type {
  Check,
  ClientAnswer,
  Decision,
  DocumentEdit,
  IssuerKeys,
  KeyReport,
  KeysNeeded,
  Moment,
  NewValue,
  Position,
  Profile,
  Range,
  ReasonCode,
  Rejection,
} from "./types.js";

export { InternalError, SettingsError } from "./index.js";

/** Judges settings without any token, usable or not. */
export function lint(settings: Settings): LintDocument;

/** All rules of `lint`. */
export function lintRules(): LintRule[];

/**
 * Who can become this SQL user; without one, which users can be become at all, the most dangerous first.
 *
 * @throws {SettingsError} The settings cannot be used.
 */
export function whoCan(settings: Settings, user?: string): WhoCanDocument;

/**
 * Whom a principal becomes, at that issuer or at each.
 *
 * @throws {SettingsError} The settings cannot be used.
 */
export function reach(settings: Settings, principal: string, issuer?: string): ReachDocument;

/** When a login begins to be accepted, and when it will stop: `window`, as the text call has it. */
export function loginWindow(settings: Settings, token: Token, user: string, options?: WindowOptions): WindowDocument;

/**
 * What a key set would do that is not there yet; `keySet` is its text. Throws a `TypeError` where `issuer` is needed and not given.
 *
 * @throws {SettingsError} The settings cannot be used.
 */
export function rehearse(settings: Settings, keySet: string, options?: RehearseOptions): RehearsalDocument;

/**
 * What a line of a server's log, or a short log, says of logins: CockroachDB's, PostgreSQL's, or what this project's modules write.
 */
export function explainLog(log: string): LogDocument;

/**
 * Another server's map as an identity map. Of `pg_ident.conf` each name of a map can have an issuer of its own.
 *
 * @throws {SettingsError} The settings cannot be read.
 */
export function convertMap(
  text: string,
  dialect: MapDialect,
  issuer: string | { readonly [map: string]: string },
  settings?: Settings,
): ConvertMapDocument;

/**
 * Settings under which this token logs in as this SQL user, and nobody else does. Without the issuer's keys nothing is proven, and the
 * first line of what is suggested says so.
 */
export function suggest(token: Token, user?: string, options?: SuggestOptions): SuggestDocument;

/**
 * Which logins, users, reasons and messages change between two settings, usable or not: principals are constructed that the two
 * identity maps treat differently, and sample logins are judged by both.
 */
export function compare(oldSettings: Settings, newSettings: Settings, options?: CompareOptions): CompareDocument;

/** Which lines of the identity map, issuers, audiences and keys no sample login goes by that is accepted. */
export function coverage(settings: Settings, logins: Iterable<SampleLogin>, options?: CoverageOptions): CoverageDocument;

/** Answers a call of the wire contract, of every verb: JSON text in, JSON text out. */
export function call(text: string): string;

/** What a suggestion goes by. */
export interface SuggestOptions {
  /** The text of the issuer's key set. */
  keys?: string;
  /** Whose rules there are for names of SQL users, as `engine.user_names` has them. */
  userNames?: string;
  now?: UnixSeconds;
}

/** A login by a token, or by claims that nobody has signed: of these everything but keys and signatures is judged. */
export type SampleLogin = SampleBearer & {
  /** The requested SQL user; the token's only one unless given. */
  user?: string;
  /** Its moment; that of the question unless given. */
  now?: UnixSeconds;
  /** The SQL user who is to log in, empty for nobody. */
  expected?: string;
};

/** Whose login it is. */
export type SampleBearer =
  | { token: Token }
  | {
      claims: { readonly [claim: string]: unknown };
      /** The claim `iss`, where the claims have none. */
      issuer?: string;
    };

/** How logins are judged. */
export interface CoverageOptions extends WindowOptions {
  /** The profile under which the settings are asked, whichever they name. */
  profile?: Profile;
}

/** How two settings are compared. */
export interface CompareOptions extends CoverageOptions {
  /** The profile under which the new settings are asked, whichever they name. */
  newProfile?: Profile;
  logins?: Iterable<SampleLogin>;
}

/** What is known of keys, and when it is. */
export interface WindowOptions {
  /** The fetches that brought them, as `KeyCache.record` writes them: one, or a JSON array of them. */
  records?: string;
  now?: UnixSeconds;
}

/** What is asked of a key set. */
export interface RehearseOptions extends WindowOptions {
  /** Tokens of today. */
  tokens?: Iterable<Token>;
  /** Whose set it is; with one issuer, or one set for all, nobody needs to say it. */
  issuer?: string;
}

/** How grave a finding is: somebody gets in who should not or nobody who should, it is not safe, or it is worth knowing. */
export type Severity = "error" | "warning" | "note";

/**
 * How a finding is known: the settings say so, a principal was constructed that shows it, all principals were searched, or it
 * could not be proved.
 */
export type Proof = "text" | "witness" | "search" | "not_proved";

/** What kind of SQL user it is. */
export type Standing = "administrator" | "reserved" | "ordinary";

/** Where the present stands: within the window, before it or after it; there is none; nobody can say. */
export type WindowState = "open" | "later" | "past" | "never" | "unknown";

/** What became of a login; a text that is not known says neither. */
export type LogOutcome = "accepted" | "rejected" | "unknown";

/** Whose map it is: PostgreSQL's `pg_ident.conf`, the file of Trino's `user-mapping.file`, or its `user-mapping.pattern`. */
export type MapDialect = "pg_ident" | "trino_rules" | "trino_pattern";

/** The same principals get the same users; fewer get one, and nobody another; or there is no line here. */
export type LineOutcome = "exact" | "converted" | "left_out";

/** A change of the settings that somebody may make. */
export interface SettingsChange {
  /** The whole new value of each setting that changes, null where the setting is taken out. */
  values: NewValue[];
  /** The same as statements; options of the engine are comments that it reads. */
  sql: string[];
  /** The same as replacements in the settings document, to be made together; null where it has no place for them. */
  document: DocumentEdit[] | null;
}

/** Principals that show it: the identity map gives them this SQL user by these lines. */
export interface Witness {
  issuer: string;
  principals: string[];
  user: string;
  lines: number[];
}

/** One rule that settings break at one place. */
export interface LintFinding {
  /** The rule: a word of the table of rules. The table may grow. */
  rule: string;
  severity: Severity;
  setting: string | null;
  position: Position | null;
  range: Range | null;
  message: string;
  remedy: string | null;
  /** How it is known: the settings say so, a witness shows it, all principals were searched, or it could not be proved. */
  proof: Proof;
  witness: Witness | null;
  change: SettingsChange | null;
}

/** What settings break of the rules, judged without any token. */
export interface LintDocument {
  schema: 2;
  profile: Profile;
  findings: LintFinding[];
  /** How many more were found than are told. */
  untold: number;
  errors: number;
  warnings: number;
  notes: number;
}

/** One rule of `lint`. */
export interface LintRule {
  rule: string;
  severity: Severity;
  /** What it finds. */
  title: string;
  /** Why that matters. */
  why: string;
}

/** What `lint` looks for. */
export interface RulesDocument {
  schema: 2;
  rules: LintRule[];
}

/** One way to become a SQL user. */
export interface Way {
  issuer: string;
  claim: string;
  line: number | null;
  principal: string | null;
  pattern: string | null;
  /** What the first group of the pattern holds then, in whatever case. */
  capture: string | null;
  example: string | null;
  proved: boolean;
}

/** A SQL user, or all whose names begin and end so. */
export interface ReachableUser {
  /** The name; of a family what it begins with, `…`, and what it ends with. */
  user: string;
  family: boolean;
  standing: Standing;
  /** Why nobody logs in as that user for all that. */
  code: ReasonCode | null;
  ways: Way[];
}

/** Who can become which SQL user. */
export interface WhoCanDocument {
  schema: 2;
  profile: Profile;
  /** The user who was asked about, as the server stores the name; null for all. */
  user: string | null;
  /** The most dangerous first. */
  users: ReachableUser[];
  untold: number;
  /** Whether every way was searched to its end: nobody else can. */
  complete: boolean;
}

/** One SQL user whom a principal becomes. */
export interface ReachedUser {
  user: string;
  line: number | null;
  code: ReasonCode | null;
  why: string | null;
}

/** Whom a principal of one issuer becomes. */
export interface ReachOfIssuer {
  issuer: string;
  claim: string;
  /** Whether the identity map has lines for the issuer: without any, its principals are SQL users as they are. */
  mapped: boolean;
  users: ReachedUser[];
  untold: number;
  code: ReasonCode | null;
}

/** Whom a principal becomes at each issuer. */
export interface ReachDocument {
  schema: 2;
  profile: Profile;
  principal: string;
  issuers: ReachOfIssuer[];
}

/** Why a key set cannot be used at all. */
export interface KeySetFault {
  code: ReasonCode;
  message: string;
  remedy: string;
  position: Position | null;
}

/** One key of the new set. */
export interface RehearsedKey {
  key: KeyReport;
  fate: "new" | "stays" | "changed" | "renamed" | "shadowed";
  /** The id that the same key has today, where it has another. */
  was: string | null;
  /** The thumbprint of the key that has its id today, where that is another key. */
  replaces: string | null;
  /** How many of the tokens name it. */
  named_by: number;
}

/** Something to be known before the set is changed. */
export interface RehearsalFinding {
  finding:
    | "set_refused"
    | "private_key"
    | "nothing_verifies"
    | "tokens_lost"
    | "no_overlap"
    | "key_changed"
    | "key_renamed"
    | "key_shadowed"
    | "key_set_aside"
    | "readers_drop_the_set";
  severity: Severity;
  keys: string[];
  message: string;
  remedy: string;
}

/** What a known reader of key sets makes of the new one. */
export interface ReaderVerdict {
  reader: string;
  versions: string;
  verdict: "reads_all" | "drops_keys" | "drops_the_set";
  /** The keys because of which. */
  keys: string[];
  why: string | null;
  /** How it is known. */
  evidence: "measured" | "stated" | "inferred";
  source: string;
}

/** What is decided of a token, whoever its bearer wants to be. */
export interface RehearsedOutcome {
  decision: Decision;
  code: ReasonCode | null;
  message: string | null;
  /** The thumbprint of the key that has verified it. */
  signed_with: string | null;
}

/** What becomes of a token. */
export interface RehearsedToken {
  issuer: string | null;
  kid: string | null;
  principals: string[];
  fate: "kept" | "lost" | "gained" | "refused" | "unknown";
  today: RehearsedOutcome;
  tomorrow: RehearsedOutcome;
  /** The id that its key has in the new set, where that is another than the one that the token names. */
  key_is_now: string | null;
}

/** What a key set does that is not there yet. */
export interface RehearsalDocument {
  schema: 2;
  profile: Profile;
  /** All of it in one sentence. */
  message: string;
  /** The issuers whose tokens are verified with the set. */
  issuers: string[];
  /** The setting that holds the set; null where it is fetched. */
  setting: string | null;
  today: IssuerKeys;
  /** Why the new set cannot be used at all, and where in its text that stands. */
  fault: KeySetFault | null;
  /** The keys of the new set, in their order. */
  keys: RehearsedKey[];
  /** The keys of today that the new set does not have. */
  gone: KeyReport[];
  /** How many keys verify tokens today and will do so under the same id. */
  overlap: number;
  /** What is to be known before the set is changed, the gravest first. */
  findings: RehearsalFinding[];
  /** What known readers of key sets make of it, as far as that is known. */
  readers: ReaderVerdict[];
  tokens: RehearsedToken[];
  /** How many tokens were not judged. */
  untried: number;
  accepted_today: number;
  accepted_tomorrow: number;
  /** How many are accepted today and not with the new set. */
  lost: number;
}

/** Where the window begins or ends, and because of what. */
export interface WindowEdge {
  at: Moment;
  decision: Decision;
  check: Check | null;
  code: ReasonCode | null;
  message: string;
  claims: string[];
  settings: string[];
}

/** When a login is accepted. */
export interface Window {
  from: Moment | null;
  until: Moment | null;
}

/** What is decided of the login at a moment. */
export interface WindowOutcome {
  decision: Decision;
  check: Check | null;
  code: ReasonCode | null;
}

/** A moment at which the decision changes. */
export interface Turn {
  at: Moment;
  before: WindowOutcome;
  after: WindowOutcome;
}

/** When a login begins to be accepted, and when it will stop. */
export interface WindowDocument {
  schema: 2;
  decision: Decision;
  profile: Profile;
  state: WindowState;
  accepted_now: boolean;
  /** The first second at which it is accepted; null where it has no beginning, or never is. */
  from: Moment | null;
  /** The first second at which it is accepted no more; null where nothing ends it, or it never is. */
  until: Moment | null;
  seconds_left: number | null;
  never_expires: boolean;
  /** All of it in one sentence. */
  message: string;
  begins: WindowEdge | null;
  ends: WindowEdge | null;
  /** When it would be accepted if the keys that are held were fetched again for every login. */
  renewed: Window | null;
  /** Why it is accepted at no moment. */
  lasting: WindowOutcome | null;
  /** Every moment at which the decision changes. */
  turns: Turn[];
  keys_needed?: KeysNeeded;
  userinfo_needed?: { issuer: string; discovery_url: string };
  reason: Rejection | null;
  ignored: string[];
}

/** A principal that the two treat differently: the users of there, and those of here. */
export interface MapWitness {
  principal: string;
  source: string[];
  here: string[];
}

/** What becomes of a line. */
export interface ConvertedLine {
  line: number;

  outcome: LineOutcome;
  /** The first of its lines in the identity map. */
  map_line: number | null;
  /** What differs, or why it is left out. */
  message: string | null;
  remedy: string | null;
  witness: MapWitness | null;
}

/** Another server's map as an identity map, which gives nobody a user whom that map does not give. */
export interface ConvertMapDocument {
  schema: 2;
  profile: Profile;
  dialect: MapDialect;
  /** Why the other server does not take the text, where it does not: then nobody is let in. */
  refused: string | null;
  /** The identity map. */
  map: string;
  exact: number;
  converted: number;
  left_out: number;
  /** The change that sets it; null where it is too long to be shown once more, or what is set already. */
  change: SettingsChange | null;
  /** Every line with a rule, in the order of the text. */
  lines: ConvertedLine[];
}

/** A value that a line states. */
export interface LogValue {
  name: string;
  value: string | null;
}

/** One login in a log. */
export interface LogEntry {
  /** The line on which it begins, from 1. */
  line: number;
  outcome: LogOutcome;
  /** Whose words these are. */
  source: "cockroachdb" | "postgresql" | "sqljwt" | "unknown";
  /** Which of the known texts this is. */
  event: string;
  /** Whether the text stands for one reason alone. */
  exact: boolean;
  codes: ReasonCode[];
  cause: string;
  remedy: string | null;
  /** What the lines say of the login; a value is null where it is redacted. */
  values: LogValue[];
  /** Whether a token stands in the text. */
  token: boolean;
  /** The text, cut and without any token. */
  text: string;
}

/** How often one kind of entry is there. */
export interface LogCount {
  event: string;
  outcome: LogOutcome;
  codes: ReasonCode[];
  count: number;
  /** The text of the first of them. */
  example: string;
  line: number;
}

/** A reason that an entry may have. */
export interface LogReason {
  code: ReasonCode;
  number: number;
  check: Check;
  summary: string;
  remedy: string;
}

/** What the lines of a log say of logins. */
export interface LogDocument {
  schema: 2;
  /** How many lines there are. */
  lines: number;
  /** How many of them say nothing of a login that is known. */
  unknown: number;
  /** The logins, in the order of the log; where there are none, the first line that says something unknown. */
  entries: LogEntry[];
  /** How many more entries there are. */
  more: number;
  /** How often each kind of entry is there, the most frequent first. */
  counts: LogCount[];
  /** The reasons that the counts name, in the order of their numbers. */
  reasons: LogReason[];
  /** How many entries hold a token. */
  tokens: number;
  /** What to do about them. */
  token_remedy: string | null;
}


/** Why nothing is suggested. */
export interface SuggestRefusal {
  /** The reason that a login with the token gives, where that is why. */
  code: ReasonCode | null;
  message: string;
  remedy: string | null;
}

/** One setting, and why it has that value. */
export interface SuggestedSetting {
  setting: string;
  value: string;
  why: string;
  /** What it lets happen that may not be wanted. */
  risk: string | null;
}

/** A line of the identity map that lets in more than the token, and whom. */
export interface SuggestedLine {
  line: string;
  risk: string;
}

/** What the token gives under the settings. */
export interface SuggestTrial {
  decision: Decision;
  user: string | null;
  code: ReasonCode | null;
  message: string | null;
}

/** Settings under which a sample token logs in, and nobody else does. */
export interface SuggestDocument {
  schema: 2;
  profile: Profile;
  /** Whether one of the given keys has verified the token: otherwise anybody may have written it. */
  proven: boolean;
  /** The thumbprint of that key. */
  signed_with: string | null;
  /** Whether it is proven, in words: the first line of `sql`. */
  first_line: string;
  provider: string | null;
  kind: "id" | "access" | "providers_own" | "refresh" | "legacy_service_account" | null;
  /** The SQL user whom the token becomes: the one that was asked for, or else a proposed one. */
  user: string | null;
  /** Why nothing is suggested, where nothing is. */
  refused: SuggestRefusal | null;
  settings: SuggestedSetting[];
  /** Settings that are not part of `sql`: each is a decision to take. */
  optional: SuggestedSetting[];
  /** Lines of the identity map that let in more; none is part of `sql`. */
  wider: SuggestedLine[];
  sql: string | null;
  /** The same as a JSON document. */
  json: string | null;
  /** What `lint` finds in them. */
  lint: LintDocument | null;
  /** What the token gives under them at the moment of the question. */
  trial: SuggestTrial | null;
}

/** What changes, the most important first. */
export type ChangeKind = "gained" | "other_user" | "lost" | "other_reason" | "other_message" | "other_effect";

/** One of two settings that are compared; nobody logs in by settings that cannot be used. */
export interface ComparedSide {
  usable: boolean;
  /** Whether token logins are switched on. */
  enabled: boolean;
  faults: { code: ReasonCode; setting: string | null; message: string; remedy: string; position: Position | null }[];
  untold_faults: number;
}

/** What settings make of a login, or of a principal. */
export interface ChangeOutcome {
  decision: Decision;
  /** The SQL user who logs in; of a principal all whom it can be, the first of them. */
  users: string[];
  /** The line of the identity map that gives the first of them. */
  line: number | null;
  code: ReasonCode | null;
  why: string | null;
  /** What the client is told. */
  client: ClientAnswer | null;
}

/** Somebody whom a change is about. */
export interface ChangeExample {
  issuer: string | null;
  /** The issuer under the new settings, where it is another. */
  new_issuer: string | null;
  principal: string | null;
  /** The place of the sample login in the list. */
  login: number | null;
  /** Whether nobody's signature stands behind it. */
  unsigned: boolean;
  old: ChangeOutcome;
  new: ChangeOutcome;
}

/** What one cause changes. */
export interface SettingsDifference {
  kind: ChangeKind;
  /** How it is known: sample logins were judged, a principal was constructed and asked about, or the settings say so. */
  evidence: "login" | "principal" | "settings";
  setting: string | null;
  /** Whose logins it is about; null for all. */
  issuer: string | null;
  old_line: number | null;
  new_line: number | null;
  message: string;
  /** How many lines, or logins, it is about. */
  count: number;
  /** The sample logins, by their places in the list: the first of them. */
  logins: number[];
  example: ChangeExample | null;
}

/** What became of the sample logins. */
export interface ComparedLogins {
  judged: number;
  unsigned: number;
  untried: number;
  gained: number;
  other_user: number;
  lost: number;
  otherwise_refused: number;
  same: number;
}

/** Which logins, users, reasons and messages change between two settings. */
export interface CompareDocument {
  schema: 2;
  profile: Profile;
  new_profile: Profile;
  /** All of it in one sentence. */
  message: string;
  gained: number;
  lost: number;
  changed: number;
  /** Whether all principals were searched to the end. */
  complete: boolean;
  unsearched: number;
  old: ComparedSide;
  new: ComparedSide;
  /** The most important first. */
  changes: SettingsDifference[];
  /** How many more changes there are; they are counted. */
  untold: number;
  logins: ComparedLogins;
}

/** How many of something there are, and which no accepted login goes by. */
export interface Covered<T> {
  total: number;
  reached: number;
  /** Those that none goes by, the first of them. */
  unreached: T[];
  untold: number;
}

/** What sample logins need of settings. */
export interface CoverageDocument {
  schema: 2;
  profile: Profile;
  /** All of it in one sentence. */
  message: string;
  judged: number;
  /** How many were judged without a signature: they need no key. */
  unsigned: number;
  untried: number;
  accepted: number;
  lines: Covered<{ line: number; issuer: string; principal: string; user: string }>;
  issuers: Covered<string>;
  audiences: Covered<{ issuer: string; audience: string }>;
  keys: Covered<{ issuer: string; kid: string | null; thumbprint: string }>;
  /** Why logins are refused, the most frequent first; of some the keys have to be fetched first. */
  refusals: { code: ReasonCode | null; count: number; logins: number[]; why: string }[];
  /** Logins that end otherwise than is expected. */
  unexpected: { login: number; expected: string; user: string | null; code: ReasonCode | null; why: string | null }[];
  untold_unexpected: number;
}
