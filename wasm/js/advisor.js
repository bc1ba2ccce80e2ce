/** What no database tells its administrator: each question is a call of the text contract, which all languages share. */

import { ask } from "./engine.js";
import { bytes, seconds, string, text } from "./given.js";

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

export function convertMap(map, dialect, issuer, settings = {}) {
  const whose = typeof issuer === "string" ? { issuer } : { issuers: { ...issuer } };
  return asked("convert_map", settings, { text: string(map, "a map"), dialect: string(dialect, "a dialect"), ...whose });
}

function asked(verb, settings, members = {}) {
  const given = text(settings);
  const call = { verb, settings_text: given, ...members };
  return answered(call, () => {
    // Where the settings are at fault the engine says more of them than a document does.
    ask(({ Engine }) => new Engine(given).free(), typeof settings === "string");
  });
}

function answered(call, complain = () => {}) {
  const document = JSON.parse(ask((engine) => engine.call(JSON.stringify(call))));
  if (!document.error) return document;
  complain();
  throw new TypeError(document.error.message);
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
