/** Bytes that cannot be read, or an object that has no such form. */
export class ProtobufError extends Error {
  constructor(
    message: string,
    /** What the body says that it holds, if that could be read. */
    readonly typeMeta?: TypeMeta,
  ) {
    super(message);
  }
}

/** How an object says what it is. */
export interface TypeMeta {
  readonly apiVersion: string;
  readonly kind: string;
}

/** How a value is written: as a varint, as eight bytes, or as bytes with their length before them. */
export type Wire = 0 | 1 | 2;

const GROUP_START = 3;
const GROUP_END = 4;

/** The head of a field. */
interface Tag {
  readonly field: number;
  readonly wire: number;
}

/** Reads a message field by field, with the words of Go's decoder for what cannot be read. */
export class Reader {
  constructor(
    readonly buffer: Buffer,
    private at = 0,
    private readonly end = buffer.length,
  ) {}

  get done(): boolean {
    return this.at >= this.end;
  }

  /**
   * The head of the next field.
   * @param message whose field it is
   * @throws ProtobufError if it begins none
   */
  tag(message: string): Tag {
    const tag = this.head();
    if (tag.wire === GROUP_END) throw new ProtobufError(`proto: ${message}: wiretype end group for non-group`);
    if (tag.field <= 0)
      throw new ProtobufError(`proto: ${message}: illegal tag ${tag.field} (wire type ${tag.field * 8 + tag.wire})`);
    return tag;
  }

  /** The head of the next field, unchecked. */
  head(): Tag {
    const tag = this.unsigned();
    return typeof tag === 'bigint'
      ? { field: Number(BigInt.asIntN(32, tag >> 3n)), wire: Number(tag & 7n) }
      : { field: Math.floor(tag / 8) | 0, wire: tag % 8 };
  }

  /** An unsigned varint of 64 bits; what does not fit into a number is a bigint. */
  private unsigned(): number | bigint {
    const start = this.at;
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      if (factor > 2 ** 63) throw new ProtobufError('proto: integer overflow');
      if (this.done) throw new ProtobufError('unexpected EOF');
      const byte = this.buffer[this.at++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
    }
    if (value < 2 ** 53) return value;
    let exact = 0n;
    for (let i = start, shift = 0n; i < this.at; i++, shift += 7n) exact |= BigInt(this.buffer[i]! & 0x7f) << shift;
    return BigInt.asUintN(64, exact);
  }

  /** A varint as a signed number, in two's complement. Beyond 2⁵³ the last digits are lost, as JSON would lose them. */
  int(bits: 32 | 64): number {
    const value = this.unsigned();
    if (typeof value === 'number' && (bits === 64 || value < 2 ** 31)) return value;
    return Number(BigInt.asIntN(bits, BigInt(value)));
  }

  double(): number {
    this.skipBytes(8);
    return this.buffer.readDoubleLE(this.at - 8);
  }

  /** The next length-delimited field, as a reader of its own. */
  bytes(): Reader {
    const length = this.length();
    const start = this.at;
    this.skipBytes(length);
    return new Reader(this.buffer, start, this.at);
  }

  /** All that is left. */
  rest(): Buffer {
    const rest = this.buffer.subarray(this.at, this.end);
    this.at = this.end;
    return rest;
  }

  skip(wire: number): void {
    switch (wire) {
      case 0:
        this.unsigned();
        return;
      case 1:
        this.skipBytes(8);
        return;
      case 2:
        this.skipBytes(this.length());
        return;
      case 5:
        this.skipBytes(4);
        return;
      case GROUP_START:
        this.skipGroup();
        return;
      case GROUP_END:
        throw new ProtobufError('proto: unexpected end of group');
      default:
        throw new ProtobufError(`proto: illegal wireType ${wire}`);
    }
  }

  private skipGroup(): void {
    for (let depth = 1; depth > 0; ) {
      const { wire } = this.head();
      if (wire === GROUP_START) depth++;
      else if (wire === GROUP_END) depth--;
      else this.skip(wire);
    }
  }

  private length(): number {
    const length = this.unsigned();
    if (length >= 2 ** 63) throw new ProtobufError('proto: negative length found during unmarshaling');
    return Number(length);
  }

  private skipBytes(count: number): void {
    this.at += count;
    if (this.at > this.end) throw new ProtobufError('unexpected EOF');
  }
}

/** 64 bits, seven to a byte. */
const MAX_VARINT = 10;
const FIRST_BYTES = 256;

/** Writes the fields of a message one after the other, into one buffer that grows. */
export class Writer {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #at = 0;

  /** All that was written; nothing may be written behind it. */
  get buffer(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  int(field: number, value: number): this {
    this.#varint(field * 8);
    this.#varint(value);
    return this;
  }

  double(field: number, value: number): this {
    this.#varint(field * 8 + 1);
    this.#grow(8);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
    return this;
  }

  /** What stands before so many bytes, which are written elsewhere. */
  lengthOf(field: number, length: number): this {
    this.#varint(field * 8 + 2);
    this.#varint(length);
    return this;
  }

  bytes(field: number, value: Buffer): this {
    this.lengthOf(field, value.length);
    this.#grow(value.length);
    this.#at += value.copy(this.#bytes, this.#at);
    return this;
  }

  text(field: number, value: string): this {
    const length = Buffer.byteLength(value);
    this.lengthOf(field, length);
    this.#grow(length);
    this.#at += this.#bytes.write(value, this.#at);
    return this;
  }

  /** @param write writes the fields of the message that this field holds */
  message(field: number, write: () => void): this {
    this.#varint(field * 8 + 2);
    const start = this.#at;
    write();
    // How long it is shows only now: it moves out of the way of its length.
    const length = this.#at - start;
    this.#varint(length);
    const taken = this.#at - start - length;
    this.#bytes.copyWithin(start + taken, start, start + length);
    this.#at = start;
    this.#varint(length);
    this.#at = start + taken + length;
    return this;
  }

  #varint(value: number): void {
    this.#grow(MAX_VARINT);
    if (value >= 0 && value < 2 ** 53) {
      let rest = value;
      for (; rest >= 128; rest = Math.floor(rest / 128)) this.#bytes[this.#at++] = (rest % 128) | 0x80;
      this.#bytes[this.#at++] = rest;
    } else {
      let rest = BigInt.asUintN(64, BigInt(value));
      for (; rest >= 128n; rest >>= 7n) this.#bytes[this.#at++] = Number(rest & 0x7fn) | 0x80;
      this.#bytes[this.#at++] = Number(rest);
    }
  }

  /** Makes room for so many bytes more. */
  #grow(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + count));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
