/** The module that has the advisor as well. */

import * as glue from "./full/glue.js";
import { instanceOf } from "./instance.js";

export const { instantiate, ask, call } = instanceOf(glue);
