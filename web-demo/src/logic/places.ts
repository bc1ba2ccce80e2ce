// Where does a check look? The part of the token, the claims, and the place in the settings text.

import type { Position } from '../engine/document';

export type Part = 'header' | 'payload' | 'signature' | 'token';

export interface Range {
  from: number;
  to: number;
}

/** What people call the checks. */
export const NAMES: Record<string, string> = {
  settings: 'Settings',
  enabled: 'Enabled',
  token: 'Token',
  header: 'Header',
  issuer: 'Issuer',
  key: 'Key',
  signature: 'Signature',
  time: 'Time',
  audience: 'Audience',
  principal: 'Principal',
  identity_map: 'Identity map',
  user: 'SQL user',
  reserved: 'Reserved',
  groups: 'Groups',
};

const PARTS: Record<string, Part> = {
  token: 'token',
  header: 'header',
  issuer: 'payload',
  key: 'header',
  signature: 'signature',
  time: 'payload',
  audience: 'payload',
  principal: 'payload',
  identity_map: 'payload',
  groups: 'payload',
};

const SETTINGS: Record<string, string> = {
  enabled: 'server.jwt_authentication.enabled',
  issuer: 'server.jwt_authentication.issuers',
  key: 'server.jwt_authentication.jwks',
  signature: 'server.jwt_authentication.jwks',
  audience: 'server.jwt_authentication.audience',
  principal: 'server.jwt_authentication.claim',
  identity_map: 'server.identity_map.configuration',
  user: 'server.identity_map.configuration',
  groups: 'server.jwt_authentication.authorization.enabled',
};

/** Which part of the token a check reads. */
export function partOf(check: string): Part | null {
  return PARTS[check] ?? null;
}

/** The setting that a check goes by. */
export function settingOf(check: string): string | null {
  return SETTINGS[check] ?? null;
}

/** The members of header and claims that a check reads. */
export function membersOf(check: string, claim: string): string[] {
  switch (check) {
    case 'header':
      return ['alg', 'typ', 'crit', 'cty', 'b64', 'zip', 'enc'];
    case 'key':
      return ['kid', 'alg'];
    case 'signature':
      return ['alg', 'kid'];
    case 'issuer':
      return ['iss'];
    case 'time':
      return ['exp', 'nbf', 'iat'];
    case 'audience':
      return ['aud'];
    case 'principal':
    case 'identity_map':
      return [claim.startsWith('/') ? (claim.slice(1).split('/')[0] ?? '').replaceAll('~1', '/').replaceAll('~0', '~') : claim];
    default:
      return [];
  }
}

/** A message about the identity map counts its lines from the map's own first: it says so, beside the lines of the settings. */
export function placed(message: string, setting: string | null): string {
  if (setting !== 'server.identity_map.configuration') return message;
  return message.replace(/^line (\d+)(:?) /, 'line $1 of the identity map$2 ');
}

/** The range of a part in the token's text. */
export function partRange(token: string, part: Part): Range | null {
  const end = token.replace(/\r?\n$/, '').length;
  if (part === 'token') return end > 0 ? { from: 0, to: end } : null;
  const first = token.indexOf('.');
  if (first < 0) return null;
  const second = token.indexOf('.', first + 1);
  if (part === 'header') return { from: 0, to: first };
  if (part === 'payload') return { from: first + 1, to: second < 0 ? end : second };
  return second < 0 ? null : { from: second + 1, to: end };
}

/** The offset of a place that the engine names: lines and columns count from one, columns in characters. */
export function offsetOf(text: string, position: Position): number {
  let start = 0;
  for (let line = 1; line < position.line; line += 1) {
    const next = text.indexOf('\n', start);
    if (next < 0) return text.length;
    start = next + 1;
  }
  let offset = start;
  for (let column = 1; column < position.column && offset < text.length; column += 1) {
    const code = text.codePointAt(offset) ?? 0;
    if (code === 10) break;
    offset += code > 0xffff ? 2 : 1;
  }
  return offset;
}

