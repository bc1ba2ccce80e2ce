/** The package where the host brings the module itself: inlined, from a cache, under a strict content policy. */

export { instantiate } from "./engine.js";
export * from "./api.js";
