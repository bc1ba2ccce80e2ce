// Text from a token or from settings, made safe to look at: nothing in it is invisible or turns the line around.

export interface Piece {
  text: string;
  /** What the piece stands for, when it is a sign that could not be seen. */
  hidden?: string;
}

const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u00a0\u115f\u1160\u2000-\u200a\u202f\u205f\u3000\u3164\ufe00-\ufe0f\uffa0]/gu;

/** The text in pieces, signs that could not be seen named by their number. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > at) found.push({ text: text.slice(at, match.index) });
    const code = match[0].codePointAt(0) ?? 0;
    found.push({ text: match[0], hidden: `U+${code.toString(16).toUpperCase().padStart(4, '0')}` });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ text: text.slice(at) });
  return found;
}

/** Where a text differs from another: what both begin with, what differs, what both end with. */
export function difference(text: string, other: string): [string, string, string] {
  const a = [...text];
  const b = [...other];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  return [a.slice(0, start).join(''), a.slice(start, a.length - end).join(''), a.slice(a.length - end).join('')];
}

/** The text of a list that is closest to this one, when any is close at all. */
export function closest(text: string, others: readonly string[]): string | null {
  let best: string | null = null;
  let most = Math.max(3, Math.min(text.length, 400) / 2);
  for (const other of others.slice(0, 50)) {
    if (other === text || /\s/.test(text + other) || other.length > 400 || text.length > 400) continue;
    const [start, , end] = difference(text, other);
    if (start.length + end.length > most) {
      most = start.length + end.length;
      best = other;
    }
  }
  return best;
}

export interface Part {
  text: string;
  kind: 'words' | 'value' | 'name';
}

const SETTING = /\b((?:server|security|engine)\.[a-z_]+(?:\.[a-z_]+)*)/;

/** A message taken apart: back-ticks mark values, names of settings are known by their form. */
export function ticked(message: string): Part[] {
  const quoted = message.split('`');
  if (quoted.length % 2 === 0) return [{ text: message, kind: 'words' }];
  return quoted.flatMap((text, index): Part[] => {
    if (index % 2 === 1) return [{ text, kind: 'value' }];
    return text
      .split(SETTING)
      .map((part, at): Part => ({ text: part, kind: at % 2 === 1 ? 'name' : 'words' }))
      .filter((part) => part.text !== '');
  });
}

/** A message that stands alone: its first word begins with a capital. */
export function sentence(parts: Part[]): Part[] {
  const [first, ...rest] = parts;
  if (first?.kind !== 'words' || !/^[a-z]+\b(?!\.)/.test(first.text)) return parts;
  return [{ ...first, text: first.text.charAt(0).toUpperCase() + first.text.slice(1) }, ...rest];
}

/** A run of base64 that is too long to be read. */
export const RUN = /[A-Za-z0-9+/_-]{72,}={0,2}/g;

/** The text with long runs of base64 shown short, so that a key set can be read. */
export function shortened(text: string): string {
  return text.replace(RUN, (run) => `${run.slice(0, 6)}…${run.slice(-6)}`);
}