/** What to underline at a place: the word or value that begins there, within its line. */
export function wordAt(text: string, offset: number): Range {
  const rest = text.slice(offset, offset + 2000);
  const match = /^(?:"(?:[^"\\\n]|\\.)*"?|'(?:[^'\n]|'')*'?|[\w.\\:@/^$()[\]*+?|-]+|[^\s])/.exec(rest);
  if (match) return { from: offset, to: offset + match[0].length };
  const from = Math.max(0, Math.min(offset, text.length) - 1);
  return { from, to: Math.min(text.length, from + 1) };
}

/** Where a setting stands in the settings text: its name to the end of the line. */
export function settingRange(text: string, setting: string): Range | null {
  const names = [setting];
  if (setting.endsWith('.issuers')) names.push(`${setting}.configuration`);
  if (setting.endsWith('.issuers.configuration')) names.push(setting.replace(/\.configuration$/, ''));
  for (const name of names) {
    const pattern = new RegExp(`(^|[^\\w.])(${name.replaceAll('.', '\\.')})(?![\\w.])`, 'gm');
    for (const match of text.matchAll(pattern)) {
      const lineStart = text.lastIndexOf('\n', match.index + match[1]!.length - 1) + 1;
      const lineEnd = text.indexOf('\n', match.index + match[1]!.length);
      const line = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd);
      if (/^\s*--(?!\s*sqljwt:)/.test(line)) continue;
      return { from: lineStart, to: lineEnd < 0 ? text.length : lineEnd };
    }
  }
  return null;
}

/** Where a line of the identity map stands in the settings text, when the map is written over several lines there. */
export function mapLineRange(text: string, line: number): Range | null {
  const setting = settingRange(text, 'server.identity_map.configuration');
  if (!setting) return null;
  const name = text.indexOf('server.identity_map.configuration', setting.from);
  const quote = text.slice(name).search(/'|\$\$/);
  if (quote < 0 || text.trimStart().startsWith('{')) return setting;
  let from = name + quote;
  for (let count = 1; count < line; count += 1) {
    const next = text.indexOf('\n', from);
    if (next < 0) return setting;
    from = next + 1;
  }
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const end = text.indexOf('\n', from);
  return { from: start, to: end < 0 ? text.length : end };
}

/** Where a member of header or claims stands in the token's text: the characters of base64url that carry it. */
export function memberRange(token: string, part: 'header' | 'payload', name: string): Range | null {
  const range = partRange(token, part);
  if (!range || range.to - range.from > 200_000) return null;
  let json: string;
  try {
    json = atob(token.slice(range.from, range.to).replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return null;
  }
  // Offsets count bytes, as in the base64; names outside ASCII are compared as bytes too.
  const wanted = String.fromCharCode(...new TextEncoder().encode(JSON.stringify(name)));
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const sign = json[at];
    if (sign === '"') {
      const end = textEnd(json, at);
      if (depth === 1 && json.slice(at, end) === wanted && /^\s*:/.test(json.slice(end, end + 20))) {
        const to = valueEnd(json, end);
        return { from: range.from + Math.floor((at * 4) / 3), to: Math.min(range.to, range.from + Math.ceil((to * 4) / 3)) };
      }
      at = end - 1;
    } else if (sign === '{' || sign === '[') depth += 1;
    else if (sign === '}' || sign === ']') depth -= 1;
  }
  return null;
}

function textEnd(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    if (json[at] === '\\') at += 1;
    else if (json[at] === '"') return at + 1;
  }
  return json.length;
}

/** The end of the value behind a name: the comma or brace that closes it. */
function valueEnd(json: string, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; at += 1) {
    const sign = json[at];
    if (sign === '"') at = textEnd(json, at) - 1;
    else if (sign === '{' || sign === '[') depth += 1;
    else if ((sign === ',' && depth === 0) || ((sign === '}' || sign === ']') && depth-- === 0)) return at;
  }
  return json.length;
}
