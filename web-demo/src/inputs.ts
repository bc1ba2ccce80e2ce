// What is asked, and what is left of it when somebody puts a text of their own in the place of a sample's.

import type { Sample } from './samples';

export interface Inputs {
  settings: string;
  token: string;
  user: string;
  /** The moment to judge at; null is the present. */
  moment: number | null;
}

/** One side of the login attempt: what the identity provider gave, or what the database holds against it. */
export type Half = 'token' | 'settings';

/** What somebody did to a text: edited it, put another in its place, or took such a step back. */
export type Change = 'edit' | 'replace' | 'undo';

/**
 * The inputs once a text of somebody's own stands in the place of one half of a sample: without the other half, which has
 * nothing to do with it. Judged by that, one's own login would be refused, with advice to trust a stranger's provider.
 */
export function withOwn(inputs: Inputs, lent: Sample, half: Half, text: string): Inputs {
  const user = inputs.user === lent.user ? '' : inputs.user;
  return half === 'token' ? { token: text, settings: '', user, moment: null } : { settings: text, token: '', user, moment: null };
}

/** Whether the inputs are the sample's, to the letter. */
export function isWhole({ settings, token, user, moment }: Inputs, sample: Sample): boolean {
  return settings === sample.settings && token === sample.token && user === sample.user && moment === sample.now;
}

/** What went with the half that was replaced, in a sentence. */
export const GONE: Record<Half, string> = {
  token: 'The sample’s settings, user and clock went with its token.',
  settings: 'The sample’s token, user and clock went with its settings.',
};
