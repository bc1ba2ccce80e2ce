/** What callers give, as the engine takes it; whatever it cannot take is a TypeError before anything is asked. */

import { bytesOf, isBinary } from "./bytes.js";

/** The text of settings. */
export function text(settings) {
  if (typeof settings === "string") return settings;
  if (isBinary(settings)) throw new TypeError("settings are a text or an object; decode their bytes first");
  // What JSON makes of an object: for a date or a boxed text, no object either.
  const plain = typeof settings === "object" ? JSON.parse(JSON.stringify(settings) ?? "null") : null;
  if (Array.isArray(plain)) return JSON.stringify(plain);
  if (typeof plain !== "object" || plain === null) throw new TypeError("settings are a text or an object");
  // A setting on a line, so that the line of an error tells which it is, in Python too.
  const members = Object.entries(plain).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return `{\n  ${members.join(",\n  ")}\n}`;
}

/** The bytes of a token, or of what else comes as text or bytes; a copy. */
export function bytes(source, what = "token") {
  if (typeof source === "string") return new TextEncoder().encode(source);
  if (ArrayBuffer.isView(source)) return bytesOf(source, `the ${what}`);
  throw new TypeError(`a ${what} is a string, a Uint8Array or a DataView`);
}

/** Texts alone have places: an object is written anew, and bytes are counted otherwise. */
export function written(text, what) {
  if (typeof text === "string") return text;
  throw new TypeError(`${what} with marks is a string`);
}

/** Many texts as the engine takes them: all in one, and where each ends. */
export function packed(texts) {
  const all = new Uint8Array(texts.reduce((length, text) => length + text.length, 0));
  const ends = new Uint32Array(texts.length);
  let end = 0;
  texts.forEach((text, index) => {
    all.set(text, end);
    end += text.length;
    ends[index] = end;
  });
  return [all, ends];
}

/** The SQL user of a login. */
export function requested(user) {
  if (typeof user === "string") return user;
  throw new TypeError("the SQL user is a string, empty to log in as the only one the token gives");
}

/** Whole Unix seconds as the engine counts them; the present, if none are given. */
export function seconds(now = Math.floor(Date.now() / 1000)) {
  const whole = typeof now === "bigint" ? now === BigInt.asIntN(64, now) : Number.isSafeInteger(now);
  if (!whole) throw new TypeError("`now` is a whole number of Unix seconds");
  return BigInt(now);
}

/** Whether an explanation is to be fit for strangers. */
export function redact(options) {
  return options?.redact === true;
}

/** A text of another kind. */
export function string(value, what) {
  if (typeof value === "string") return value;
  throw new TypeError(`${what} is a string`);
}

export function httpStatus(status) {
  if (Number.isInteger(status) && status >= 0 && status <= 0xffff) return status;
  throw new TypeError("a status is a number as HTTP has it");
}

/** Names and values of header fields in turn, as the engine takes texts. */
export function headerFields(headers) {
  return packed([...headers].flatMap(([name, value]) => [name, value].map((part) => bytes(string(part, "a header field")))));
}

/** What stands in a list, each as a string. */
export function strings(list, what) {
  return Array.from(list, (value) => string(value, what));
}
