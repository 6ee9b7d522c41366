/** Letters and digits that Kubernetes uses in generated names: no vowels, no look-alikes. */
export const SAFE_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** Every byte as two hexadecimal digits. */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Where dice stand: four whole numbers of 32 bits. */
export type DiceState = readonly [number, number, number, number];

/**
 * The cluster's only dice: a seeded generator (sfc32), so that the same seed and the same requests give the same
 * names, uids and choices.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number | string) {
    let h = 0x811c9dc5;
    for (const ch of String(seed)) h = Math.imul(h ^ ch.charCodeAt(0), 0x01000193) >>> 0;
    this.#a = h;
    this.#b = Math.imul(h, 0x9e3779b1) >>> 0;
    this.#c = (h ^ 0xdeadbeef) >>> 0;
    for (let i = 0; i < 16; i++) this.uint32();
  }

  /** Dice that will throw what these will. */
  copy(): Random {
    return Random.at(this.state);
  }

  /** All that says what they will throw. */
  get state(): DiceState {
    return [this.#a, this.#b, this.#c, this.#counter];
  }

  /** Dice that go on where others stood. */
  static at([a, b, c, counter]: DiceState): Random {
    const dice = new Random(0);
    dice.#a = a;
    dice.#b = b;
    dice.#c = c;
    dice.#counter = counter;
    return dice;
  }

  /** A whole number in 0 .. 2³²-1. */
  uint32(): number {
    const t = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t;
    return t >>> 0;
  }

  /** A whole number in 0 .. `n`-1. */
  below(n: number): number {
    return Math.floor((this.uint32() / 2 ** 32) * n);
  }

  /** `length` characters of {@link SAFE_ALPHABET}: the suffix of a generated name. */
  suffix(length: number): string {
    let s = '';
    for (let i = 0; i < length; i++) s += SAFE_ALPHABET[this.below(SAFE_ALPHABET.length)];
    return s;
  }

  /** `words` whole numbers of 32 bits, each as 8 hexadecimal digits. */
  hex(words: number): string {
    let digits = '';
    for (let i = 0; i < words; i++) {
      const n = this.uint32();
      digits += BYTES[n >>> 24]! + BYTES[(n >>> 16) & 255]! + BYTES[(n >>> 8) & 255]! + BYTES[n & 255]!;
    }
    return digits;
  }

  /** A version 4 UUID. */
  uuid(): string {
    const hex = this.hex(4);
    const variant = '89ab'[Number.parseInt(hex[16]!, 16) & 3];
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}
