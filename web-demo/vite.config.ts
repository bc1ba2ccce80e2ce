// Two builds from one source: the site (`vite build`) and playground.html, one file that needs no network
// (`vite build --mode single`). Both carry their whole Content-Security-Policy; the dev server has none.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

const WASM = new URL('../wasm/pkg/engine/glue_bg.wasm', import.meta.url);

/** `virtual:engine`: the engine's WebAssembly as packed text. */
function engine(): Plugin {
  const id = 'virtual:engine';
  return {
    name: 'engine',
    resolveId: (source) => (source === id ? `\0${id}` : null),
    load(source) {
      if (source !== `\0${id}`) return null;
      const packed = gzipSync(readFileSync(WASM), { level: 9 }).toString('base64');
      return `export default ${JSON.stringify(packed)};`;
    },
  };
}

const hash = (text: string) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/**
 * The policy of a page. A worker made from a blob inherits it, so the engine cannot reach the network either; one made
 * from a file would not.
 */
function policy(scripts: string, styles: string): string {
  return [
    "default-src 'none'",
    "connect-src 'none'",
    `script-src ${scripts} 'wasm-unsafe-eval'`,
    `style-src ${styles}`,
    'worker-src blob:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

const META = '<meta name="security-policy">';

function site(): Plugin {
  return {
    name: 'site-policy',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html) =>
        html.replace(META, `<meta http-equiv="Content-Security-Policy" content="${policy("'self'", "'self'")}">`),
    },
  };
}

/** Puts script and style into the page. */
function single(): Plugin {
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
          .replace(META, () => `<meta http-equiv="Content-Security-Policy" content="${policy(hash(script), hash(style))}">`)
          .replace('</head>', () => `  <style>${style}</style>\n  </head>`)
          .replace('</body>', () => `  <script type="module">${script}</script>\n  </body>`);
        page.source = html;
        page.fileName = 'playground.html';
      },
    },
  };
}

export default defineConfig(({ mode }) => {
  const one = mode === 'single';
  return {
    base: './',
    plugins: [engine(), svelte(), one ? single() : site()],
    // A classic worker: from disk, where a page has no origin, browsers start no module worker from a blob.
    worker: { format: 'iife' as const },
    server: { fs: { allow: ['..'] } },
    build: {
      target: 'es2022',
      emptyOutDir: !one,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      cssCodeSplit: false,
      chunkSizeWarningLimit: 4000,
      rolldownOptions: { output: one ? { codeSplitting: false } : {} },
    },
  };
});
