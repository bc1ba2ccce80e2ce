// Which advice belongs to the verdict, and which stands beside it?

import type { Advice, Explanation } from '../engine/document';
import { laxer } from './answers';

/** What nearly fits where the login failed. Its remedy is the exact one, and takes the place of the reason's own. */
export function nearMiss(document: Explanation): Advice | null {
  return document.advice.find((item) => item.kind === 'near_miss' && item.code === document.reason?.code) ?? null;
}

/** What is worth knowing besides; what would fail next stands among the checks. */
export function beside(document: Explanation): Advice[] {
  const shown = [nearMiss(document), laxer(document)];
  return document.advice.filter((item) => item.kind !== 'next_failure' && !shown.includes(item));
}
