// What can wait, waits until the page has nothing better to do; each piece by itself, so that none keeps anybody waiting.

/** Longest to wait for a quiet moment, in milliseconds. */
const LONGEST = 400;

export function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: LONGEST });
    else setTimeout(resolve, 50);
  });
}
