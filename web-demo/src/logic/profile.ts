// The profile is a line of the settings; choosing one writes that line and leaves every other as it stands.

import type { Profile } from '../engine/document';

export type Form = 'sql' | 'json' | 'table';

/** How settings are written. */
export function formOf(text: string): Form {
  const start = text.trimStart();
  if (start.startsWith('{')) return 'json';
  return start === '' || /^(--|\/\*|set\b|reset\b|;)/i.test(start) ? 'sql' : 'table';
}

/** The settings with this profile. Tables have no room for it: turn them into SQL first. */
export function withProfile(text: string, profile: Profile): string {
  if (formOf(text) === 'json') {
    const member = /("engine\.profile"\s*:\s*)"[^"\n]*"/;
    if (member.test(text)) return text.replace(member, `$1"${profile}"`);
    const only = /^\s*\{\s*\}\s*$/.test(text);
    return text.replace('{', `{\n  "engine.profile": "${profile}"${only ? '\n' : ','}`);
  }
  const line = /^(\s*--\s*sqljwt:\s*engine\.profile\s*=\s*)"[^"\n]*"/m;
  if (line.test(text)) return text.replace(line, `$1"${profile}"`);
  return `-- sqljwt: engine.profile = "${profile}"\n${text}`;
}
