/** What no database tells its administrator: each question is a call of the text contract, which all languages share. */

import { ask, call } from "./full.js";
import { bytes, seconds, string, text } from "./given.js";

export { InternalError, SettingsError } from "./errors.js";
export { call };

export function lint(settings) {
  return asked("lint", settings);
}

export function lintRules() {
  return answered({ verb: "rules" }).rules;
}

export function whoCan(settings, user) {
  return asked("who_can", settings, { user: optional(user, "a SQL user") });
}

export function reach(settings, principal, issuer) {
  return asked("reach", settings, { principal: string(principal, "a principal"), issuer: optional(issuer, "an issuer") });
}

export function loginWindow(settings, token, user, { records, now } = {}) {
  const login = { token: textOf(token), user: string(user, "the SQL user"), now: whole(now) };
  return asked("window", settings, { ...login, fetched: fetches(records) });
}

export function rehearse(settings, keySet, { tokens = [], issuer, records, now } = {}) {
  const sent = Array.from(tokens, textOf);
  const members = { key_set: string(keySet, "a key set"), tokens: sent, issuer: optional(issuer, "an issuer"), now: whole(now) };
  return asked("rehearse", settings, { ...members, fetched: fetches(records) });
}

export function explainLog(log) {
  return answered({ verb: "log", text: string(log, "a log") });
}

export function convertMap(map, dialect, issuer, settings = {}) {
  const each = typeof issuer === "object" && issuer !== null;
  const whose = each ? { issuers: { ...issuer } } : { issuer: string(issuer, "an issuer") };
  return asked("convert_map", settings, { text: string(map, "a map"), dialect: string(dialect, "a dialect"), ...whose });
}

export function suggest(token, user, { keys, userNames, now } = {}) {
  const sample = { token: textOf(token), user: optional(user, "a SQL user"), now: whole(now) };
  return answered({ verb: "suggest", ...sample, keys: optional(keys, "a key set"), user_names: optional(userNames, "a kind of server") });
}

export function compare(oldSettings, newSettings, { profile, newProfile, ...about } = {}) {
  const members = { new_settings_text: text(newSettings), profile: optional(profile, "a profile"), new_profile: optional(newProfile, "a profile") };
  return asked("compare", oldSettings, { ...members, ...samples(about) });
}

export function coverage(settings, logins, { profile, records, now } = {}) {
  return asked("coverage", settings, { profile: optional(profile, "a profile"), ...samples({ logins: Array.from(logins), records, now }) });
}

function asked(verb, settings, members = {}) {
  const given = text(settings);
  return answered({ verb, settings_text: given, ...members }, () => {
    // Where the settings are at fault the engine says more of them than a document does.
    ask(({ Engine }) => new Engine(given).free(), typeof settings === "string");
  });
}

function answered(question, complain = () => {}) {
  const document = JSON.parse(call(JSON.stringify(question)));
  if (!document.error) return document;
  complain();
  throw new TypeError(document.error.message);
}

/** Sample logins, each at its moment, and the keys that were fetched before. */
function samples({ logins = [], records, now }) {
  const sample = ({ token, now, ...login }) => ({
    ...login,
    token: token === undefined ? undefined : textOf(token),
    now: now === undefined ? undefined : whole(now),
  });
  return { logins: Array.from(logins, sample), fetched: fetches(records), now: whole(now) };
}

/** What may be left out. */
function optional(value, what) {
  return value === undefined ? undefined : string(value, what);
}

/** A token as JSON has it: bytes that are no UTF-8 become characters that no token has. */
function textOf(token) {
  return typeof token === "string" ? token : new TextDecoder().decode(bytes(token));
}

function whole(now) {
  return Number(seconds(now));
}

/** Fetches as `KeyCache.record` writes them: one, or an array of them. */
function fetches(records) {
  return records === undefined ? undefined : [JSON.parse(string(records, "a record"))].flat();
}
