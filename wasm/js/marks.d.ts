/** The objects that only JavaScript has: places in the units of its editors, and the outcomes of many logins. */

import type { Token, UnixSeconds } from "./index.js";
import type { Check, Decision, ReasonCode } from "./types.js";

/** An explanation as `explainJson` writes it, and where it looks. */
export interface Marked {
  json: string;
  marks: Marks;
}

/** Where everything that an explanation speaks of stands. */
export interface Marks {
  /** Where each check looks, in the explanation's order. */
  checks: CheckMarks[];
  /** What decided in the settings; null where nothing there did. */
  reason: Span | null;
  /** What each advice is about in the settings, in the explanation's order. */
  advice: (Span | null)[];
}

/** Where one check looks. */
export interface CheckMarks {
  check: Check;
  /** What of the token's text carries what the check reads: a whole part, or members of header or claims. */
  token: Span[];
  /** What of the settings' text decided; null where nothing there did. */
  settings: Span | null;
}

/** A part of a text, as `slice(from, to)` takes it out. */
export interface Span {
  from: number;
  to: number;
}

/** One of many logins: what `validate` takes. */
export interface LoginRow {
  token: Token;
  user: string;
  now?: UnixSeconds;
}

/** What became of it. Nobody is logged in but by `accept`. */
export interface LoginOutcome {
  decision: Decision;
  /** The reason, when it was rejected. */
  code: ReasonCode | null;
  /** The SQL user to log in, when it was accepted. */
  user: string | null;
}
