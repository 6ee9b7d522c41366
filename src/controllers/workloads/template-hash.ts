import { SAFE_ALPHABET } from '../../clock/random.js';

/**
 * The hash that names what was made from a template: FNV-1a (32 bits) over the template's text and the collision count, in letters
 * that make no words (POD-10). At most 10 of them. Mirrors `ComputeHash`, but for the text that it is made of.
 * @param text of the template, the same for the same template
 * @param collisionCount of the owner's status; another count gives another hash
 */
export function templateHash(text: string, collisionCount: number | undefined): string {
  let hash = fnv1a(0x811c9dc5, Buffer.from(text));
  if (collisionCount !== undefined) {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32LE(collisionCount);
    hash = fnv1a(hash, bytes);
  }
  return Array.from(String(hash), digit => SAFE_ALPHABET[digit.charCodeAt(0) % SAFE_ALPHABET.length]).join('');
}

function fnv1a(seed: number, bytes: Uint8Array): number {
  let hash = seed;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
