// Where are the three parts of a token? Its text is coloured while it is typed, before the engine has seen it.

export type Part = 'header' | 'payload' | 'signature';

export interface Range {
  from: number;
  to: number;
}

/** The range of a part in the token's text. */
export function partRange(token: string, part: Part): Range | null {
  const end = token.replace(/\r?\n$/, '').length;
  const first = token.indexOf('.');
  if (first < 0) return null;
  const second = token.indexOf('.', first + 1);
  if (part === 'header') return { from: 0, to: first };
  if (part === 'payload') return { from: first + 1, to: second < 0 ? end : second };
  return second < 0 ? null : { from: second + 1, to: end };
}
