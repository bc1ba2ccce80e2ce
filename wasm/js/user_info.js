/** Whom does a host ask for the groups of a token, and may the token be sent there? */

import { ask, currentGeneration } from "./engine.js";
import { InternalError } from "./errors.js";
import { bytes, headerFields, httpStatus } from "./given.js";

/** One request for what an issuer knows of a token's bearer; `made` is what the engine has of it, or nothing. */
export function userInfoFetch(made, token) {
  return made ? new UserInfoFetch(made, token) : null;
}

class UserInfoFetch {
  #made;
  #token;
  #generation = currentGeneration();

  constructor(made, token) {
    this.#made = made;
    this.#token = token;
    const { url, sends_token: sendsToken } = ask(() => made.told());
    Object.assign(this, { url, sendsToken });
  }

  answer(status, headers, body) {
    const answer = [httpStatus(status), ...headerFields(headers), bytes(body, "body")];
    const made = this.#made;
    if (!made) throw new TypeError("the fetch has been answered");
    this.#made = undefined;
    if (this.#generation !== currentGeneration()) throw new InternalError(new Error("the fetch was begun before that"));
    return userInfoFetch(ask(() => made.answer(this.#token, ...answer)), this.#token);
  }
}
