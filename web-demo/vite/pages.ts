// The two finished pages: index.html, with its scripts beside it, and playground.html, one file that works from disk.

import type { Plugin, Rolldown } from 'vite';
import { withPolicy } from './policy.ts';

type Bundle = Rolldown.OutputBundle;

export function site(): Plugin {
  return page('site', (html) => withPolicy(html, { files: true }));
}

export function single(): Plugin {
  return page('single', (html, bundle, file) => {
    // What ends a script element early is written so that it does not.
    const script = scripts(bundle).replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
    file.fileName = 'playground.html';
    const inside = html
      .replace(/\s*<script type="module"[^>]*><\/script>/, '')
      .replace('</body>', () => `  <script type="module">${script}</script>\n  </body>`);
    return withPolicy(inside, { files: false });
  });
}

type Finish = (html: string, bundle: Bundle, file: Rolldown.OutputAsset) => string;

/** A plugin that finishes the page. Its style goes inside, so that nothing has to come before it can be seen. */
function page(name: string, finish: Finish): Plugin {
  return {
    name,
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const file = Object.values(bundle).find((output) => output.fileName.endsWith('.html'));
        if (file?.type !== 'asset') throw new Error('there is no page');
        const style = styles(bundle);
        const html = String(file.source)
          .replace(/\s*<link rel="(?:stylesheet|modulepreload)"[^>]*>/g, '')
          .replace('</head>', () => `  <style>${style}</style>\n  </head>`);
        file.source = finish(html, bundle, file);
      },
    },
  };
}

/** Takes the styles out of the bundle. */
function styles(bundle: Bundle): string {
  return taken(bundle, (output) => (output.type === 'asset' && output.fileName.endsWith('.css') ? String(output.source) : null));
}

/** Takes the scripts out of the bundle, in which nothing else may be left. */
function scripts(bundle: Bundle): string {
  const script = taken(bundle, (output) => (output.type === 'chunk' ? output.code : null));
  const [other] = Object.keys(bundle).filter((name) => !name.endsWith('.html'));
  if (other) throw new Error(`playground.html cannot hold ${other}`);
  return script;
}

function taken(bundle: Bundle, text: (output: Bundle[string]) => string | null): string {
  let all = '';
  for (const [name, output] of Object.entries(bundle)) {
    const found = text(output);
    if (found === null) continue;
    all += found;
    delete bundle[name];
  }
  return all;
}
