// One's own login is judged by nothing of a sample: a text that takes the place of one half takes the rest along.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { editorText, choose, open, paste, verdict } from './page.mjs';
import { TITLES, samples } from './site.mjs';

const sample = (id) => samples.find((candidate) => candidate.id === id);
const lent = sample('keycloak-account');
const own = sample('gcp-email');

const HALVES = [
  { label: 'Token', half: 'token', other: 'settings', title: 'No settings yet' },
  { label: 'Settings', half: 'settings', other: 'token', title: 'No token yet' },
];

const WAYS = {
  pasting: paste,
  'pasting into the emptied field': async (page, label, text) => {
    await page.getByRole('textbox', { name: label, exact: true }).focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await paste(page, label, text);
  },
  'pasting with a line break': (page, label, text) => paste(page, label, `\n${text}\n`),
  'typing over it': async (page, label, text) => {
    await page.getByRole('textbox', { name: label, exact: true }).focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(text);
  },
  'dropping a file': (page, label, text) =>
    page.getByRole('textbox', { name: label, exact: true }).evaluate((content, text) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], 'own.txt', { type: 'text/plain' }));
      content.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true, composed: true }));
    }, text),
};

/** Everything that is asked, as the page shows it. */
const inputs = async (page) => ({
  token: await editorText(page, 'token'),
  settings: await editorText(page, 'settings'),
  user: await page.inputValue('#user'),
  now: await page.getByRole('button', { name: 'Now', exact: true }).getAttribute('aria-pressed'),
  sample: await page.inputValue('#sample'),
});

const isEmpty = (page, kind) =>
  page.evaluate((kind) => {
    const content = document.querySelector(`.editor.${kind}`).shadowRoot.querySelector('.cm-content');
    return [...content.querySelectorAll('.cm-line')].every((line) => line.textContent === '' || line.querySelector('.cm-placeholder'));
  }, kind);

describe('a sample and one’s own', () => {
  for (const { label, half, other, title } of HALVES) {
    for (const [way, put] of Object.entries(WAYS)) {
      it(`${way} in the ${half} empties the rest of the sample, and Undo brings it back`, async () => {
        const { page, close } = await open();
        await choose(page, lent);
        const before = await inputs(page);
        await put(page, label, own[half]);
        await page.locator('#verdict-title', { hasText: title }).waitFor();
        assert.ok(await isEmpty(page, other));
        assert.ok(!(await isEmpty(page, half)));
        const { user, now, sample } = await inputs(page);
        assert.deepEqual({ user, now, sample }, { user: '', now: 'true', sample: '' });
        const answer = await page.textContent('.answer');
        for (const word of ['kc.example.com', 'jane.doe', 'To mend it', '✗']) assert.ok(!answer.includes(word), word);
        await page.getByRole('button', { name: 'Undo' }).click();
        await verdict(page, TITLES.reject, lent.expect.code);
        assert.deepEqual(await inputs(page), before);
        await page.getByRole('button', { name: 'Undo' }).waitFor({ state: 'hidden' });
        // Of its own accord Chromium styles what is typed over styled text, which the policy forbids it.
        await close('Applying inline style');
      });
    }

    it(`taking back a paste in the ${half} by the keyboard, there or in the emptied editor, brings the whole sample back`, async () => {
      for (const name of HALVES.map((row) => row.label)) {
        const { page, close } = await open();
        await choose(page, lent);
        const before = await inputs(page);
        await paste(page, label, own[half]);
        await page.locator('#verdict-title', { hasText: title }).waitFor();
        await page.getByRole('textbox', { name, exact: true }).focus();
        await page.keyboard.press('Control+Z');
        await verdict(page, TITLES.reject, lent.expect.code);
        assert.deepEqual(await inputs(page), before);
        await close();
      }
    });

    it(`an edit in the ${half} leaves the rest of the sample, and a paste later still takes it along`, async () => {
      const { page, close } = await open();
      await choose(page, lent);
      await page.getByRole('textbox', { name: label, exact: true }).focus();
      await page.keyboard.press('Control+End');
      await page.keyboard.type(half === 'token' ? 'A' : '-- mine');
      await page.waitForTimeout(300);
      const { user, now } = await inputs(page);
      assert.deepEqual({ user, now }, { user: lent.user, now: 'false' });
      assert.ok(!(await isEmpty(page, other)));
      const { label: otherLabel, title: otherTitle } = HALVES.find((row) => row.half === other);
      await paste(page, otherLabel, own[other]);
      await page.locator('#verdict-title', { hasText: otherTitle }).waitFor();
      assert.ok(await isEmpty(page, half));
      await close();
    });
  }

  it('one’s own half stays when the other follows, in either order, and a user that somebody typed stays too', async () => {
    for (const order of [['token', 'settings'], ['settings', 'token']]) {
      const { page, close } = await open();
      await choose(page, lent);
      await page.fill('#user', own.user);
      for (const half of order) await paste(page, HALVES.find((row) => row.half === half).label, own[half]);
      await page.fill('.when', String(own.now));
      await verdict(page, TITLES.accept);
      assert.equal(await page.inputValue('#user'), own.user);
      assert.equal(await page.getByRole('button', { name: 'Undo' }).count(), 0);
      await close();
    }
  });

  it('a sample’s own settings, pasted beside one’s own token, are a text like any other', async () => {
    const { page, close } = await open();
    await choose(page, lent);
    await paste(page, 'Token', own.token);
    await paste(page, 'Settings', lent.settings);
    await verdict(page, TITLES.reject, 'issuer_not_allowed');
    assert.equal(await page.inputValue('#sample'), '');
    await close();
  });

  it('turning the settings of a sample into JSON, or choosing the rules, is no text of one’s own', async () => {
    const { page, close } = await open();
    await choose(page, lent);
    await page.getByRole('button', { name: 'JSON' }).click();
    await page.getByRole('button', { name: 'CockroachDB', exact: true }).click();
    await page.locator('[aria-label="Whose answer"] .asked', { hasText: 'CockroachDB' }).waitFor();
    await verdict(page, TITLES.reject, lent.expect.code);
    assert.ok(!(await isEmpty(page, 'token')));
    await close();
  });
});
