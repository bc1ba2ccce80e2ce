// The built site, and a browser to look at it.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { preview } from 'vite';

export const dist = fileURLToPath(new URL('../dist/', import.meta.url));
export const screenshots = fileURLToPath(new URL('../screenshots/', import.meta.url));
export const samples = JSON.parse(readFileSync(new URL('../src/samples.json', import.meta.url), 'utf8'));

/** Longest that anything may take: a machine may be slow, but what hangs is stopped. */
export const PATIENCE = 240_000;

/** The site where `SITE` says that it is served, as `cargo xtask playground --test` does; otherwise by Vite. */
export async function serve() {
  if (process.env.SITE) return { address: process.env.SITE, close: () => {} };
  const server = await preview({ logLevel: 'error', preview: { host: '127.0.0.1', port: 0 } });
  return { address: server.resolvedUrls.local[0], close: () => server.close() };
}

/** A Chromium that asks for nothing of its own. `CHROMIUM` names another than Debian's. */
export function browser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    timeout: PATIENCE,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Waits until the editors are there: until then the page is a picture of itself. */
export async function alive(page) {
  page.setDefaultTimeout(PATIENCE);
  for (const name of ['Token', 'Settings']) await page.getByRole('textbox', { name, exact: true }).waitFor();
}

/** Waits until the verdict is this one. */
export async function settled(page, title) {
  await page.waitForFunction((wanted) => document.querySelector('#verdict-title')?.textContent === wanted, title);
}

export const TITLES = { accept: 'May log in', reject: 'May not log in', keys_needed: 'Keys needed first', tolerate: 'The database may let it in' };
