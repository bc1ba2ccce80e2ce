/** The package in Node: the module is read from the folder of the package. */

import { readFileSync } from "node:fs";

import { instantiate } from "./engine.js";

instantiate(readFileSync(new URL("./engine/glue_bg.wasm", import.meta.url)));

export * from "./api.js";
