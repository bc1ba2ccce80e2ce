// Lighthouse's scores for the playground as it is served at SITE: `npm run lighthouse`. It drives Debian's Chromium, or the
// one that CHROMIUM names, and fails below 95. `--runs=N` takes the median of N.

import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig, generateReport } from 'lighthouse';

const LEAST = 95;
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const METRICS = ['first-contentful-paint', 'largest-contentful-paint', 'speed-index', 'total-blocking-time', 'cumulative-layout-shift'];

const site = process.env.SITE ?? 'http://127.0.0.1:4180/';
const [, runs = '1'] = /^--runs=(\d+)$/.exec(process.argv[2] ?? '') ?? [];
const reports = fileURLToPath(new URL('../screenshots/', import.meta.url));
mkdirSync(reports, { recursive: true });

const chrome = await launch({
  chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu'],
});
let low = false;
try {
  for (const [form, config] of [['mobile', undefined], ['desktop', desktopConfig]]) {
    const results = [];
    for (let run = 0; run < Number(runs); run += 1) {
      const { lhr } = await lighthouse(site, { port: chrome.port, onlyCategories: CATEGORIES, logLevel: 'error' }, config);
      results.push(lhr);
    }
    results.sort((a, b) => a.categories.performance.score - b.categories.performance.score);
    const lhr = results[results.length >> 1];
    writeFileSync(`${reports}lighthouse-${form}.html`, generateReport(lhr, 'html'));
    const scores = CATEGORIES.map((name) => [name, Math.round(lhr.categories[name].score * 100)]);
    low ||= scores.some(([, score]) => score < LEAST);
    console.log(`${form.padEnd(8)} ${scores.map(([name, score]) => `${name} ${score}`).join(', ')}`);
    console.log(`         ${METRICS.map((id) => `${lhr.audits[id].title} ${lhr.audits[id].displayValue}`).join(', ')}`);
    for (const audit of Object.values(lhr.audits)) {
      const counts = CATEGORIES.some((name) => lhr.categories[name].auditRefs.some((ref) => ref.id === audit.id && ref.weight > 0));
      if (counts && audit.score !== null && audit.score < 0.9) console.log(`         below: ${audit.title} (${audit.displayValue ?? audit.score})`);
    }
  }
} finally {
  chrome.kill();
}
console.log(`the whole reports: ${reports}lighthouse-*.html`);
if (low) {
  console.error(`a score is below ${LEAST}`);
  process.exitCode = 1;
}
