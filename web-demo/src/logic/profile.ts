// The profile is a line of the settings; choosing one writes that line and leaves every other as it stands.

import type { Profile, Span } from '../engine/document';

export type Form = 'sql' | 'json' | 'table';

/** How settings are written. */
export function formOf(text: string): Form {
  const start = text.trimStart();
  if (start.startsWith('{')) return 'json';
  return start === '' || /^(--|\/\*|set\b|reset\b|;)/i.test(start) ? 'sql' : 'table';
}

/** The settings with this profile, which so far they state there or nowhere. Tables have no room for it: turn them into SQL first. */
export function withProfile(text: string, profile: Profile, stated: Span | null): string {
  if (stated) return text.slice(0, stated.from) + profile + text.slice(stated.to);
  if (formOf(text) !== 'json') return `-- sqljwt: engine.profile = "${profile}"\n${text}`;
  const only = /^\s*\{\s*\}\s*$/.test(text);
  return text.replace('{', `{\n  "engine.profile": "${profile}"${only ? '\n' : ','}`);
}
