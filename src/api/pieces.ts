import { setImmediate } from 'node:timers/promises';

/** How much is made, compressed and sent at once, in bytes, and in pieces, of which there may be many small ones. */
const BLOCK_BYTES = 128 * 1024;
const BLOCK_PIECES = 512;

/** What is not longer is made in one go, so that its length can be told before it. */
const WHOLE_BYTES = 8 * 1024 * 1024;
const WHOLE_PIECES = 16_384;

/** An answer of any length. */
export type Pieces =
  | { readonly whole: readonly Buffer[] }
  /** What was made of it, and the rest, which is made when it is asked for. */
  | { readonly unending: Generator<Buffer> };

/** Makes an answer as far as that is quick. An error that comes up meanwhile can still be told to the client. */
export function gather(pieces: Generator<Buffer>): Pieces {
  const made: Buffer[] = [];
  for (let length = 0; length < WHOLE_BYTES && made.length < WHOLE_PIECES; ) {
    const { value, done } = pieces.next();
    if (done) return { whole: made };
    made.push(value);
    length += value.length;
  }
  return { unending: joined(made, pieces) };
}

function* joined(made: readonly Buffer[], rest: Generator<Buffer>): Generator<Buffer> {
  try {
    yield* made;
    yield* rest;
  } finally {
    rest.return(undefined);
  }
}

/**
 * The same bytes in pieces that are worth a way to the socket, or to the thread that compresses them. Others get their turn between two of
 * them, however quick the client is.
 */
export async function* blocksOf(pieces: Iterable<Buffer>): AsyncGenerator<Buffer> {
  let block: Buffer[] = [];
  let length = 0;
  for (const piece of pieces) {
    block.push(piece);
    length += piece.length;
    if (length < BLOCK_BYTES && block.length < BLOCK_PIECES) continue;
    if (length > 0) yield Buffer.concat(block, length);
    block = [];
    length = 0;
    await setImmediate();
  }
  if (length > 0) yield Buffer.concat(block, length);
}
