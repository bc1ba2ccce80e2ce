// Times in words, and times that people type.

export function utc(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds}` : date.toISOString().replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}

/** A moment as the engine writes it. */
export function instant(seconds: number): string {
  return utc(seconds).replace(' ', 'T').replace(' UTC', 'Z');
}

/** A message, and apart from it the clause at its end that only says what time it is. */
export function apart(message: string, now: number): [string, string] {
  const at = message.endsWith(instant(now)) ? message.lastIndexOf(';') : -1;
  return at < 0 || message.includes('`', at) ? [message, ''] : [message.slice(0, at), message.slice(at)];
}

/** A span of seconds in at most two units. */
export function span(seconds: number): string {
  let rest = Math.abs(Math.round(seconds));
  const words: string[] = [];
  for (const [unit, size] of [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]] as const) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) words.push(`${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`);
    else if (words.length > 0) break;
    if (words.length === 2) break;
  }
  return words.join(' ') || '0 seconds';
}

/** How far a moment lies from now, in words. */
export function away(seconds: number, now: number): string {
  if (seconds === now) return 'now';
  return seconds > now ? `in ${span(seconds - now)}` : `${span(now - seconds)} ago`;
}

/** Unix seconds from what somebody typed: seconds, or a date and time, in UTC where it names no zone. */
export function parse(text: string): number | null {
  const trimmed = text.trim();
  if (/^-?\d{1,12}$/.test(trimmed)) return Number(trimmed);
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ]+(\d\d:\d\d(?::\d\d)?))?(?:\.\d+)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i.exec(trimmed);
  if (!match) return null;
  const zone = !match[3] || /^(z|utc)$/i.test(match[3]) ? 'Z' : match[3];
  const milliseconds = Date.parse(`${match[1]}T${match[2] ?? '00:00'}${zone}`);
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000);
}
