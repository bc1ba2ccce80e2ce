/** JavaScript answers the contract's questions; the README beside this file says how they are put. */

const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The answers to questions, given as bytes; `sqljwt` is the package, by whichever door it came. */
export function answers(sqljwt, questions) {
  const lines = [];
  const each = fields(questions);
  for (let id = each.next(); !id.done; id = each.next()) {
    const [settings, token, user, now] = Array.from({ length: 4 }, () => each.next().value);
    const question = [text.decode(settings), token, text.decode(user), BigInt(text.decode(now))];
    lines.push(`${text.decode(id.value)}\t${verdict(sqljwt, ...question)}\t${sqljwt.explainJson(...question)}\n`);
  }
  return lines.join("");
}

/** What `validate` decides. */
function verdict(sqljwt, settings, token, user, now) {
  try {
    const validator = new sqljwt.Validator(settings);
    const login = validator.validate(token, user, now);
    validator.free();
    return `accept ${login.user}`;
  } catch (error) {
    if (error instanceof sqljwt.KeysNeededError) return "keys_needed";
    if (error instanceof sqljwt.TokenRejectedError || error instanceof sqljwt.SettingsError) return `reject ${error.code}`;
    throw error;
  }
}

/** Netstrings, one after the other. */
function* fields(bytes) {
  for (let at = 0; at < bytes.length; ) {
    const colon = bytes.indexOf(0x3a, at);
    const end = colon + 1 + Number(text.decode(bytes.subarray(at, colon)));
    if (bytes[end] !== 0x2c) throw new Error("a field ends with a comma");
    yield bytes.subarray(colon + 1, end);
    at = end + 1;
  }
}
