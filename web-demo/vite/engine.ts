// What the build takes from the engine's package: the engine itself, and the answer that the page opens with.

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const PACKAGE = new URL('../../wasm/pkg/', import.meta.url);
const SAMPLES = new URL('../src/samples.json', import.meta.url);
/** The sample that the page opens with: one fault that is hard to see, and one remedy that is exact. */
const OPENING = 'azure-v1-resource-slash';

const made: Record<string, () => Promise<unknown>> = {
  /** The engine's WebAssembly as packed text. */
  'virtual:engine': async () => gzipSync(readFileSync(new URL('engine/glue_bg.wasm', PACKAGE)), { level: 9 }).toString('base64'),
  /** The first sample with its answer, and the names of all: the page has something to show before any engine runs. */
  'virtual:opening': async () => {
    const samples = JSON.parse(readFileSync(SAMPLES, 'utf8'));
    const { explainMarked } = await import(new URL('node.js', PACKAGE).href);
    const sample = samples.find(({ id }: { id: string }) => id === OPENING);
    const { json: answer, marks } = explainMarked(sample.settings, sample.token, sample.user, sample.now);
    const titles = samples.map(({ id, group, title, expect }: Record<string, any>) => ({ id, group, title, decision: expect.decision }));
    return { sample, answer, marks, titles };
  },
};

export function engine(): Plugin {
  return {
    name: 'engine',
    resolveId: (source) => (source in made ? `\0${source}` : null),
    async load(source) {
      const make = made[source.slice(1)];
      return make ? `export default ${JSON.stringify(await make())};` : null;
    },
  };
}
