// The document that the engine answers with: the package's own types.

export type {
  Advice,
  CheckReport,
  Decision,
  Explanation,
  Login,
  Moment,
  Position,
  Profile,
  TokenView,
} from '../../../wasm/js/types';
