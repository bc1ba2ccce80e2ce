// The page as it opens, written into the HTML by the build: it is there before any script has run.

import { fileURLToPath } from 'node:url';
import type { Options } from '@sveltejs/vite-plugin-svelte';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { createServer, type Plugin } from 'vite';
import { engine } from './engine.ts';

const ROOT = '<div id="app"></div>';

/** Components compiled for the browser and for the prerendered page have to name their classes alike. */
export const compiled: Options = { configFile: false, compilerOptions: { cssHash: ({ hash, css }) => `s-${hash(css)}` } };

export function prerendered(): Plugin {
  return {
    name: 'prerendered',
    apply: 'build',
    transformIndexHtml: {
      order: 'pre',
      async handler(html) {
        if (!html.includes(ROOT)) throw new Error(`index.html has no ${ROOT}`);
        const page = await rendered();
        return html.replace(ROOT, () => `<div id="app">${page}</div>`);
      },
    },
  };
}

async function rendered(): Promise<string> {
  const server = await createServer({
    root: fileURLToPath(new URL('..', import.meta.url)),
    configFile: false,
    appType: 'custom',
    logLevel: 'error',
    plugins: [engine(), svelte({ ...compiled, compilerOptions: { ...compiled.compilerOptions, dev: false, hmr: false } })],
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
  try {
    const { page } = await server.ssrLoadModule('/src/prerender.ts');
    return page();
  } finally {
    await server.close();
  }
}
