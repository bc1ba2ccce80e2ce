/** The package in browsers, workers and bundlers: the module is fetched from beside this file. */

import { instantiate } from "./engine.js";

const response = await fetch(new URL("./engine/glue_bg.wasm", import.meta.url));
if (!response.ok) throw new Error(`${response.url}: ${response.status} ${response.statusText}`);
instantiate(await WebAssembly.compile(await response.arrayBuffer()));

export * from "./api.js";
