// Whose answer is it? What the rules that were asked say, what the other rules say, and what CockroachDB itself may do
// where the engine refuses by any rules.

import type { Advice, Decision, Explanation, Profile } from '../engine/document';

/** What somebody says to a login; `tolerate`: the rules refuse it, and yet the database lets it in. */
export type Says = Decision | 'tolerate';

export interface Answer {
  by: Profile;
  says: Says;
  code: string | null;
  /** Whether these are the rules that the settings choose. */
  asked: boolean;
}

/** The engine's warning that the database is laxer than this refusal. */
export function laxer(document: Explanation): Advice | null {
  if (document.server_decision !== 'accept') return null;
  return document.advice.find((item) => item.kind === 'warning' && item.code === document.reason?.code) ?? null;
}

/** What to say first: the decision, unless the database was asked for and decides otherwise than the engine. */
export function headline(document: Explanation): Says {
  return said(document, document.profile, document.decision);
}

/** Every profile, the strictest first. */
const PROFILES: readonly Profile[] = ['hardened', 'cockroachdb'];

/** Every profile's answer. Under unusable settings only one is known. */
export function answers(document: Explanation): Answer[] {
  const { profile, decision, reason } = document;
  const code = reason?.code ?? null;
  const here: Answer = { by: profile, says: headline(document), code, asked: true };
  if (reason?.check === 'settings') return [here];
  return PROFILES.map((by) => {
    if (by === profile) return here;
    // The engine names another profile's answer only where it differs.
    const also = document.also.find((other) => other.profile === by) ?? { decision, code };
    return { by, says: said(document, by, also.decision), code: also.code, asked: false };
  });
}

function said(document: Explanation, by: Profile, decision: Decision): Says {
  return by === 'cockroachdb' && decision === 'reject' && document.server_decision === 'accept' ? 'tolerate' : decision;
}
