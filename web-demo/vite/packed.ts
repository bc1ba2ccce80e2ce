// Every file of the site once more, packed: whoever serves it need not pack at each request.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin, ResolvedConfig } from 'vite';

export function packed(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'packed',
    apply: 'build',
    configResolved: (resolved) => void (config = resolved),
    closeBundle() {
      const folder = join(config.root, config.build.outDir);
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:html|js|css)$/.test(name));
      for (const name of files) {
        const bytes = readFileSync(join(folder, name));
        const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes, { params }));
        writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
      }
    },
  };
}
