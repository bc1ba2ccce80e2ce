/** What goes wrong, as classes: a refusal can then not be overlooked. */

/** Nobody is logged in. */
export class LoginRefusedError extends Error {
  name = "LoginRefusedError";
}

/** The token may not log in. */
export class TokenRejectedError extends LoginRefusedError {
  name = "TokenRejectedError";

  constructor({ reason, client }) {
    super(`${reason.code}: ${reason.message}`);
    const { code, number, check, remedy, setting, expected, actual, reference } = reason;
    Object.assign(this, { code, number, check, remedy, setting, expected, actual, reference, client });
  }
}

/** The issuer's keys have to be fetched before anything can be decided. */
export class KeysNeededError extends LoginRefusedError {
  name = "KeysNeededError";

  constructor({ keys_needed, client }) {
    super(`the keys of issuer \`${keys_needed.issuer}\` are needed: ${keys_needed.cause}`);
    Object.assign(this, keys_needed, { client });
  }
}

/** The settings cannot be used. */
export class SettingsError extends Error {
  name = "SettingsError";

  /** `seen`: whether the settings are a text that the caller has; an object has no lines, and its setting is named. */
  constructor({ reason }, seen = true) {
    const { code, number, message, remedy, setting, position } = reason;
    const place = position && seen ? ` (line ${position.line}, column ${position.column})` : "";
    super(`${setting ? `${setting}: ` : ""}${message}${place}`);
    Object.assign(this, { code, number, remedy, setting, line: position?.line ?? null, column: position?.column ?? null });
  }
}

/** The token cannot be taken apart. */
export class DecodeError extends Error {
  name = "DecodeError";

  constructor({ code, message }) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** The engine stopped on a bug of its own. Nobody is logged in; the next call meets a fresh engine. */
export class InternalError extends Error {
  name = "InternalError";
  code = "internal_error";

  constructor(cause) {
    super("the engine stopped on a bug of its own and was started afresh; nobody is logged in", { cause });
  }
}
