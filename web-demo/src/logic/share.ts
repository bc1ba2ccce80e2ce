// A link that carries settings and user in its fragment, which browsers never send anywhere; never a token or a private key.

export interface Shared {
  settings: string;
  user: string;
}

/** Most characters of settings that a link carries, packed and unpacked. */
const PACKED_MAX = 24_000;
const UNPACKED_MAX = 1_000_000;

const TOKEN = /[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*|\beyJ[A-Za-z0-9_-]{16,}/;
const PRIVATE_KEY = /PRIVATE KEY-----|\\?"(?:d|p|q|dp|dq|qi|oth|k)\\?"\s*:|\\u00(?:64|70|71|6b)\\?"\s*:/i;

/** Why these inputs must not travel in a link; null when they may. */
export function secretIn(shared: Shared): string | null {
  const text = `${shared.settings}\n${shared.user}`;
  if (PRIVATE_KEY.test(text)) return 'The settings seem to hold a private or symmetric key, so no link was made.';
  if (TOKEN.test(text)) return 'The settings or the user seem to hold a token, so no link was made.';
  return null;
}

/** The fragment for these inputs. */
export async function pack(shared: Shared): Promise<string> {
  const secret = secretIn(shared);
  if (secret) throw new Error(secret);
  const bytes = new TextEncoder().encode(JSON.stringify({ v: 1, settings: shared.settings, user: shared.user }));
  const packed = await through(bytes, new CompressionStream('deflate-raw'), Infinity);
  let binary = '';
  for (const byte of packed) binary += String.fromCharCode(byte);
  const text = btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  if (text.length > PACKED_MAX) throw new Error('The settings are too long for a link; copy them as SQL instead.');
  return `#v1=${text}`;
}

/** The inputs in a fragment; null when it holds none that can be read. */
export async function unpack(fragment: string): Promise<Shared | null> {
  const text = /^#v1=([A-Za-z0-9_-]{1,24000})$/.exec(fragment)?.[1];
  if (!text) return null;
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const packed = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const bytes = await through(packed, new DecompressionStream('deflate-raw'), UNPACKED_MAX);
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Record<string, unknown>;
    if (value['v'] !== 1 || typeof value['settings'] !== 'string' || typeof value['user'] !== 'string') return null;
    return { settings: value['settings'], user: value['user'] };
  } catch {
    return null;
  }
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream as ReadableWritablePair<Uint8Array, Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new Error('too long');
    }
    parts.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
