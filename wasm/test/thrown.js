/** What an action throws; an action that throws nothing fails the test. */

import assert from "node:assert/strict";

export function thrown(action) {
  try {
    action();
  } catch (error) {
    return error;
  }
  assert.fail("nothing was thrown");
}
