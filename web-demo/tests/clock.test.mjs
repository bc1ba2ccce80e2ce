// While the clock runs: nobody is talked over, and what somebody selects stays selected.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { choose, open, verdict } from './page.mjs';
import { TITLES, samples } from './site.mjs';

const sample = (id) => samples.find((candidate) => candidate.id === id);
const { now: moment } = sample('keycloak-user');
const EXP = moment + 3570;

/** Every verdict whose words may tick: the sample, the present to judge it at, and what comes of it. */
const RUNNING = [
  ['expired hours ago', 'keycloak-user', EXP + 9000, 'token_expired'],
  ['expired a moment ago, when every second counts', 'keycloak-user', EXP + 40, 'token_expired'],
  ['not valid yet', 'time-nbf-future', sample('time-nbf-future').now, 'token_not_yet_valid'],
  ['issued in the future', 'keycloak-user', moment - 900, 'issued_in_future'],
  ['living too long', 'issuer-lifetime', sample('issuer-lifetime').now, 'lifetime_too_long'],
  ['accepted, about to expire', 'keycloak-user', EXP - 100, null],
  ['refused for another reason', 'keycloak-account', moment, 'audience_not_allowed'],
  ['waiting for keys', 'fetch-discovery', sample('fetch-discovery').now, null],
];

/** A page on which a sample is judged at a present that goes on, once that has been announced. */
async function running(id, present, code) {
  const opened = await open({ present });
  const { page } = opened;
  const chosen = sample(id);
  await choose(page, chosen);
  await page.getByRole('button', { name: 'Now', exact: true }).click();
  await verdict(page, TITLES[code ? 'reject' : chosen.expect.decision], code);
  await page.waitForTimeout(1500);
  return opened;
}

// Mostly waiting: several at once.
describe('a clock that runs', { concurrency: 3 }, () => {
  for (const [what, id, present, code] of RUNNING) {
    it(`says nothing for five seconds over a login that is ${what}`, async () => {
      const { page, close } = await running(id, present, code);
      const before = await page.textContent('main');
      const said = await page.evaluate(async () => {
        const said = [];
        const regions = document.querySelectorAll('[role=status], [role=alert], [aria-live]');
        const observer = new MutationObserver((records) => said.push(...records.map((record) => record.target.textContent)));
        for (const region of regions) observer.observe(region, { childList: true, characterData: true, subtree: true, attributes: true });
        await new Promise((resolve) => setTimeout(resolve, 5000));
        return said;
      });
      assert.deepEqual(said, []);
      assert.notEqual(await page.textContent('main'), before, 'the clock runs');
      await close();
    });

    it(`keeps whatever is selected of a login that is ${what}`, async () => {
      const { page, close } = await running(id, present, code);
      // As the mouse selects: from the first character to the last.
      const lost = await page.evaluate(async () => {
        const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
        const texts = (element) => {
          const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
          const found = [];
          while (walker.nextNode()) if (walker.currentNode.data.trim()) found.push(walker.currentNode);
          return found;
        };
        const places = [...document.querySelectorAll('.answer :is(p, pre, dd, .summary)')].filter((element) => texts(element).length > 0);
        const before = places.map((element) => element.textContent);
        await wait(1200);
        const ticking = places.filter((element, index) => element.textContent !== before[index]);
        const lost = [];
        for (const element of new Set([document.querySelector('.fact'), ...ticking])) {
          const nodes = texts(element);
          const [first, last] = [nodes[0], nodes.at(-1)];
          getSelection().setBaseAndExtent(first, 0, last, last.length);
          const selected = () => getSelection().toString().replaceAll(/\d/g, '');
          const whole = selected();
          await wait(element.matches('.fact') ? 3000 : 1300);
          if (whole === '' || selected().length < whole.length - 2) lost.push([whole, selected()]);
        }
        return lost;
      });
      assert.deepEqual(lost, []);
      await close();
    });
  }

  it('lets the mouse select the reason', async () => {
    const { page, close } = await running('keycloak-user', EXP + 9000, 'token_expired');
    const [from, to] = await page.evaluate(() => {
      const range = new Range();
      range.selectNodeContents(document.querySelector('.fact'));
      const lines = [...range.getClientRects()].filter(({ width }) => width > 0);
      const middle = ({ top, height }) => top + height / 2;
      return [[lines[0].left + 1, middle(lines[0])], [lines.at(-1).right - 1, middle(lines.at(-1))]];
    });
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move(...to, { steps: 5 });
    await page.mouse.up();
    const selected = () => page.evaluate(() => getSelection().toString());
    const before = await selected();
    assert.match(before, /^The token expired .+2027-\S+Z$/);
    await page.waitForTimeout(3000);
    assert.equal(await selected(), before);
    assert.match(await page.textContent('.ticking'), /2027-\S+Z$/);
    await close();
  });

  it('says a verdict of the same code when it is about something else', async () => {
    const { page, close } = await open();
    for (const [id, word] of [['keycloak-account', '`account`'], ['azure-v1-resource-slash', '`api://sql-login/`']]) {
      await choose(page, sample(id));
      await page.waitForFunction((word) => document.querySelector('[role=status]').textContent.includes(word), word);
    }
    await close();
  });
});
