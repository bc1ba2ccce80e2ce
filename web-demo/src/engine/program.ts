// The engine's WebAssembly, which travels inside the page as packed text: nothing is fetched for it.

/** The packed engine, a part of the page of its own, so that the page can be seen before the engine is there. */
export async function packed(): Promise<string> {
  await painted();
  return (await import('virtual:engine')).default;
}

/** The first picture comes first; a page that nobody looks at yet waits for none. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 300);
  });
}
