/** The test vectors that every face answers alike, resolved. */

import { readFileSync, readdirSync } from "node:fs";

import { KeyCache, Validator, explainJson } from "sqljwt";

const folder = new URL("../../tests/vectors/", import.meta.url);

/** Every vector with the text of its settings. */
export function vectors() {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "signatures.json");
  return files.sort().flatMap((name) => {
    const file = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
    return file.vectors.map((vector) => ({ ...vector, settings: settingsOf(vector, file) }));
  });
}

/** The settings of a vector, compiled, with what was fetched before its login. */
export function compiled({ settings, fetched, userinfo, token }) {
  const validator = new Validator(settings);
  const cache = new KeyCache(validator);
  cache.replay(JSON.stringify(fetched ?? []));
  const withKeys = fetched ? validator.withKeys(cache) : validator;
  return userinfo ? withKeys.withUserInfo(token, 200, userinfo) : withKeys;
}

/** The explanation of a vector's login as text: in one step, where nothing was fetched before it. */
export function explained(vector, options) {
  const { settings, fetched, userinfo, token, user, now } = vector;
  if (!fetched && !userinfo) return explainJson(settings, token, user, now, options);
  return compiled(vector).explainJson(token, user, now, options);
}

function settingsOf({ settings_text, settings }, file) {
  return settings_text ?? JSON.stringify({ ...file.settings[settings.base], ...settings.set });
}
