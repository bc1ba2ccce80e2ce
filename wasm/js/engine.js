/** The module that judges logins. */

import * as glue from "./engine/glue.js";
import { instanceOf } from "./instance.js";

export const { instantiate, currentGeneration, ask, call } = instanceOf(glue);
