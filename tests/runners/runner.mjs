/** JavaScript answers the contract's questions; the README beside this file says how they are put. */

const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The answers to questions, given as bytes; `sqljwt` is the package, by whichever door it came. */
export function answers(sqljwt, questions) {
  const lines = [];
  const each = fields(questions);
  for (let id = each.next(); !id.done; id = each.next()) {
    const [settings, fetched, userinfo, token, user, now] = Array.from({ length: 6 }, () => each.next().value);
    const question = [token, text.decode(user), BigInt(text.decode(now))];
    lines.push(`${text.decode(id.value)}\t${answer(sqljwt, text.decode(settings), text.decode(fetched), text.decode(userinfo), question)}\n`);
  }
  return lines.join("");
}

/** What `validate` decides, and the document of `explain`. */
function answer(sqljwt, settings, fetched, userinfo, question) {
  let validator;
  try {
    validator = new sqljwt.Validator(settings);
  } catch (error) {
    if (error instanceof sqljwt.SettingsError) return `reject ${error.code}\t${sqljwt.explainJson(settings, ...question)}`;
    throw error;
  }
  const cache = new sqljwt.KeyCache(validator);
  cache.replay(fetched);
  const withKeys = validator.withKeys(cache);
  const asked = userinfo === "" ? withKeys : withKeys.withUserInfo(question[0], 200, userinfo);
  const told = `${verdict(sqljwt, asked, question)}\t${asked.explainJson(...question)}`;
  for (const handle of new Set([asked, withKeys, cache, validator])) handle.free();
  return told;
}

/** What `validate` decides. */
function verdict(sqljwt, validator, question) {
  try {
    return `accept ${validator.validate(...question).user}`;
  } catch (error) {
    if (error instanceof sqljwt.KeysNeededError) return "keys_needed";
    if (error instanceof sqljwt.TokenRejectedError) return `reject ${error.code}`;
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
