declare module 'virtual:engine' {
  /** The engine's WebAssembly, gzip, base64. */
  const packed: string;
  export default packed;
}
