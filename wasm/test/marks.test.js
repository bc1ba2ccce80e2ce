/** Places for an editor: they take out of the two texts what the explanation speaks of, whatever characters stand before it. */

import assert from "node:assert/strict";
import test from "node:test";

import * as sqljwt from "sqljwt";
import { vectors } from "./vectors.js";

/** Every vector with its settings as they are, and as SQL with characters of several widths in front. */
const attempts = vectors().flatMap((vector) => [vector, { ...vector, settings: `/* \u{1f600} é */ ${sql(vector.settings)}` }]);

function sql(settings) {
  try {
    return sqljwt.settingsToSql(settings);
  } catch {
    return settings;
  }
}

test("an explanation with marks is the explanation", () => {
  for (const { settings, token, user, now } of attempts.slice(0, 200)) {
    const { json } = sqljwt.explainMarked(settings, token, user, now);
    assert.equal(json, sqljwt.explainJson(settings, token, user, now));
  }
});

test("every place in the settings is the range that the document states", () => {
  let compared = 0;
  const same = (settings, span, range) => {
    // What is empty cannot be seen: the word that comes there is marked.
    if (!range || JSON.stringify(range.start) === JSON.stringify(range.end)) return;
    assert.deepEqual(span, { from: offset(settings, range.start), to: offset(settings, range.end) });
    compared += 1;
  };
  for (const { settings, token, user, now } of attempts) {
    const { json, marks } = sqljwt.explainMarked(settings, token, user, now);
    const { reason, checks, advice } = JSON.parse(json);
    same(settings, marks.reason, reason?.range);
    assert.equal(marks.reason === null, (reason?.range ?? reason?.position ?? null) === null);
    assert.deepEqual(marks.checks.map(({ check }) => check), checks.map(({ check }) => check));
    checks.forEach(({ range }, index) => same(settings, marks.checks[index].settings, range));
    advice.forEach(({ range }, index) => same(settings, marks.advice[index], range));
  }
  assert.ok(compared > 5000, `${compared} places`);
});

test("what a check reads is in the characters that are marked", () => {
  let read = 0;
  for (const { settings, token, user, now } of attempts) {
    const { json, marks } = sqljwt.explainMarked(settings, token, user, now);
    JSON.parse(json).checks.forEach(({ reads }, index) => {
      const spans = marks.checks[index].token;
      if (!reads) return assert.deepEqual(spans, []);
      for (const { from, to } of spans) assert.ok(0 <= from && from < to && to <= token.length);
      const part = { header: 0, claims: 1 }[reads.part];
      if (part === undefined || reads.members.length === 0) return;
      const start = part === 0 ? 0 : token.indexOf(".") + 1;
      const stated = spans.map(({ from, to }) => carried(token.slice(from, to), (from - start) % 4)).filter((text) => /"/.test(text));
      const whole = spans.length === 1 && token.slice(spans[0].from, spans[0].to) === token.split(".")[part];
      assert.ok(whole || stated.every((text) => reads.members.some((name) => text.includes(name) || text.includes("\\u"))), json);
      read += whole ? 0 : 1;
    });
  }
  assert.ok(read > 2000, `${read} members`);
});

test("places count in the units of JavaScript's strings", () => {
  const value = "it''s \u{1f600} é";
  const settings = `/* \u{1f680} é */ SET CLUSTER SETTING server.jwt_authentication.audience = '${value}';`;
  const { json, marks } = sqljwt.explainMarked(settings, "\u{1f600}", "", 0);
  assert.equal(JSON.parse(json).reason.code, "disabled");
  const { token } = marks.checks.find(({ check }) => check === "token");
  assert.deepEqual(token, JSON.parse(json).checks.find(({ check }) => check === "token").reads ? [{ from: 0, to: 2 }] : []);
  const named = settings.replace("audience", "audiance");
  const { from, to } = sqljwt.explainMarked(named, "", "", 0).marks.reason;
  assert.equal(named.slice(from, to), "server.jwt_authentication.audiance");
});

test("the profile is found where it is stated", () => {
  for (const settings of ['\ufeff{"\u{1f600}": 1, "engine.profile": "hardened"}', '-- \u{1f600}\n-- sqljwt: engine.profile = "hardened"\nSET CLUSTER SETTING server.jwt_authentication.enabled = on;']) {
    const { from, to } = sqljwt.profileRange(settings);
    assert.equal(settings.slice(from, to), "hardened");
  }
  assert.equal(sqljwt.profileRange("{}"), null);
});

test("only texts have places", () => {
  assert.throws(() => sqljwt.explainMarked({}, "", "", 0), TypeError);
  assert.throws(() => sqljwt.explainMarked("{}", new Uint8Array(), "", 0), TypeError);
  assert.throws(() => sqljwt.profileRange({}), TypeError);
});

/** The place of a line and a column, which count from one, columns in characters. */
function offset(text, { line, column }) {
  const lines = text.split("\n").slice(0, line);
  const last = [...lines.pop()].slice(0, column - 1).join("");
  return lines.reduce((length, line) => length + line.length + 1, last.length);
}

/** The text in some characters of base64url, the first of which is the `skipped`th of its four. */
function carried(text, skipped) {
  return Buffer.from("AAAA".slice(0, skipped) + text, "base64url").subarray(Math.ceil((skipped * 3) / 4)).toString();
}
