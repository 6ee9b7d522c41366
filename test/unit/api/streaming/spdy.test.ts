import { PassThrough } from 'node:stream';
import { constants, createDeflate, inflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SpdyConnection, type SpdyStream } from '../../../../src/api/streaming/spdy.js';
import { DICTIONARY } from '../../../../src/api/streaming/spdy-headers.js';

/** What the server sent, in the terms of the protocol. */
interface Frame {
  readonly kind: string;
  readonly id: number;
  readonly fin: boolean;
  readonly body: Buffer;
}

const KINDS: Readonly<Record<number, string>> = { 2: 'SYN_REPLY', 3: 'RST_STREAM', 6: 'PING' };
const number = (value: number, bytes = 4) => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};

function framesOf(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUIntBE(at + 5, 3);
    const isControl = bytes[at]! >= 0x80;
    const whole = bytes.subarray(at + 8, at + 8 + length);
    frames.push({
      kind: isControl ? KINDS[bytes.readUInt16BE(at + 2)]! : 'DATA',
      id: isControl ? whole.readUInt32BE(0) : bytes.readUInt32BE(at),
      fin: (bytes[at + 4]! & 1) !== 0,
      body: isControl ? whole.subarray(4) : whole,
    });
    at += 8 + length;
  }
  return frames;
}

/** A client of SPDY that writes its frames by hand. */
class Client {
  readonly wire = new PassThrough();
  readonly streams: SpdyStream[] = [];
  sent = Buffer.alloc(0);
  readonly served: Promise<void>;
  readonly #deflate = createDeflate({ dictionary: DICTIONARY });

  constructor() {
    const send = async (bytes: Buffer) => {
      this.sent = Buffer.concat([this.sent, bytes]);
    };
    this.served = new SpdyConnection(send, stream => this.streams.push(stream)).serve(this.wire);
  }

  get frames(): Frame[] {
    return framesOf(this.sent);
  }

  async open(id: number, headers: Record<string, string>, flags = 0): Promise<void> {
    const pair = (text: string) => Buffer.concat([number(text.length), Buffer.from(text)]);
    const names = Object.entries(headers).flat();
    const plain = Buffer.concat([number(names.length / 2), ...names.map(pair)]);
    const packed = await new Promise<Buffer>(resolve => {
      const pieces: Buffer[] = [];
      const take = (piece: Buffer) => pieces.push(piece);
      this.#deflate.on('data', take);
      this.#deflate.write(plain);
      this.#deflate.flush(constants.Z_SYNC_FLUSH, () => {
        this.#deflate.off('data', take);
        resolve(Buffer.concat(pieces));
      });
    });
    this.control(1, Buffer.concat([number(id), number(0), number(0, 2), packed]), flags);
    await expect.poll(() => this.streams.some(stream => stream.id === id)).toBe(true);
  }

  control(kind: number, body: Buffer, flags = 0): void {
    this.wire.write(
      Buffer.concat([number(0x8003, 2), number(kind, 2), number(flags, 1), number(body.length, 3), body]),
    );
  }

  data(id: number, text: string, flags = 0): void {
    this.wire.write(Buffer.concat([number(id), number(flags, 1), number(text.length, 3), Buffer.from(text)]));
  }
}

let client: Client;
beforeEach(() => {
  client = new Client();
});
afterEach(() => {
  client.wire.end();
  return client.served.catch(() => {});
});

/** All that comes on a stream. */
async function textOf(stream: SpdyStream): Promise<string> {
  let text = '';
  for await (const bytes of stream.duplex) text += bytes;
  return text;
}

describe('SPDY', () => {
  it('opens streams with their headers, and says so', async () => {
    await client.open(1, { streamType: 'error', port: '80', requestID: '0' });
    await client.open(3, { streamType: 'data', port: '80', requestID: '0' });
    expect(client.streams.map(({ id, headers }) => [id, Object.fromEntries(headers)])).toEqual([
      [1, { streamtype: 'error', port: '80', requestid: '0' }],
      [3, { streamtype: 'data', port: '80', requestid: '0' }],
    ]);
    const replies = client.frames;
    expect(replies.map(({ kind, id }) => `${kind} ${id}`)).toEqual(['SYN_REPLY 1', 'SYN_REPLY 3']);
    const headers = inflateSync(replies[0]!.body, { dictionary: DICTIONARY, finishFlush: constants.Z_SYNC_FLUSH });
    expect(headers).toEqual(number(0));
  });

  it('takes data until its end, in whatever pieces it comes', async () => {
    await client.open(1, {});
    const text = textOf(client.streams[0]!);
    const whole = Buffer.concat([number(1), number(0, 1), number(5, 3), Buffer.from('hello')]);
    for (const byte of whole) client.wire.write(Buffer.of(byte));
    client.data(1, ' world', 1);
    expect(await text).toBe('hello world');
  });

  it('sends data, in frames of 64 KiB at most, and its end', async () => {
    await client.open(1, {});
    client.streams[0]!.duplex.end(Buffer.alloc(100_000, 'x'));
    await expect.poll(() => client.frames.at(-1)?.fin).toBe(true);
    const frames = client.frames.slice(1);
    expect(frames.map(({ kind, id, fin, body }) => [kind, id, fin, body.length])).toEqual([
      ['DATA', 1, false, 65_536],
      ['DATA', 1, false, 34_464],
      ['DATA', 1, true, 0],
    ]);
  });

  it('opens a stream that the client only reads', async () => {
    await client.open(1, {}, 1);
    expect(await textOf(client.streams[0]!)).toBe('');
  });

  it('waits while nobody takes the data', async () => {
    await client.open(1, {});
    await client.open(3, {});
    for (let i = 0; i < 64; i++) client.data(1, 'x'.repeat(4096));
    client.data(3, 'behind', 1);
    const behind = textOf(client.streams[1]!);
    await new Promise(setImmediate);
    expect(client.streams[0]!.duplex.readableLength).toBeLessThan(5 * 4096);
    client.streams[0]!.duplex.resume();
    expect(await behind).toBe('behind');
  });

  it('answers pings, and lets go of streams that were reset', async () => {
    await client.open(1, {});
    client.control(6, number(77));
    await expect.poll(() => client.frames.at(-1)).toMatchObject({ kind: 'PING', id: 77 });
    client.control(3, Buffer.concat([number(1), number(5)]));
    await expect.poll(() => client.streams[0]!.duplex.destroyed).toBe(true);
    client.data(1, 'late');
    await expect.poll(() => client.frames.at(-1)).toMatchObject({ kind: 'RST_STREAM', id: 1, body: number(2) });
  });

  it('resets a stream that breaks', async () => {
    await client.open(1, {});
    client.streams[0]!.duplex.destroy(new Error('broken'));
    await expect.poll(() => client.frames.at(-1)).toMatchObject({ kind: 'RST_STREAM', id: 1, body: number(6) });
  });

  it.each([
    ['another version', Buffer.from('8002000100000000', 'hex'), 'another version of SPDY'],
    ['a frame that is too large', Buffer.from('8003000100ffffff', 'hex'), 'the frame is too large'],
    ['headers that are not packed', Buffer.from('800300010000000c000000010000000000006162', 'hex'), /header/],
  ])('hangs up on %s', async (_, bytes, message) => {
    client.wire.write(bytes);
    await expect(client.served).rejects.toThrow(message);
  });

  it('ends all streams with the connection', async () => {
    await client.open(1, {});
    client.wire.end();
    await client.served;
    expect(client.streams[0]!.duplex.destroyed).toBe(true);
  });
});
