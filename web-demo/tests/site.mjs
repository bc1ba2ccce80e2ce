// The built site on loopback, and a browser to look at it.

import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';

export const dist = fileURLToPath(new URL('../dist/', import.meta.url));
export const screenshots = fileURLToPath(new URL('../screenshots/', import.meta.url));
export const samples = JSON.parse(readFileSync(new URL('../src/samples.json', import.meta.url), 'utf8'));

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8' };

/** Serves the built site; `requests` records every path that was asked for. */
export async function serve() {
  const requests = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    requests.push(path);
    const file = join(dist, normalize(path === '/' ? '/index.html' : path));
    if (!file.startsWith(dist) || !existsSync(file)) return response.writeHead(404).end();
    // Packed, as every host of static files does.
    const headers = { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'content-encoding': 'gzip' };
    response.writeHead(200, headers).end(gzipSync(readFileSync(file)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${server.address().port}/`, requests, close: () => server.close() };
}

/** A Chromium that asks for nothing of its own. `CHROMIUM` names another than Debian's. */
export function browser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
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

/** Waits until the verdict is about the inputs as they are. */
export async function settled(page, title) {
  await page.waitForFunction(
    (wanted) => document.querySelector('#verdict-title')?.textContent === wanted,
    title,
    { timeout: 20000 },
  );
}

export const TITLES = { accept: 'May log in', reject: 'May not log in', keys_needed: 'Keys needed first' };
