/** A module that lies beside the files of the package, where they came from. */

/** The module at this address, compiled. */
export async function compiledFrom(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${response.statusText}`);
  return await WebAssembly.compile(await response.arrayBuffer());
}
