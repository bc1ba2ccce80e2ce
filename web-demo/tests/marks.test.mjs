// Does the page mark what the engine means? The characters that a check looks at, in every form that settings have.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { choose, open, paste, verdict } from './page.mjs';
import { TITLES, samples } from './site.mjs';

const { SettingsError, Validator, settingsToJson } = await import('../../wasm/pkg/node.js');
const sample = (id) => samples.find((candidate) => candidate.id === id);
const accepted = sample('keycloak-user');
const AUDIENCE = "SET CLUSTER SETTING server.jwt_authentication.audience = 'db-login';";

/** Settings that are the accepted sample's but for their audience, which its token is not meant for. */
const FORMS = {
  'SQL with doubled quotes': [accepted.settings.replace(AUDIENCE, AUDIENCE.replace('db-login', "it''s mine")), "it''s mine"],
  'SQL behind an emoji': [accepted.settings.replace(AUDIENCE, `/* \u{1f680}\u{1f1e9}\u{1f1ea} */ ${AUDIENCE.replace('db-login', '\u{1f600}é')}`), '\u{1f600}é'],
  'SQL in dollar quotes': [accepted.settings.replace("'db-login'", () => "$$it's$$"), "it's"],
  'JSON with escapes': [settingsToJson(accepted.settings).replace('"db-login"', '"\u{1f600} \\"q\\" \\u0041z"'), '\u{1f600} \\"q\\" \\u0041z'],
  'a JSON list': [settingsToJson(accepted.settings).replace('"db-login"', '["a", "é"]'), '["a", "é"]'],
  'a table': [table(accepted.settings, { 'server.jwt_authentication.audience': 'other é' }), 'other é'],
};

/** The settings as a terminal prints them, values on one line. */
function table(settings, changes) {
  const values = { ...JSON.parse(settingsToJson(settings)), ...changes };
  const rows = Object.entries(values).map(([name, value]) => `${name}\t${typeof value === 'object' ? JSON.stringify(value) : String(value).trim().replaceAll('\n', ' ')}`);
  return `variable\tvalue\n${rows.join('\n')}\n`;
}

async function look(page, name) {
  const button = page.locator('#checks ol button').filter({ hasText: new RegExp(`^\\s*[✓✗·]\\s*${name}`) });
  if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click();
}

const marked = async (page, kind) => (await page.locator(`.editor.${kind} .cm-marked`).allTextContents()).join('');

