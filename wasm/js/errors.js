/**
 * What goes wrong, as classes: a refusal can then not be overlooked.
 *
 * An error tells the administrator everything, and is often sent to the client by whatever catches it. So what it tells is
 * not enumerable, and as JSON it is what the client may know.
 */

/** On every error, of any copy of this package and of any realm: the name of its class. */
const BRAND = Symbol.for("sqljwt.error");

/** All that an error tells beside its message. */
const TOLD = Symbol("told");

/** Nobody is logged in. */
export class LoginRefusedError extends Error {
  static {
    named(this, "LoginRefusedError");
  }

  static isLoginRefused(error) {
    return TokenRejectedError.isTokenRejected(error) || KeysNeededError.isKeysNeeded(error);
  }
}

/** The token may not log in. */
export class TokenRejectedError extends LoginRefusedError {
  static {
    named(this, "TokenRejectedError");
  }

  static isTokenRejected(error) {
    return brandOf(error) === "TokenRejectedError";
  }

  constructor({ reason, userinfo_needed = null, client }) {
    super(`${reason.code}: ${reason.message}`);
    const { code, number, check, remedy, setting, expected, actual, reference } = reason;
    tell(this, { code, number, check, remedy, setting, expected, actual, reference, userinfo_needed, client });
  }
}

/** The issuer's keys have to be fetched before anything can be decided. */
export class KeysNeededError extends LoginRefusedError {
  static {
    named(this, "KeysNeededError");
  }

  static isKeysNeeded(error) {
    return brandOf(error) === "KeysNeededError";
  }

  constructor({ keys_needed, client }) {
    super(`the keys of issuer \`${keys_needed.issuer}\` are needed: ${keys_needed.cause}`);
    // What can be done an explanation tells: to find it takes as long.
    const { remedies: _, ...told } = keys_needed;
    tell(this, { code: "keys_needed", ...told, client });
  }
}

/** Somebody else fetches the keys, or they could not be had just now. */
export class KeysAwaitedError extends Error {
  static {
    named(this, "KeysAwaitedError");
  }

  static isKeysAwaited(error) {
    return brandOf(error) === "KeysAwaitedError";
  }

  constructor({ until }) {
    super(`the keys are being fetched, or could not be had just now: until ${until}`);
    tell(this, { code: "keys_awaited", until });
  }
}

/** Keys could not be had: nobody logs in by them. */
export class FetchError extends Error {
  static {
    named(this, "FetchError");
  }

  static isFetchError(error) {
    return brandOf(error) === "FetchError";
  }

  constructor({ fault, message, remedy }) {
    super(`${fault}: ${message}`);
    tell(this, { code: "keys_failed", fault, remedy });
  }
}

/** The settings cannot be used. */
export class SettingsError extends Error {
  static {
    named(this, "SettingsError");
  }

  static isSettingsError(error) {
    return brandOf(error) === "SettingsError";
  }

  /**
   * `numbers`: those of the reasons, by code. `seen`: whether the settings are a text that the caller has; an object has no
   * lines, and its setting is named.
   */
  constructor({ untold, explanation: { reason, advice, client } }, numbers, seen = true) {
    const { line, column, message, ...told } = fault(reason, numbers);
    const others = advice.filter(({ kind }) => kind === "next_failure").map((other) => fault(other, numbers));
    const place = line !== null && seen ? ` (line ${line}, column ${column})` : "";
    const count = others.length + untold;
    const rest = count ? `, and ${count} other fault${count === 1 ? "" : "s"}` : "";
    super(`${told.setting ? `${told.setting}: ` : ""}${message}${place}${rest}`);
    tell(this, { ...told, line, column, others, untold, client });
  }
}

/** A fault of settings as the errors tell it; documents tell one as their reason, the others as advice. */
function fault({ code, message, remedy, setting, position }, numbers) {
  const { line = null, column = null } = position ?? {};
  return { code, number: numbers.get(code), setting, line, column, message, remedy };
}

/** The token cannot be taken apart. */
export class DecodeError extends Error {
  static {
    named(this, "DecodeError");
  }

  constructor({ code, message }) {
    super(`${code}: ${message}`);
    tell(this, { code });
  }
}

/** The engine stopped on a bug of its own. Nobody is logged in; the next call meets a fresh engine. */
export class InternalError extends Error {
  static {
    named(this, "InternalError");
  }

  constructor(cause) {
    super("the engine stopped on a bug of its own and was started afresh; nobody is logged in", { cause });
    tell(this, { code: "internal_error" });
  }
}

/** Gives a class its name, which minifiers change, and what its errors say of themselves as JSON. */
function named(kind, name) {
  hide(kind.prototype, {
    name,
    [BRAND]: name,
    toJSON() {
      const { code, client } = this;
      return { name, code, client };
    },
    toAdminJSON() {
      return { name, message: this.message, ...this[TOLD] };
    },
  });
}

function tell(error, told) {
  hide(error, { ...told, [TOLD]: told });
}

/** Members that can be read and are not enumerated: not by spreading, nor by whoever writes or copies an object. */
function hide(object, members) {
  for (const name of Reflect.ownKeys(members)) {
    Object.defineProperty(object, name, { value: members[name], writable: true, configurable: true, enumerable: false });
  }
}

function brandOf(error) {
  return typeof error === "object" && error !== null ? error[BRAND] : undefined;
}
