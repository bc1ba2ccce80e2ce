// The Content-Security-Policy that a built page carries; the dev server has none.

import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

const META = '<meta name="security-policy">';
const hash = (text: string) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/**
 * Puts the policy into a finished page: nothing may be fetched, and no code runs but what the page names. Elements that
 * stand in the page itself are named by their hashes, files of its own site by `'self'`, where it has any. A worker made
 * from a blob inherits the policy, so the engine cannot reach the network either; one made from a file would not.
 */
export function withPolicy(html: string, files: "'self'" | null): string {
  const inline = (pattern: RegExp) => [...html.matchAll(pattern)].map((match) => hash(match[1] ?? ''));
  const named = (pattern: RegExp) => [...(files ? [files] : []), ...inline(pattern)].join(' ') || "'none'";
  const policy = [
    "default-src 'none'",
    "connect-src 'none'",
    `script-src ${named(/<script(?: type="module")?>([\s\S]*?)<\/script>/g)} 'wasm-unsafe-eval'`,
    `style-src ${named(/<style>([\s\S]*?)<\/style>/g)}`,
    'worker-src blob:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html.replace(META, () => `<meta http-equiv="Content-Security-Policy" content="${policy}">`);
}

/** The policy of the site, whose scripts and styles are files. */
export function sitePolicy(): Plugin {
  return {
    name: 'site-policy',
    apply: 'build',
    transformIndexHtml: { order: 'post', handler: (html) => withPolicy(html, "'self'") },
  };
}
