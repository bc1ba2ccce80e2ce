// The built page in a real browser: `npm test`, after `npm run build`.

import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { choose, chromium, editorText, open, paste, site } from './page.mjs';
import { TITLES, alive, dist, samples, screenshots, settled } from './site.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const single = pathToFileURL(join(dist, 'playground.html')).href;
const accepted = samples.find((sample) => sample.id === 'keycloak-user');

describe('the site', () => {
  it('gives every sample its documented verdict', async () => {
    const { page, close } = await open();
    for (const sample of samples) await choose(page, sample);
    await close();
  });

  it('is there before any script has run', async () => {
    const context = await chromium.newContext({ viewport: { width: 1440, height: 900 }, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(site.address);
    assert.equal(await page.textContent('#verdict-title'), TITLES.reject);
    assert.equal(await page.textContent('#verdict .code'), 'audience_not_allowed');
    assert.equal(await page.locator('#checks ol > li').count(), 14);
    assert.match(await page.textContent('.editor.settings'), /SET CLUSTER SETTING server\.jwt_authentication\.issuers/);
    await context.close();
  });

  it('asks for nothing after it is there, and for nothing of another host ever', async () => {
    const { page, requests, close } = await open();
    // What it needs comes before anybody could have typed much: the samples, and the engine.
    await choose(page, accepted);
    const before = requests.length;
    for (const sample of samples.slice(0, 12)) await choose(page, sample);
    await page.getByRole('button', { name: 'Share link' }).click();
    await page.getByRole('button', { name: 'JSON' }).click();
    await page.getByRole('button', { name: 'Dark theme' }).click();
    await page.waitForTimeout(500);
    const late = requests.slice(before).filter((url) => !url.startsWith('blob:'));
    assert.deepEqual(late, []);
    const elsewhere = requests.filter((url) => !url.startsWith(site.address) && !/^(?:data|blob):/.test(url));
    assert.deepEqual(elsewhere, []);
    await close();
  });

  it('has a policy by which the browser refuses fetch, sockets, beacons, forms, frames and images, in the page and in a worker', async () => {
    const { context, page, close } = await open();
    const reached = [];
    context.on('response', (response) => reached.push(response.url()));
    const policy = await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', 'content');
    for (const part of ["default-src 'none'", "connect-src 'none'", "base-uri 'none'", "form-action 'none'"]) assert.ok(policy.includes(part), part);
    assert.ok(!policy.includes('unsafe-inline') && !policy.includes("'unsafe-eval'"), policy);
    const worker = await page.evaluate(() => {
      const source = `fetch(${JSON.stringify(location.href)}).then(() => postMessage('reached'), () => postMessage('refused'))`;
      const worker = new Worker(URL.createObjectURL(new Blob([source])));
      return new Promise((resolve) => worker.addEventListener('message', (event) => resolve(event.data)));
    });
    assert.equal(worker, 'refused');
    const ways = {
      fetch: () => void fetch('/way').catch(() => {}),
      XMLHttpRequest: () => {
        const request = new XMLHttpRequest();
        request.open('GET', '/way');
        request.send();
      },
      WebSocket: () => void new WebSocket(`ws://${location.host}/way`),
      EventSource: () => void new EventSource('/way'),
      beacon: () => void navigator.sendBeacon('/way', 'x'),
      image: () => void (new Image().src = '/way'),
      style: () => document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/way' })),
      frame: () => document.body.append(Object.assign(document.createElement('iframe'), { src: '/way' })),
      form: () => {
        const form = Object.assign(document.createElement('form'), { action: '/way', method: 'post' });
        document.body.append(form);
        form.submit();
      },
      'script from elsewhere': () => document.body.append(Object.assign(document.createElement('script'), { src: 'https://elsewhere.example/way' })),
    };
    for (const [name, way] of Object.entries(ways)) {
      const refused = page.evaluate(
        () => new Promise((resolve) => document.addEventListener('securitypolicyviolation', (event) => resolve(event.blockedURI), { once: true })),
      );
      await page.evaluate(`(${way})()`);
      assert.match(await refused, /way|elsewhere/, name);
    }
    assert.deepEqual(reached.filter((url) => url.includes('/way')), []);
    await close('Content Security Policy', 'Connecting to', 'violates', 'EventSource', 'beacon');
  });

  it('stores nothing', async () => {
    const { context, page, close } = await open();
    await choose(page, accepted);
    const stored = await page.evaluate(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]);
    assert.deepEqual(stored, [0, 0, 0]);
    assert.deepEqual(await context.cookies(), []);
    await close();
  });

  it('judges a pasted token at the present, with the line break of copying', async () => {
    const { page, close } = await open();
    await choose(page, samples.find((sample) => sample.id === 'time-expired'));
    await paste(page, 'Token', `${accepted.token}\n`);
    await settled(page, 'No settings yet');
    await page.waitForFunction(() => document.querySelector('#sample').value === '');
    assert.equal(await page.getByRole('button', { name: 'Now', exact: true }).getAttribute('aria-pressed'), 'true');
    await paste(page, 'Settings', accepted.settings);
    await page.fill('#user', accepted.user);
    await page.fill('.when', String(accepted.now));
    await settled(page, TITLES.accept);
    await page.fill('.when', '2027-01-15 09:00:00');
    await page.waitForFunction(() => document.querySelector('#verdict .code')?.textContent === 'token_expired');
    await close();
  });

  it('moves the clock with the slider', async () => {
    const { page, close } = await open();
    await choose(page, accepted);
    await page.getByRole('slider').focus();
    await page.keyboard.press('End');
    await page.waitForFunction(() => document.querySelector('#verdict .code')?.textContent === 'token_expired');
    await page.keyboard.press('Home');
    await page.waitForFunction(() => document.querySelector('#verdict .code')?.textContent === 'issued_in_future');
    await close();
  });

  it('shares settings and user by a link, and never the token', async () => {
    const { page, close } = await open();
    await choose(page, accepted);
    await page.getByRole('button', { name: 'Share link' }).click();
    await page.waitForFunction(() => location.hash.startsWith('#v1='));
    const link = page.url();
    const packed = Buffer.from(link.split('#v1=')[1], 'base64url');
    const { inflateRawSync } = await import('node:zlib');
    const carried = inflateRawSync(packed).toString();
    assert.deepEqual(Object.keys(JSON.parse(carried)), ['v', 'settings', 'user']);
    for (const part of accepted.token.split('.')) assert.ok(!carried.includes(part) && !link.includes(part));
    const other = await chromium.newContext({ viewport: { width: 1440, height: 900 } });
    const opened = await other.newPage();
    await opened.goto(link);
    await alive(opened);
    await settled(opened, 'No token yet');
    assert.equal(await opened.inputValue('#user'), accepted.user);
    await other.grantPermissions(['clipboard-read', 'clipboard-write']);
    await paste(opened, 'Token', accepted.token);
    await opened.fill('.when', String(accepted.now));
    await settled(opened, TITLES.accept);
    await other.close();
    await close();
  });

  it('makes no link of private keys or tokens', async () => {
    const { page, close } = await open();
    await choose(page, samples.find((sample) => sample.id === 'jwks-private-rsa'));
    await page.getByRole('button', { name: 'Share link' }).click();
    await page.waitForFunction(() => document.querySelector('.notice').textContent.includes('private'));
    await choose(page, accepted);
    await page.fill('#user', accepted.token);
    await page.getByRole('button', { name: 'Share link' }).click();
    await page.waitForFunction(() => document.querySelector('.notice').textContent.includes('token'));
    assert.ok(!page.url().includes('#'));
    await close();
  });

  it('takes links that are broken or too large for what they are', async () => {
    const { deflateRawSync } = await import('node:zlib');
    const bomb = deflateRawSync(Buffer.alloc(9_000_000, 32)).toString('base64url');
    for (const fragment of ['#v1=AAAA', '#v1=%00', `#v1=${bomb}`]) {
      const { page, close } = await open({}, site.address + fragment);
      await page.waitForFunction(() => document.querySelector('.notice').textContent.includes('cannot be read'));
      await close();
    }
  });

  it('copies a report without anything of token and settings, and the settings as SQL', async () => {
    const { page, close } = await open();
    const failing = samples.find((sample) => sample.id === 'keycloak-account');
    await choose(page, failing);
    await page.getByRole('button', { name: 'Copy redacted report' }).click();
    await page.waitForFunction(() => document.querySelector('.notice').textContent.includes('copied'));
    const report = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(report, /audience_not_allowed/);
    for (const secret of ['kc.example.com', 'jane', 'db-login', failing.token.split('.')[1]]) assert.ok(!report.includes(secret), secret);
    await page.getByRole('button', { name: 'JSON' }).click();
    await page.getByRole('button', { name: 'Copy as SQL' }).click();
    await page.waitForFunction(() => document.querySelector('.notice').textContent.includes('SQL copied'));
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^SET CLUSTER SETTING /);
    await close();
  });

  it('turns SQL into JSON and back without loss, and keeps the verdict', async () => {
    const { page, close } = await open();
    await choose(page, accepted);
    const before = await editorText(page, 'settings');
    await page.getByRole('button', { name: 'JSON' }).click();
    await page.waitForFunction(() => document.querySelector('.editor.settings').shadowRoot.textContent.includes('{'));
    await settled(page, TITLES.accept);
    await page.getByRole('button', { name: 'SQL', exact: true }).click();
    await page.waitForFunction(() => document.querySelector('.editor.settings').shadowRoot.textContent.includes('SET CLUSTER'));
    assert.equal(await editorText(page, 'settings'), before);
    await settled(page, TITLES.accept);
    await close();
  });

  it('changes the rules by a line of the settings', async () => {
    const { page, close } = await open();
    await choose(page, samples.find((sample) => sample.id === 'kind-cnf-jkt'));
    await page.getByRole('button', { name: 'CockroachDB', exact: true }).click();
    await page.waitForFunction(() => document.querySelector('.editor.settings').shadowRoot.textContent.includes('engine.profile = "cockroachdb"'));
    await page.waitForFunction(() => document.querySelector('.profile [aria-pressed="true"]').textContent === 'CockroachDB');
    await close();
  });

  it('underlines a fault of the settings at its place', async () => {
    const { page, close } = await open();
    await choose(page, samples.find((sample) => sample.id === 'settings-unknown'));
    const marked = page.locator('.editor.settings .cm-lintRange-error');
    await marked.first().waitFor();
    assert.match((await marked.allTextContents()).join(''), /audiences/);
    await page.locator('.fault').waitFor();
    await close();
  });

  it('shows where a check looks', async () => {
    const { page, close } = await open();
    await choose(page, accepted);
    await page.locator('ol button').filter({ hasText: /^\s*✓\s*Issuer/ }).click();
    const payload = accepted.token.split('.')[1];
    const marked = (await page.locator('.editor.token .cm-marked').allTextContents()).join('');
    assert.ok(payload.includes(marked) && Buffer.from(marked, 'base64url').length > 20, marked);
    assert.equal((await page.locator('.editor.settings .cm-marked').allTextContents()).join(''), 'https://kc.example.com/realms/corp');
    await page.locator('ol button').filter({ hasText: /^\s*✓\s*Identity map/ }).click();
    assert.match((await page.locator('.editor.settings .cm-marked').allTextContents()).join(''), /^https:\/\/kc\.example\.com\/realms\/corp \//);
    await page.locator('ol button').filter({ hasText: /^\s*✓\s*Signature/ }).click();
    assert.equal((await page.locator('.editor.token .cm-marked').allTextContents()).join(''), accepted.token.split('.')[2]);
    await close();
  });

  it('shows how the identity map matched: line, capture, result', async () => {
    const { page, close } = await open();
    await choose(page, samples.find((sample) => sample.id === 'gcp-email'));
    const card = page.locator('section', { has: page.locator('#map-title') });
    assert.match(await card.textContent(), /line 2/);
    assert.deepEqual(await card.locator('mark').allTextContents(), ['billing', 'billing']);
    assert.match(await card.locator('pre').textContent(), /^https:\/\/accounts\.google\.com \/.+\\1$/);
    await choose(page, samples.find((sample) => sample.id === 'keycloak-account'));
    assert.match(await card.textContent(), /line 2/, 'a refused login was mapped all the same');
    await close();
  });

  it('tells somebody who has nothing yet where to get the settings', async () => {
    const { page, close } = await open();
    await page.getByRole('button', { name: 'Clear' }).click();
    await settled(page, 'Nothing to judge yet');
    await page.getByRole('button', { name: 'Copy the query' }).click();
    await page.waitForFunction(() => document.querySelector('.notice').textContent.includes('copied'));
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^SELECT variable, value FROM \[SHOW ALL CLUSTER SETTINGS\]/);
    await paste(page, 'Settings', 'variable\tvalue\nserver.jwt_authentication.enabled\tfalse\n');
    await page.waitForFunction(() => document.querySelector('#verdict .code')?.textContent === 'disabled');
    await close();
  });

  it('works with the keyboard alone', async () => {
    const { page, close } = await open();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the verdict');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'verdict');
    await page.keyboard.press('F6');
    assert.ok(await page.evaluate(() => document.activeElement.closest('ol')));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-pressed')), 'true');
    await page.keyboard.press('Escape');
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-pressed')), 'false');
    await page.keyboard.press('F6');
    assert.ok(await page.evaluate(() => document.activeElement.closest('.token-pane')));
    // Tab leaves the editor: it is no trap.
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => !document.activeElement.closest('.token-pane')));
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await settled(page, 'No token yet');
    await page.keyboard.press('Control+Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'verdict');
    await close();
  });

  it('says the verdict to a screen reader', async () => {
    const { page, close } = await open();
    await choose(page, accepted);
    await page.waitForFunction(() => document.querySelector('[role=status]').textContent.startsWith('Accepted'));
    await close();
  });

  it('stays within a screen of 360 pixels', async () => {
    const { page, close } = await open({ viewport: { width: 360, height: 740 } });
    for (const id of ['keycloak-user', 'keycloak-account', 'order-3-key', 'settings-unknown', 'shape-jwe-5-parts']) {
      await choose(page, samples.find((sample) => sample.id === id));
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(width, 360, id);
    }
    await close();
  });

  it('covers nothing that the keyboard reaches on a small screen, and repeats the verdict only where that is out of sight', async () => {
    const { page, close } = await open({ viewport: { width: 360, height: 740 } });
    const bar = page.locator('a[href="#verdict"]:not(.skip)');
    await bar.waitFor();
    for (const button of await page.locator('main button:visible, main input:visible').all()) {
      await button.focus();
      const covered = await button.evaluate((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const there = document.elementFromPoint(left + width / 2, top + height / 2);
        return there && !element.contains(there) && !there.contains(element) ? there.outerHTML.slice(0, 80) : null;
      });
      assert.equal(covered, null, await button.evaluate((element) => element.outerHTML.slice(0, 80)));
    }
    await page.evaluate(() => scrollTo(0, 0));
    await bar.click();
    await bar.waitFor({ state: 'hidden' });
    assert.equal(await page.evaluate(() => document.activeElement.id), 'verdict');
    await close();
  });

  it('does not shift while it loads', async () => {
    const context = await chromium.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript(() => {
      window.shift = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(site.address);
    await alive(page);
    await page.waitForTimeout(500);
    const shift = await page.evaluate(() => window.shift);
    assert.ok(shift < 0.1, `layout shift ${shift}`);
    console.log(`layout shift while loading: ${shift.toFixed(4)}`);
    await context.close();
  });
});

describe('bad input', () => {
  it('stays responsive with a token and settings of a megabyte', async () => {
    const { page, close } = await open();
    const long = `${'A'.repeat(1000)}.${'e'.repeat(1_000_000)}.AAAA`;
    const gaps = () =>
      page.evaluate(() => {
        window.gap = 0;
        let last = performance.now();
        const beat = () => {
          const now = performance.now();
          window.gap = Math.max(window.gap, now - last);
          last = now;
          window.beat = requestAnimationFrame(beat);
        };
        beat();
      });
    await gaps();
    await paste(page, 'Token', long);
    await paste(page, 'Settings', accepted.settings);
    await page.waitForFunction(() => document.querySelector('#verdict .code')?.textContent === 'token_too_large');
    const lines = Array.from({ length: 16000 }, (_, at) => `https://idp.example/${at} /^user${at}-([a-z]+)$ u${at}_\\1`).join('\n');
    await paste(page, 'Settings', `SET CLUSTER SETTING server.identity_map.configuration = '${lines}';\n`);
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('x');
    await page.locator('.fault').waitFor();
    const longest = await page.evaluate(() => window.gap);
    console.log(`longest pause with a megabyte in each editor: ${Math.round(longest)} ms`);
    // Not how fast the machine is, but that no work grows faster than the text.
    assert.ok(longest < 60_000, `${longest} ms`);
    await close();
  });

  it('names signs that cannot be seen, and nothing turns the line around', async () => {
    const { page, close } = await open();
    await choose(page, accepted);
    await paste(page, 'Token', `\u202e${accepted.token.slice(0, 30)}\u200b${accepted.token.slice(30)}`);
    await paste(page, 'Settings', accepted.settings);
    await page.waitForFunction(() => document.querySelector('#verdict .code')?.textContent === 'token_bad_base64');
    await page.fill('#user', 'ja\u200bne\u202e');
    await page.waitForTimeout(400);
    const raw = await page.evaluate(() => document.querySelector('.answer').innerText);
    assert.ok(!/[\u202a-\u202e\u2066-\u2069]/.test(raw.replaceAll(/U\+[0-9A-F]{4}/g, '')), 'a sign that turns the line around is shown raw');
    assert.equal(await page.locator('.editor.token .cm-specialChar').count(), 2);
    await page.evaluate(() => navigator.clipboard.writeText('\0\x01\x02\xff\x7f binary \u{10ffff}\ufffd'));
    await paste(page, 'Token', '\0\x01\x02\xff\x7f binary \u{10ffff}\ufffd');
    await settled(page, TITLES.reject);
    await close();
  });

  it('puts a fresh engine in the place of one that broke', async () => {
    const context = await chromium.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript(() => {
      const post = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (message, ...rest) {
        return post.call(this, message?.user === 'break it' ? { verb: 'broken' } : message, ...rest);
      };
    });
    await page.goto(site.address);
    await alive(page);
    await page.fill('#user', 'break it');
    await settled(page, 'No answer');
    assert.match(await page.textContent('#verdict'), /a bug in it/);
    await page.fill('#user', accepted.user);
    await settled(page, TITLES.reject);
    await context.close();
  });
});

describe('playground.html', () => {
  it('works from disk without a network', async () => {
    const context = await chromium.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const requests = [];
    const faults = [];
    context.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(single);
    await alive(page);
    for (const sample of samples.slice(0, 10)) await choose(page, sample);
    assert.deepEqual(requests.filter((url) => !/^(?:data|blob):/.test(url)), [single]);
    assert.deepEqual(faults, []);
    const policy = await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', 'content');
    assert.match(policy, /connect-src 'none'.*script-src 'sha256-.*style-src 'sha256-/);
    console.log(`playground.html: ${statSync(join(dist, 'playground.html')).size} bytes; requests: only the file itself`);
    await context.close();
  });
});

describe('everybody', () => {
  /** Asks axe about the page as it stands. */
  async function finds(page, what) {
    await page.waitForTimeout(300);
    const found = await page.evaluate(async () => (await window.axe.run()).violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => `${node.target} ${node.any[0]?.message ?? ''}`).join('; ')}`));
    assert.deepEqual(found, [], what);
  }

  for (const [name, options] of Object.entries({
    light: {},
    dark: { colorScheme: 'dark' },
    narrow: { viewport: { width: 360, height: 740 } },
  })) {
    it(`finds nothing with axe in ${name}`, async () => {
      const context = await chromium.newContext({ viewport: { width: 1440, height: 900 }, bypassCSP: true, ...options });
      const page = await context.newPage();
      await page.goto(site.address);
      await alive(page);
      await page.evaluate(axe);
      for (const id of ['keycloak-user', 'keycloak-account', 'order-3-key', 'settings-unknown', 'fetch-discovery']) {
        await choose(page, samples.find((sample) => sample.id === id));
        await finds(page, id);
      }
      await choose(page, samples.find((sample) => sample.id === 'kind-cnf-jkt'));
      await page.getByRole('button', { name: 'CockroachDB', exact: true }).click();
      await settled(page, TITLES.tolerate);
      await finds(page, 'what the database may let in');
      await page.getByRole('textbox', { name: 'Token', exact: true }).focus();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(accepted.token);
      await page.getByRole('button', { name: 'Undo' }).waitFor();
      await finds(page, 'a notice with a way back');
      await context.close();
    });
  }

  it('follows the system into the dark and turns by a button', async () => {
    const { page, close } = await open({ colorScheme: 'dark' });
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark');
    await page.getByRole('button', { name: 'Dark theme' }).click();
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'light');
    await page.getByRole('button', { name: 'Dark theme' }).click();
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark');
    await close();
  });

  it('makes pictures for a person to look at', async () => {
    const shots = [
      ['desktop-light-opening', 'azure-v1-resource-slash', {}],
      ['desktop-light-rejected', 'keycloak-account', {}],
      ['desktop-light-database', 'kind-cnf-jkt', {}],
      ['desktop-light-accepted', 'keycloak-user', {}],
      ['desktop-dark-accepted', 'keycloak-user', { colorScheme: 'dark' }],
      ['desktop-dark-rejected', 'azure-v1-no-slash', { colorScheme: 'dark' }],
      ['desktop-light-many', 'order-3-key', {}],
      ['desktop-light-settings', 'settings-unknown', {}],
      ['desktop-dark-map', 'auth0-bar', { colorScheme: 'dark' }],
      ['desktop-light-keys', 'fetch-discovery', {}],
      ['mobile-light-rejected', 'keycloak-account', { viewport: { width: 360, height: 740 } }],
      ['mobile-dark-accepted', 'keycloak-user', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
    ];
    for (const [name, id, options] of shots) {
      const { page, close } = await open(options);
      await choose(page, samples.find((sample) => sample.id === id));
      await page.waitForTimeout(300);
      await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: name.startsWith('mobile') });
      await close();
    }
  });
});