describe('what a check marks', () => {
  for (const [form, [settings, value]] of Object.entries(FORMS)) {
    it(`is the value at fault, and nothing beside it, in ${form}`, async () => {
      const { page, close } = await open();
      await choose(page, accepted);
      await paste(page, 'Settings', settings);
      await paste(page, 'Token', accepted.token);
      await page.fill('.when', String(accepted.now));
      await verdict(page, TITLES.reject, 'audience_not_allowed');
      // The check that failed is marked without anybody asking.
      assert.equal(await marked(page, 'settings'), value);
      const claims = Buffer.from(await carriedBy(page), 'base64url').toString();
      assert.match(claims, /aud":\["db-login","account"\]/);
      assert.ok(!claims.includes('"sub"'), claims);
      await look(page, 'Issuer');
      assert.equal(await marked(page, 'settings'), 'https://kc.example.com/realms/corp');
      await page.locator('#verdict .chip').click();
      await close();
    });
  }

  it('is the line of the identity map, as SQL and inside a string of JSON', async () => {
    const { page, close } = await open();
    await choose(page, accepted);
    await look(page, 'Identity map');
    assert.equal(await marked(page, 'settings'), 'https://kc.example.com/realms/corp /^([a-z0-9_.]+)$ \\1');
    await page.getByRole('button', { name: 'JSON' }).click();
    await page.waitForFunction(() => document.querySelector('.editor.settings').shadowRoot.textContent.includes('{'));
    const line = 'https://kc.example.com/realms/corp /^([a-z0-9_.]+)$ \\\\1';
    await page.locator('.editor.settings .cm-marked', { hasText: line }).waitFor();
    assert.equal(await marked(page, 'settings'), line);
    await close();
  });

  it('is every fault of settings that cannot be used', async () => {
    const { page, close } = await open();
    await page.getByRole('button', { name: 'Clear' }).click();
    const set = (name) => `SET CLUSTER SETTING server.jwt_authentication.${name};`;
    await paste(page, 'Settings', ['/* \u{1f600} */', set("audiences = 'a'"), set("claim = 'sub'"), set("issuer = 'b'"), set('enabled = maybe')].join('\n'));
    await paste(page, 'Token', accepted.token);
    const underlined = page.locator('.editor.settings .cm-lintRange-error');
    await underlined.nth(2).waitFor();
    const texts = await underlined.allTextContents();
    assert.deepEqual(texts, ['server.jwt_authentication.audiences', 'server.jwt_authentication.issuer', 'maybe']);
    await close();
  });

  it('is the same for the parts of the token that are open below', async () => {
    const { page, close } = await open();
    await choose(page, accepted);
    for (const [check, names] of [['Header', ['alg', 'typ', 'kid']], ['Time', ['iat', 'exp']], ['Principal', ['preferred_username']]]) {
      await look(page, check);
      assert.deepEqual(await page.locator('.row.on dt').allTextContents(), names);
    }
    await close();
  });

  it('is where the cursor goes from the reason', async () => {
    const { page, close } = await open();
    await choose(page, sample('azure-v1-resource-slash'));
    await page.locator('#verdict .chip').click();
    await page.keyboard.type('HERE');
    await page.waitForFunction(() => document.querySelector('.editor.settings').shadowRoot.textContent.includes("'HEREapi://sql-login'"));
    await close();
  });
});

describe('the rules', () => {
  const settings = accepted.settings;
  for (const [form, text, wanted] of [
    ['SQL that states none', settings, '-- sqljwt: engine.profile = "cockroachdb"'],
    ['SQL that states them', `-- \u{1f600}\n-- sqljwt: engine.profile = "hardened"\n${settings}`, '-- sqljwt: engine.profile = "cockroachdb"'],
    ['a statement', `SET CLUSTER SETTING engine.profile = 'hardened';\n${settings}`, "SET CLUSTER SETTING engine.profile = 'cockroachdb';"],
    ['JSON that states them', settingsToJson(`-- sqljwt: engine.profile = "hardened"\n${settings}`), '"engine.profile": "cockroachdb"'],
    ['JSON that states none', settingsToJson(settings), '"engine.profile": "cockroachdb"'],
    ['JSON that states what is none', settingsToJson(settings).replace('{', '{"engine.profile": "soft",'), '"engine.profile": "cockroachdb"'],
  ]) {
    it(`are written once into ${form}`, async () => {
      const { page, close } = await open();
      await page.getByRole('button', { name: 'Clear' }).click();
      await paste(page, 'Settings', text);
      await page.getByRole('button', { name: 'CockroachDB', exact: true }).click();
      const shown = () => page.evaluate(() => document.querySelector('.editor.settings').shadowRoot.querySelector('.cm-content').innerText);
      await page.waitForFunction(() => document.querySelector('.editor.settings').shadowRoot.textContent.includes('cockroachdb'));
      assert.ok((await shown()).includes(wanted), await shown());
      assert.equal((await shown()).split('engine.profile').length, 2);
      await close();
    });
  }
});

describe('the log', () => {
  it('holds what the package’s errors say', async () => {
    const { page, close } = await open();
    for (const id of ['keycloak-account', 'time-expired', 'alg-none-keep-sig', 'fetch-discovery']) {
      const { settings, token, user, now } = sample(id);
      await choose(page, sample(id));
      const error = refusal(() => new Validator(settings).validate(token, user, now));
      const log = page.locator('section', { has: page.locator('#sides-title') }).locator('pre').last();
      await log.filter({ hasText: error.message }).waitFor();
      assert.equal(await log.textContent(), error.message);
    }
    await close();
  });
});

function refusal(login) {
  try {
    login();
  } catch (error) {
    assert.ok(!(error instanceof SettingsError));
    return error;
  }
  return assert.fail('it is refused');
}

/** The marked characters of the token, from the first that begins a group of four. */
async function carriedBy(page) {
  const text = await marked(page, 'token');
  const start = accepted.token.indexOf(text) - accepted.token.indexOf('.') - 1;
  return 'AAAA'.slice(0, start % 4) + text;
}
