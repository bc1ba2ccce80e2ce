declare module 'virtual:engine' {
  /** The engine's WebAssembly, gzip, base64. */
  const packed: string;
  export default packed;
}

declare module 'virtual:opening' {
  import type { Marks } from './engine/document';
  import type { Sample, Title } from './samples';
  /** What the page opens with: a sample, the engine's answer to it as JSON text with its marks, and the titles of all samples. */
  const opening: { sample: Sample; answer: string; marks: Marks; titles: Title[] };
  export default opening;
}
