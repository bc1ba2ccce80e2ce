// The engine's WebAssembly, which travels inside the page as packed text: nothing is fetched for it.

/** Unpacks the engine. */
export async function program(): Promise<Uint8Array<ArrayBuffer>> {
  // A part of its own, so that the page can be seen before the engine is there.
  const { default: packed } = await import('virtual:engine');
  const binary = atob(packed);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
