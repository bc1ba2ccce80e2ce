// The engine's WebAssembly, which travels inside the page as packed text: nothing is fetched for it.

/** The packed engine, a part of the page of its own, so that the page can be seen before the engine is there. */
export async function packed(): Promise<string> {
  return (await import('virtual:engine')).default;
}
