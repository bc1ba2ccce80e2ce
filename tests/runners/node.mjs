/** The npm package in Node: questions on standard input, answers on standard output. */

import { readFileSync } from "node:fs";

import * as sqljwt from "sqljwt";
import { answers } from "./runner.mjs";

process.stdout.write(answers(sqljwt, readFileSync(0)));
