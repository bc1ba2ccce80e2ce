/** Whom does a host ask for the groups of a token, and may the token be sent there? */

import { ask } from "./engine.js";
import { bytes, headerFields, httpStatus } from "./given.js";
import { Once } from "./handle.js";

/** One request for what an issuer knows of a token's bearer; `made` is what the engine has of it, or nothing. */
export function userInfoFetch(made, token) {
  return made ? new UserInfoFetch(made, token) : null;
}

class UserInfoFetch {
  #once;
  #token;

  constructor(made, token) {
    this.#once = new Once(made);
    this.#token = token;
    const { url, sends_token: sendsToken } = ask(() => made.told());
    Object.assign(this, { url, sendsToken });
  }

  answer(status, headers, body) {
    const answer = [httpStatus(status), ...headerFields(headers), bytes(body, "body")];
    const made = this.#once.take("the fetch has been answered");
    return userInfoFetch(ask(() => made.answer(this.#token, ...answer)), this.#token);
  }
}
