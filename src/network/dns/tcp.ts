import type { Socket } from 'node:net';
import { inCase } from '../../clock/deadline.js';

/** How long a client may be silent, take for a message, or leave its answers lying, by the machine's time. */
const IDLE_MS = 10_000;
/** The length before each message. */
const PREFIX_BYTES = 2;

/**
 * Answers the messages that come on a connection, each with its length before it, in their order. While the client does not take its answers no
 * more is read.
 */
export function serveConnection(socket: Socket, respond: (message: Buffer) => Buffer | undefined): void {
  let chunks: Buffer[] = [];
  let size = 0;
  let needed = PREFIX_BYTES;
  const end = () => {
    socket.destroy();
  };
  let cancel = inCase(IDLE_MS, end);

  /** The next message that is there as a whole. */
  function next(): Buffer | undefined {
    if (size < needed) return undefined;
    const all = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
    chunks = [all];
    needed = PREFIX_BYTES + all.readUInt16BE(0);
    if (size < needed) return undefined;
    const message = all.subarray(PREFIX_BYTES, needed);
    chunks = [all.subarray(needed)];
    size -= needed;
    needed = PREFIX_BYTES;
    return message;
  }

  function work(): void {
    for (let message = next(); message; message = next()) {
      cancel();
      cancel = inCase(IDLE_MS, end);
      const answer = respond(message);
      if (!answer) continue;
      const prefix = Buffer.alloc(PREFIX_BYTES);
      prefix.writeUInt16BE(answer.length);
      if (!socket.write(Buffer.concat([prefix, answer]))) {
        socket.pause();
        socket.once('drain', work);
        return;
      }
    }
    socket.resume();
  }

  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    work();
  });
  socket.on('error', end);
  socket.on('close', () => cancel());
}
