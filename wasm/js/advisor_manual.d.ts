export * from "./advisor.js";

/**
 * Starts the advisor from the bytes of `sqljwt/full.wasm`, or from the compiled module, as `instantiate` of `sqljwt/manual` starts
 * the engine. Neither starts the other.
 */
export function instantiate(bytesOrModule: BufferSource | WebAssembly.Module): void;
