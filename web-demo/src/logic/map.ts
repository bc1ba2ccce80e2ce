// How did a line of the identity map make this user of that principal?

import type { Explanation } from '../engine/document';
import { mapLineRange } from './places';

export interface Match {
  /** The number of the line in the map, from one. */
  line: number | null;
  /** The line as it is written, where it stands on one line of the settings. */
  written: string | null;
  /** What the first group holds, where the line carries it into the user. */
  capture: string | null;
}

/** The line that matched, as far as the explanation names it. */
export function matchOf(document: Explanation, settings: string): Match {
  const { login } = document;
  const check = document.checks.find((item) => item.check === 'identity_map');
  const named = /^line (\d+) /.exec(check?.outcome === 'pass' ? check.summary : '')?.[1];
  const line = login ? login.map_line : named === undefined ? null : Number(named);
  if (line === null) return { line, written: null, capture: null };
  const range = mapLineRange(settings, line);
  const text = range ? settings.slice(range.from, range.to).trim().replace(/(?:'|\$\$);?$/, '') : '';
  const words = text.split(/\s+/);
  // The range is the whole setting where the map is not written line by line.
  if (words.length !== 3) return { line, written: null, capture: null };
  return { line, written: text, capture: login ? captured(words[2] ?? '', login.user, login.principal) : null };
}

/** What stands for `\1` in the user, if the principal holds it. */
function captured(template: string, user: string, principal: string): string | null {
  const parts = template.toLowerCase().split('\\1');
  const [before, after] = parts;
  if (parts.length !== 2 || before === undefined || after === undefined) return null;
  if (!user.startsWith(before) || !user.endsWith(after)) return null;
  const capture = user.slice(before.length, user.length - after.length);
  const at = principal.toLowerCase().indexOf(capture);
  return at < 0 || capture === '' ? null : principal.slice(at, at + capture.length);
}
