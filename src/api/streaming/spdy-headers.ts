import type { Transform } from 'node:stream';
import { constants, createDeflate, createInflate, type Zlib } from 'node:zlib';

/** Words that headers are likely to hold, by which SPDY/3 shortens them: each with its length before it, … */
const WORDS =
  'options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow authorization cache-control connection content-base content-encoding content-language content-length content-location content-md5 content-range content-type date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning www-authenticate method get status'.split(
    ' ',
  );
const MORE_WORDS = ['200 OK', 'version', 'HTTP/1.1', 'url', 'public', 'set-cookie', 'keep-alive', 'origin'];
/** … and a text without lengths. */
const TAIL = [
  '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505',
  '203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden',
  '404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable',
  'Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT',
  'chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,',
  'publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.',
];

/** The dictionary that both ends of SPDY/3 compress headers with. */
export const DICTIONARY = Buffer.concat([...[...WORDS, ...MORE_WORDS].map(lengthAndText), Buffer.from(TAIL.join(''))]);

/** The most that the headers of one frame may come to. */
const MAX_HEADERS = 64 * 1024;

export type Headers = ReadonlyMap<string, string>;

/** Unpacks the headers of frames. They are one compressed stream: none may be left out. */
export class HeaderReader {
  readonly #inflate = createInflate({ dictionary: DICTIONARY });
  readonly #run = runnerOf(this.#inflate);

  /** @throws Error if that cannot be unpacked, or is too much */
  async read(block: Buffer): Promise<Headers> {
    const bytes = await this.#run(block);
    const headers = new Map<string, string>();
    let at = 4;
    const text = () => {
      const end = at + 4 + bytes.readUInt32BE(at);
      const value = bytes.toString('utf8', at + 4, end);
      at = end;
      return value;
    };
    for (let left = bytes.readUInt32BE(0); left > 0; left--) {
      const name = text();
      headers.set(name.toLowerCase(), text());
    }
    return headers;
  }

  close(): void {
    this.#inflate.close();
  }
}

/** Packs the headers of frames. */
export class HeaderWriter {
  readonly #deflate = createDeflate({ dictionary: DICTIONARY });
  readonly #run = runnerOf(this.#deflate);

  write(headers: Headers): Promise<Buffer> {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(headers.size);
    return this.#run(Buffer.concat([count, ...[...headers].flat().map(lengthAndText)]));
  }

  close(): void {
    this.#deflate.close();
  }
}

function lengthAndText(text: string): Buffer {
  const bytes = Buffer.alloc(4 + Buffer.byteLength(text));
  bytes.writeUInt32BE(bytes.length - 4);
  bytes.write(text, 4);
  return bytes;
}

/** Puts one piece after the other through a stream, and answers what each came to. */
function runnerOf(stream: Transform & Zlib & { flush(kind: number, flushed: () => void): void }) {
  let pieces: Buffer[] = [];
  let size = 0;
  let fail: (error: Error) => void = () => {};
  stream.on('data', (piece: Buffer) => {
    pieces.push(piece);
    size += piece.length;
    if (size > MAX_HEADERS) stream.destroy(new Error('the headers are too large'));
  });
  stream.on('error', error => fail(error));
  return (input: Buffer): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      [pieces, size, fail] = [[], 0, reject];
      stream.write(input);
      stream.flush(constants.Z_SYNC_FLUSH, () => resolve(Buffer.concat(pieces)));
    });
}
