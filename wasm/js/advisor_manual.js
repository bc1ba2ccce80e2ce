/** The advisor where the host brings its module itself: inlined, from a cache, under a strict content policy. */

export { instantiate } from "./full.js";
export * from "./advisor.js";
