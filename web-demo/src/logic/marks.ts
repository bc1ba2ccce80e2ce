// What does a check point at? The characters of the token and of the settings that it looks at, or that are at fault.

import type { Explanation, Position } from '../engine/document';
import { mapLineRange, memberRange, membersOf, offsetOf, partOf, partRange, settingOf, settingRange, wordAt, type Range } from './places';

const MAP = 'server.identity_map.configuration';

/** The claim that names the user, as the settings have it. */
export function claimOf(settings: string): string {
  const range = settingRange(settings, 'server.jwt_authentication.claim');
  if (!range) return 'sub';
  const line = settings.slice(range.from, range.to);
  return /claim"?\s*[=:]\s*(?:to\s+)?e?['"]([^'"]*)/i.exec(line)?.[1] || 'sub';
}

/** The characters of a token that carry what a check reads. */
export function tokenMarks(token: string, document: Explanation, check: string, claim: string): Range[] {
  const part = partOf(check);
  if (!part) return [];
  if (part === 'header' || part === 'payload') {
    const names = deciding(document, check) ?? membersOf(check, claim);
    const ranges = names.flatMap((name) => memberRange(token, part, name) ?? []);
    if (ranges.length > 0) return ranges.sort((a, b) => a.from - b.from);
  }
  const whole = partRange(token, part);
  return whole ? [whole] : [];
}

/** The one time that failed, where a check reads three. */
function deciding(document: Explanation, check: string): string[] | null {
  const code = check === 'time' ? document.checks.find((item) => item.check === check)?.code : null;
  if (!code) return null;
  return /exp|lifetime/.test(code) ? ['exp'] : /nbf|not_yet/.test(code) ? ['nbf'] : ['iat'];
}

/** The place in the settings that a check goes by. */
export function settingsMarks(settings: string, document: Explanation, check: string): Range[] {
  const position = placeOf(document, check);
  if (position) {
    const offset = offsetOf(settings, position);
    const from = settings.lastIndexOf('\n', offset - 1) + 1;
    const end = settings.indexOf('\n', offset);
    return [{ from, to: end < 0 ? settings.length : end }];
  }
  const line = document.login?.map_line ?? null;
  if (check === 'identity_map' && line !== null) {
    const range = mapLineRange(settings, line);
    return range ? [range] : [];
  }
  const setting = document.checks.find((item) => item.check === check)?.setting ?? settingOf(check);
  if (setting === MAP) return wholeMap(settings);
  const range = setting ? settingRange(settings, setting) : null;
  return range ? [range] : [];
}

/** The place that the engine names for a check. */
function placeOf(document: Explanation, check: string): Position | null {
  const { reason, advice } = document;
  if (reason?.check === check && reason.position) return reason.position;
  return advice.find((item) => item.check === check && item.position)?.position ?? null;
}

/** The identity map from its name to the end of its text, unless it is long. */
function wholeMap(settings: string): Range[] {
  const range = settingRange(settings, MAP);
  if (!range) return [];
  const end = settings.slice(range.from, range.from + 4000).search(/'\s*;/);
  return [{ from: range.from, to: end < 0 ? range.to : Math.max(range.to, range.from + end + 1) }];
}

/** Where unusable settings are at fault. */
export function fault(settings: string, document: Explanation): Range | null {
  const { reason } = document;
  if (reason?.check !== 'settings') return null;
  if (reason.position) return wordAt(settings, offsetOf(settings, reason.position));
  return reason.setting ? settingRange(settings, reason.setting) : null;
}
