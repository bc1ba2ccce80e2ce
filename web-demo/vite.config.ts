// Two builds from one source: the site (`vite build`) and playground.html, one file that needs no network
// (`vite build --mode single`).

import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { engine } from './vite/engine.ts';
import { packed } from './vite/packed.ts';
import { single, site } from './vite/pages.ts';
import { compiled, prerendered } from './vite/prerendered.ts';

export default defineConfig(({ mode }) => {
  const one = mode === 'single';
  return {
    base: './',
    plugins: [engine(), svelte(compiled), prerendered(), ...(one ? [single()] : [site(), packed()])],
    // A classic worker: from disk, where a page has no origin, browsers start no module worker from a blob.
    worker: { format: 'iife' as const },
    server: { fs: { allow: ['..'] } },
    build: {
      target: 'es2022',
      // Browsers that know `light-dark()`.
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      emptyOutDir: !one,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      cssCodeSplit: false,
      chunkSizeWarningLimit: 4000,
      rolldownOptions: { output: one ? { codeSplitting: false } : {}, checks: { pluginTimings: false } },
    },
  };
});
