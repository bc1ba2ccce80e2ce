/**
 * What does an address answer? It is asked with GET, within a time: no redirect is followed, and no more is read than counts.
 */

import { packed } from "./given.js";

/** No answer came. Its message is a clause for the log. */
export class Unanswered extends Error {}

/**
 * Work that asks addresses one after the other: all of them together take no longer than so many milliseconds, even where the
 * platform does not listen to its signal. It is called with what asks one address, and gives its answer as the engine takes it.
 */
export async function within(milliseconds, fetch, work) {
  const controller = new AbortController();
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`not all of it had come after ${milliseconds} ms`);
      controller.abort(error);
      reject(error);
    }, milliseconds);
  });
  // Nobody may be asking just then.
  late.catch(() => {});
  const ask = async (question) => {
    try {
      return await Promise.race([answerTo(question, fetch, controller.signal), late]);
    } catch (error) {
      throw new Unanswered(whyOf(error));
    }
  };
  try {
    return await work(ask);
  } finally {
    clearTimeout(timer);
  }
}

/** The status, the header fields and the body. */
async function answerTo({ url, headers }, fetch, signal) {
  const response = await fetch(url, { headers, redirect: "manual", signal, ...WITHOUT_COOKIES });
  // Browsers hide the status of a redirect, and a `fetch` of another kind may have followed it.
  const isRedirect = response.type === "opaqueredirect" || response.redirected;
  return [isRedirect ? 302 : response.status, response.headers, await bodyOf(response)];
}

/** Cloudflare's Workers have no cookies to leave out, and refuse the word. */
const WITHOUT_COOKIES = "credentials" in Request.prototype ? { credentials: "omit" } : {};

/** The body, no further than it takes to see that it is too long. */
async function bodyOf({ body }) {
  const parts = [];
  const reader = body?.getReader();
  for (let left = BODY_BYTES_READ; reader && left > 0; left -= parts.at(-1).length) {
    const { done, value } = await reader.read();
    if (done) return packed(parts)[0];
    parts.push(value.subarray(0, left));
  }
  // Whether the rest can be called off is nobody's concern.
  reader?.cancel().catch(() => {});
  return packed(parts)[0];
}

/** The engine takes 1 MiB; one byte more shows that it is more. */
const BODY_BYTES_READ = 1_048_576 + 1;

/** Why no answer came, as the platform tells it: Node's `fetch` says no more than that it failed, and its cause why. */
function whyOf(error) {
  const { cause, message } = Object(error);
  return String(cause?.message || cause?.code || message || error);
}
