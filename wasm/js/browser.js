/** The package in browsers, workers and bundlers: the module is fetched from beside this file. */

import { compiledFrom } from "./beside.js";
import { instantiate } from "./engine.js";

instantiate(await compiledFrom(new URL("./engine/glue_bg.wasm", import.meta.url)));

export * from "./api.js";
