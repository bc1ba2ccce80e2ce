// The Content-Security-Policy that a built page carries; the dev server has none.

import { createHash } from 'node:crypto';

const META = '<meta name="security-policy">';
const hash = (text: string) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/**
 * Puts the policy into a finished page: no connection by fetch, socket, beacon, form or image, and no code but what the
 * page names. What stands in the page itself is named by its hash, scripts of its own site by `'self'`, where it has any,
 * which lets it load and prefetch those. A worker made from a blob inherits the policy; one made from a file would not.
 * Navigation and WebRTC are beyond a policy: no code of the page does either.
 */
export function withPolicy(html: string, { files }: { files: boolean }): string {
  const inline = (pattern: RegExp) => [...html.matchAll(pattern)].map((match) => hash(match[1] ?? ''));
  const policy = [
    "default-src 'none'",
    "connect-src 'none'",
    ['script-src', ...(files ? ["'self'"] : []), ...inline(/<script(?: type="module")?>([\s\S]*?)<\/script>/g), "'wasm-unsafe-eval'"].join(' '),
    ['style-src', ...inline(/<style>([\s\S]*?)<\/style>/g)].join(' '),
    'worker-src blob:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html.replace(META, () => `<meta http-equiv="Content-Security-Policy" content="${policy}">`);
}
