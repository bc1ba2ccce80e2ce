export * from "./index.js";

/**
 * Starts the engine from the bytes of `sqljwt/sqljwt.wasm`, or from the compiled module. Everything else waits for it;
 * a second call changes nothing.
 *
 * In the main thread of some browsers only small modules may be compiled from bytes at once: hand over the result of
 * `await WebAssembly.compile(bytes)` there.
 */
export function instantiate(bytesOrModule: BufferSource | WebAssembly.Module): void;
