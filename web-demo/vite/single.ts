// playground.html: script and style inside the page, so that it works from disk.

import type { Plugin } from 'vite';
import { withPolicy } from './policy.ts';

export function single(): Plugin {
  return {
    name: 'single-file',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        let script = '';
        let style = '';
        for (const [name, output] of Object.entries(bundle)) {
          if (name.endsWith('.html')) continue;
          if (output.type === 'chunk') script += output.code;
          else if (name.endsWith('.css')) style += String(output.source);
          else throw new Error(`playground.html cannot hold ${name}`);
          delete bundle[name];
        }
        // What ends a script element early is written so that it does not.
        script = script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
        const page = Object.values(bundle).find((output) => output.fileName.endsWith('.html'));
        if (page?.type !== 'asset') throw new Error('there is no page');
        const html = String(page.source)
          .replace(/\s*<script type="module"[^>]*><\/script>/, '')
          .replace(/\s*<link rel="(?:stylesheet|modulepreload)"[^>]*>/g, '')
          .replace('</head>', () => `  <style>${style}</style>\n  </head>`)
          .replace('</body>', () => `  <script type="module">${script}</script>\n  </body>`);
        page.source = withPolicy(html, null);
        page.fileName = 'playground.html';
      },
    },
  };
}
