/** The advisor in browsers, workers and bundlers: its module is fetched from beside this file. */

import { compiledFrom } from "./beside.js";
import { instantiate } from "./full.js";

instantiate(await compiledFrom(new URL("./full/glue_bg.wasm", import.meta.url)));

export * from "./advisor.js";
