// What every test of the page begins with: the site, a browser, and what a person does in it.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before } from 'node:test';
import { TITLES, alive, browser, screenshots, serve } from './site.mjs';

export let site;
export let chromium;

before(async () => {
  mkdirSync(screenshots, { recursive: true });
  site = await serve();
  chromium = await browser();
});

after(async () => {
  await chromium?.close();
  site?.close();
});

/** A page whose console is quiet, or the test fails; every request that it makes is recorded. `present` is its clock, in Unix seconds. */
export async function open({ present, ...options } = {}, address = site.address) {
  const context = await chromium.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']).catch(() => {});
  const page = await context.newPage();
  const faults = [];
  const requests = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  context.on('request', (request) => requests.push(request.url()));
  if (present !== undefined) {
    await page.addInitScript((ahead) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + ahead;
    }, present * 1000 - Date.now());
  }
  await page.goto(address);
  await alive(page);
  const close = async (...allowed) => {
    assert.deepEqual(faults.filter((fault) => !allowed.some((word) => fault.includes(word))), [], 'the console is not quiet');
    await context.close();
  };
  return { context, page, requests, close };
}

/** Chooses a sample and waits for its verdict. */
export async function choose(page, sample) {
  await page.selectOption('#sample', sample.id);
  await verdict(page, TITLES[sample.expect.decision], sample.expect.code);
}

/** Waits for a verdict with this title and, where one is named, this code. */
export async function verdict(page, title, code = null) {
  await page.waitForFunction(
    ([title, code]) =>
      document.querySelector('#verdict-title')?.textContent === title &&
      (code === null || document.querySelector('#verdict .code')?.textContent === code),
    [title, code],
  );
}

/** Puts a text into an editor as pasting does. */
export async function paste(page, label, text) {
  await page.getByRole('textbox', { name: label, exact: true }).focus();
  await page.keyboard.press('Control+A');
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await page.keyboard.press('Control+V');
}

export const editorText = (page, kind) =>
  page.evaluate((kind) => document.querySelector(`.editor.${kind}`).shadowRoot.querySelector('.cm-content').cmView?.view?.state?.doc?.toString() ??
    document.querySelector(`.editor.${kind}`).shadowRoot.querySelector('.cm-content').innerText, kind);
