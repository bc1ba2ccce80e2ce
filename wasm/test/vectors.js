/** The test vectors that every face answers alike, resolved. */

import { readFileSync, readdirSync } from "node:fs";

const folder = new URL("../../tests/vectors/", import.meta.url);

/** Every vector with the text of its settings. */
export function vectors() {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "signatures.json");
  return files.sort().flatMap((name) => {
    const file = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
    return file.vectors.map((vector) => ({ ...vector, settings: settingsOf(vector, file) }));
  });
}

function settingsOf({ settings_text, settings }, file) {
  return settings_text ?? JSON.stringify({ ...file.settings[settings.base], ...settings.set });
}
