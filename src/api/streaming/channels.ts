import { Duplex, Readable, Writable } from 'node:stream';
import type { RawData, WebSocket } from 'ws';

/** With `v5`, a message to this channel closes the one that it names. */
const CLOSE_CHANNEL = 255;

/**
 * Several streams over one WebSocket: the first byte of each message says whose it is. In the form for those who cannot send bytes
 * (`base64`), it is a digit, and the rest is Base64.
 */
export class Channels {
  readonly #ws: WebSocket;
  readonly #base64: boolean;
  readonly #readers = new Map<number, Readable>();

  constructor(ws: WebSocket, base64: boolean) {
    this.#ws = ws;
    this.#base64 = base64;
    ws.on('message', (data, isBinary) => this.#receive(bytesOf(data), isBinary));
    ws.on('close', () => {
      for (const reader of this.#readers.values()) reader.push(null);
    });
  }

  /** What the client sends on a channel. The connection is not read on while nobody takes what came. */
  reader(channel: number): Readable {
    const reader = new Readable({ read: () => this.#ws.resume() });
    this.#readers.set(channel, reader);
    return reader;
  }

  /** What is sent to the client on a channel. */
  writer(channel: number): Writable {
    return new Writable({
      write: (bytes: Buffer, _, done) => this.send(channel, bytes, () => done()),
    });
  }

  /** Both ways of a channel. */
  duplex(channel: number): Duplex {
    return Duplex.from({ readable: this.reader(channel), writable: this.writer(channel) });
  }

  send(channel: number, bytes: Buffer, sent: () => void = () => {}): void {
    if (this.#base64) this.#ws.send(`${channel}${bytes.toString('base64')}`, sent);
    else this.#ws.send(Buffer.concat([Buffer.of(channel), bytes]), sent);
  }

  /** Says goodbye, once all that was sent is on its way. */
  close(): void {
    this.#ws.close(1000);
  }

  #receive(message: Buffer, isBinary: boolean): void {
    if (message.length === 0) return;
    const isText = this.#base64 && !isBinary;
    const channel = isText ? message[0]! - DIGIT_ZERO : message[0]!;
    if (channel === CLOSE_CHANNEL) {
      const reader = this.#readers.get(message[1] ?? CLOSE_CHANNEL);
      this.#readers.delete(message[1] ?? CLOSE_CHANNEL);
      reader?.push(null);
      return;
    }
    const bytes = isText ? Buffer.from(message.subarray(1).toString(), 'base64') : message.subarray(1);
    // An empty message says that the channel is there.
    if (bytes.length > 0 && this.#readers.get(channel)?.push(bytes) === false) this.#ws.pause();
  }
}

const DIGIT_ZERO = 48;

/** A message in one piece. */
export function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
