// Where does what the answer speaks of stand? The engine marks it; the page only looks it up.

import type { Advice, CheckMarks, CheckReport, Judged, Rejection, Span } from '../engine/document';

/** Where a check looks, in the token and in the settings. */
export function marksOf({ marks }: Judged, check: string): CheckMarks | null {
  return marks.checks.find((marked) => marked.check === check) ?? null;
}

/** The place in the settings that a reason or an advice is about. */
export function placeOf({ document, marks }: Judged, item: Rejection | Advice): Span | null {
  return item === document.reason ? marks.reason : (marks.advice[document.advice.indexOf(item as Advice)] ?? null);
}

/** The line of the identity map that gave the user, as the settings have it. */
export function mapLine(judged: Judged, { check, map_line }: CheckReport): string | null {
  const place = map_line === null ? null : marksOf(judged, check)?.settings;
  return place ? judged.settings.slice(place.from, place.to).trim() : null;
}
