// Whose answer does the page give? The engine's own document is asked in Node, and the page has to say the same.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { choose, open, paste, verdict } from './page.mjs';
import { TITLES, samples } from './site.mjs';

const { explainJson } = await import('../../wasm/pkg/node.js');
const explain = ({ settings, token, user, now }) => JSON.parse(explainJson(settings, token, user, now));
const PROFILES = { hardened: 'Hardened', cockroachdb: 'CockroachDB' };

/** The engine's warning that the database lets in what was refused. */
const warning = ({ advice, reason, server_decision }) => server_decision === 'accept' && advice.find((item) => item.kind === 'warning' && item.code === reason.code);
const titleOf = (document) => (document.profile === 'cockroachdb' && warning(document) ? TITLES.tolerate : TITLES[document.decision]);

/** What another profile decides, where that differs. */
const elsewhere = ({ also }, profile) => also.find((other) => other.profile === profile)?.decision;

/** One vector for each reason by which the engine is stricter than the database, under a profile. */
function stricter(profile) {
  const found = new Map();
  for (const file of ['attacks', 'claims', 'options', 'providers', 'algorithms']) {
    const { vectors, settings } = JSON.parse(readFileSync(new URL(`../../tests/vectors/${file}.json`, import.meta.url), 'utf8'));
    for (const vector of vectors) {
      if (!vector.token || vector.settings?.base === undefined || /[^\x20-\x7e]/.test(vector.token)) continue;
      const chosen = { ...settings[vector.settings.base], ...vector.settings.set, 'engine.profile': profile };
      const asked = { settings: JSON.stringify(chosen, null, 1), token: vector.token, user: vector.user ?? '', now: vector.now };
      const document = explain(asked);
      // Under unusable settings one answer is known, and stands alone.
      if (warning(document) && document.reason.check !== 'settings' && !found.has(document.reason.code)) found.set(document.reason.code, { ...asked, document });
    }
  }
  return [...found.values()];
}

/** What the two answers beside the verdict say. */
const answers = (page) =>
  page.evaluate(() => Object.fromEntries([...document.querySelectorAll('[aria-label="Whose answer"] li')].map((item) => [item.querySelector('b').textContent, item.className.replace(/\bs(?:velte)?-\S+/g, '').trim()])));

describe('whose answer it is', () => {
  for (const profile of Object.keys(PROFILES)) {
    it(`is said where the engine is stricter than the database, under ${profile}`, async () => {
      const all = stricter(profile);
      assert.ok(all.length >= 6, `${all.length} reasons`);
      console.log(`${profile}: ${all.map(({ document }) => document.reason.code).join(', ')}`);
      const { page, close } = await open();
      await page.getByRole('button', { name: 'Clear' }).click();
      for (const { settings, token, user, now, document } of all) {
        await page.fill('#user', user);
        await paste(page, 'Settings', settings);
        await paste(page, 'Token', token);
        await page.fill('.when', String(now));
        await verdict(page, titleOf(document), document.reason.code);
        const said = await answers(page);
        assert.equal(said['Hardened rules'].split(' ')[0], profile === 'hardened' ? 'reject' : (elsewhere(document, 'hardened') ?? 'reject'), document.reason.code);
        assert.equal(said['CockroachDB'].split(' ')[0], elsewhere(document, 'cockroachdb') === 'accept' ? 'accept' : 'tolerate', document.reason.code);
        const text = await page.textContent('.answer');
        assert.equal(text.split(warning(document).message.replaceAll('`', '').slice(-30)).length, 2, 'the warning is said once');
      }
      await close();
    });
  }

  it('is the same for every sample as in the engine’s document, by either rules', async () => {
    const { page, close } = await open();
    for (const sample of samples) {
      await choose(page, sample);
      for (const [profile, name] of Object.entries(PROFILES)) {
        await page.getByRole('button', { name, exact: true }).click();
        const settings = `-- sqljwt: engine.profile = "${profile}"\n${sample.settings}`;
        const document = explain({ ...sample, settings });
        // Settings that cannot even be read name no rules.
        await page.locator('[aria-label="Whose answer"] .asked', { hasText: PROFILES[document.profile] }).waitFor();
        await verdict(page, titleOf(document), document.reason?.code ?? null);
        const said = await answers(page);
        // Settings that cannot be used under these rules may be usable under the others.
        assert.equal(Object.keys(said).length, document.reason?.check === 'settings' ? 1 : 2, sample.id);
        const text = await page.textContent('#verdict');
        assert.ok(titleOf(document) !== TITLES.reject || profile === 'hardened' || !text.includes('may let'), `${sample.id} has two answers to one question`);
      }
    }
    await close();
  });
});

describe('what mends it', () => {
  it('is one remedy for every sample that is refused', async () => {
    const { page, close } = await open();
    for (const sample of samples.filter(({ expect }) => expect.decision === 'reject')) {
      await choose(page, sample);
      assert.equal(await page.locator('#verdict .mend').count(), 1, sample.id);
      assert.equal(await page.locator('#verdict h3', { hasText: 'To mend it' }).count(), 1, sample.id);
    }
    await close();
  });

  it('is exact in the sample that the page opens with: one fault, and it logs in once the remedy is followed', async () => {
    const { page, close } = await open();
    const opening = samples.find(({ id }) => id === 'azure-v1-resource-slash');
    assert.equal(await page.inputValue('#sample'), opening.id);
    await verdict(page, TITLES.reject, opening.expect.code);
    assert.equal(await page.locator('#checks li.fail').count(), 1);
    assert.equal(await page.locator('section', { hasText: 'Also worth knowing' }).count(), 0);
    const named = await page.locator('#verdict .mend code:not(.name)').allTextContents();
    // The value to write, and the one that it stands for.
    assert.equal(named.length, 2);
    const setting = await page.textContent('#verdict .chip');
    const line = opening.settings.split('\n').find((line) => setting.includes(line.split(' ')[3]));
    const mended = opening.settings.replace(line, `SET CLUSTER SETTING ${line.split(' ')[3]} = '${named[0]}';`);
    assert.notEqual(mended, opening.settings);
    assert.equal(explain({ ...opening, settings: mended }).decision, 'accept');
    await close();
  });
});
