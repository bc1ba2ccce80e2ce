/** Bytes as the caller has them, copied while they are there: of any realm, and no longer anybody else's to change. */

/** The class that all typed arrays extend; its methods know an array of another realm by what it is. */
const TypedArray = Object.getPrototypeOf(Uint8Array);
const nameOf = getter(TypedArray.prototype, Symbol.toStringTag);
const lengthOf = getter(DataView.prototype, "byteLength");
const offsetOf = getter(DataView.prototype, "byteOffset");
const bufferOf = getter(DataView.prototype, "buffer");

/**
 * A copy of the bytes of a `Uint8Array`, a `DataView` or a buffer. A buffer that was handed to another thread, or has shrunk
 * until the view reached beyond it, has no bytes to give: that is the caller's mistake, and must not be taken for an empty text.
 */
export function bytesOf(source, what) {
  let copy;
  try {
    copy = copied(source);
  } catch (cause) {
    throw new TypeError(`${what} has lost its bytes: their buffer was transferred, or has shrunk`, { cause });
  }
  if (!copy) throw new TypeError(`${what} is neither a Uint8Array nor a DataView`);
  return copy;
}

/** Whether it is bytes of any kind, and no text or plain object. */
export function isBinary(value) {
  return ArrayBuffer.isView(value) || isBuffer(value);
}

function copied(source) {
  if (isBuffer(source)) return new Uint8Array(new Uint8Array(source));
  if (!ArrayBuffer.isView(source)) return undefined;
  switch (nameOf(source)) {
    case "Uint8Array":
      return new Uint8Array(source);
    case undefined:
      return new Uint8Array(new Uint8Array(bufferOf(source), offsetOf(source), lengthOf(source)));
    default:
      return undefined;
  }
}

function isBuffer(source) {
  return ["[object ArrayBuffer]", "[object SharedArrayBuffer]"].includes(Object.prototype.toString.call(source));
}

function getter(prototype, name) {
  const { get } = Object.getOwnPropertyDescriptor(prototype, name);
  return (object) => get.call(object);
}
