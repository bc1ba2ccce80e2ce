// What the engine answers: the package's own types, and beside an answer the inputs that it is about.

import type { Explanation, Marks } from '../../../wasm/js/index';

export type {
  Advice,
  CheckMarks,
  CheckReport,
  Decision,
  Explanation,
  Login,
  Marks,
  Moment,
  Position,
  Profile,
  Rejection,
  Span,
  TokenView,
} from '../../../wasm/js/index';

/** An answer, with the places it speaks of in the texts that it is about. */
export interface Judged {
  document: Explanation;
  marks: Marks;
  settings: string;
  token: string;
  user: string;
  now: number;
}
