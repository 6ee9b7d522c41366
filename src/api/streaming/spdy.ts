import { Duplex } from 'node:stream';
import { HeaderReader, type Headers, HeaderWriter } from './spdy-headers.js';

/** Kinds of control frames. */
const SYN_STREAM = 1;
const SYN_REPLY = 2;
const RST_STREAM = 3;
const PING = 6;
const HEADERS = 8;

/** Why a stream is reset. */
const INVALID_STREAM = 2;
const REFUSED_STREAM = 3;
const INTERNAL_ERROR = 6;

const VERSION = 3;
const FIN = 1;
const HEAD = 8;
const MAX_CONTROL_FRAME = 64 * 1024;
const MAX_DATA_FRAME = 64 * 1024;
/** Streams that a client may have open. */
const MAX_STREAMS = 1024;

/** The way to the other end: resolves once there is room for more. */
export type Send = (bytes: Buffer) => Promise<void>;

/** A stream that the client has opened. */
export interface SpdyStream {
  readonly id: number;
  readonly headers: Headers;
  readonly duplex: Duplex;
}

/**
 * The server's end of a SPDY/3.1 connection: what kubectl's port-forward speaks inside of a WebSocket. Only what it needs of it:
 * streams opened by the client, data both ways, pings; no flow control, which clients of Kubernetes do not use either.
 */
export class SpdyConnection {
  readonly #send: Send;
  readonly #onStream: (stream: SpdyStream) => void;
  readonly #streams = new Map<number, Incoming>();
  readonly #reader = new HeaderReader();
  readonly #writer = new HeaderWriter();

  constructor(send: Send, onStream: (stream: SpdyStream) => void) {
    this.#send = send;
    this.#onStream = onStream;
  }

  /**
   * Carries out what the client sends, until it goes. Settings and its goodbye need no answer.
   * @throws Error if that is no SPDY/3
   */
  async serve(source: AsyncIterable<Buffer>): Promise<void> {
    let rest: Buffer = Buffer.alloc(0);
    try {
      for await (const bytes of source) {
        rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
        rest = await this.#frames(rest);
      }
    } finally {
      for (const stream of this.#streams.values()) stream.destroy();
      this.#reader.close();
      this.#writer.close();
    }
  }

  /** Takes all complete frames; answers what is left. */
  async #frames(bytes: Buffer): Promise<Buffer> {
    let at = 0;
    while (bytes.length - at >= HEAD) {
      const length = bytes.readUIntBE(at + 5, 3);
      const isControl = bytes[at]! >= 0x80;
      if (isControl && length > MAX_CONTROL_FRAME) throw new Error('the frame is too large');
      if (bytes.length - at < HEAD + length) break;
      const frame = bytes.subarray(at, at + HEAD + length);
      if (isControl) await this.#control(frame);
      else await this.#data(frame);
      at += HEAD + length;
    }
    return bytes.subarray(at);
  }

  async #control(frame: Buffer): Promise<void> {
    if ((frame.readUInt16BE(0) & 0x7fff) !== VERSION) throw new Error('the frame is of another version of SPDY');
    const body = frame.subarray(HEAD);
    switch (frame.readUInt16BE(2)) {
      case SYN_STREAM:
        return this.#opened(idOf(body), await this.#reader.read(body.subarray(10)), (frame[4]! & FIN) !== 0);
      case HEADERS:
        await this.#reader.read(body.subarray(4));
        return;
      case RST_STREAM:
        this.#streams.get(idOf(body))?.destroy();
        return;
      case PING:
        return this.#send(frame);
    }
  }

  async #opened(id: number, headers: Headers, isHalf: boolean): Promise<void> {
    if (this.#streams.size >= MAX_STREAMS) return this.#reset(id, REFUSED_STREAM);
    const duplex = new Incoming({
      write: (bytes: Buffer, _, done) => {
        this.#sendData(id, bytes).then(() => done(), done);
      },
      final: done => {
        this.#send(dataFrame(id, FIN, Buffer.alloc(0))).then(() => done(), done);
      },
    });
    this.#streams.set(id, duplex);
    duplex.on('error', () => this.#reset(id, INTERNAL_ERROR).catch(() => {}));
    duplex.on('close', () => this.#streams.delete(id));
    if (isHalf) duplex.push(null);
    await this.#send(control(SYN_REPLY, 0, Buffer.concat([uint32s(id), await this.#writer.write(new Map())])));
    this.#onStream({ id, headers, duplex });
  }

  /** Waits while nobody takes what has come: then the client has to wait as well. */
  async #data(frame: Buffer): Promise<void> {
    const stream = this.#streams.get(idOf(frame));
    if (!stream || stream.readableEnded) return this.#reset(idOf(frame), INVALID_STREAM);
    if (frame.length > HEAD) await stream.arrived(frame.subarray(HEAD));
    if ((frame[4]! & FIN) !== 0) stream.push(null);
  }

  async #sendData(id: number, bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; at += MAX_DATA_FRAME) {
      await this.#send(dataFrame(id, 0, bytes.subarray(at, at + MAX_DATA_FRAME)));
    }
  }

  #reset(id: number, why: number): Promise<void> {
    return this.#send(control(RST_STREAM, 0, uint32s(id, why)));
  }
}

/** One stream, as the server reads and writes it. */
class Incoming extends Duplex {
  #taken = () => {};

  override _read(): void {
    this.#taken();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#taken();
    done(error);
  }

  /** Resolves once there is room for more. */
  async arrived(bytes: Buffer): Promise<void> {
    const room = new Promise<void>(resolve => {
      this.#taken = resolve;
    });
    if (!this.push(bytes) && !this.destroyed) await room;
  }
}

const idOf = (bytes: Buffer) => bytes.readUInt32BE(0) & 0x7fffffff;

function control(kind: number, flags: number, body: Buffer): Buffer {
  const frame = Buffer.alloc(HEAD + body.length);
  frame.writeUInt16BE(0x8000 | VERSION, 0);
  frame.writeUInt16BE(kind, 2);
  frame.writeUInt32BE(body.length, 4);
  frame[4] = flags;
  body.copy(frame, HEAD);
  return frame;
}

function dataFrame(id: number, flags: number, bytes: Buffer): Buffer {
  const head = uint32s(id, bytes.length);
  head[4] = flags;
  return Buffer.concat([head, bytes]);
}

function uint32s(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, i) => {
    bytes.writeUInt32BE(number, 4 * i);
  });
  return bytes;
}
