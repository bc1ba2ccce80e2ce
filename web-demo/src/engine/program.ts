// The engine's WebAssembly, which travels inside the page as packed text: nothing is fetched for it.

import packed from 'virtual:engine';

/** Unpacks the engine. */
export async function program(): Promise<Uint8Array<ArrayBuffer>> {
  const binary = atob(packed);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
