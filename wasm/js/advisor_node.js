/** The advisor in Node: its module is read from the folder of the package. */

import { readFileSync } from "node:fs";

import { instantiate } from "./full.js";

instantiate(readFileSync(new URL("./full/glue_bg.wasm", import.meta.url)));

export * from "./advisor.js";
