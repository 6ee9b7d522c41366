import { createSocket } from 'node:dgram';
import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address } from '../../../src/network/network.js';

/** What an HTTP request came to: the code and the body, or why there was none (`ECONNREFUSED`, `ECONNRESET`). */
export interface Answer {
  readonly code?: number;
  readonly text: string;
  readonly error?: string;
}

type To = Pick<Address, 'address' | 'port'>;

/** Asks over a connection of its own. @param from the address to come from */
export function get(
  { address, port }: To,
  path = '/',
  from?: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return new Promise(resolve => {
    const asked = request(
      { host: address, port, path, headers, agent: false, ...(from ? { localAddress: from } : {}) },
      response => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', piece => {
          text += piece;
        });
        response.on('end', () => resolve({ code: response.statusCode!, text }));
        response.on('error', (error: NodeJS.ErrnoException) => resolve({ text, error: error.code ?? error.message }));
      },
    );
    asked.on('error', (error: NodeJS.ErrnoException) => resolve({ text: '', error: error.code ?? error.message }));
    asked.end();
  });
}

/** The pod that answers, or why none does. */
export async function whoAnswers(to: To, from?: string): Promise<string> {
  const { code, text, error } = await get(to, '/', from);
  if (error) return error;
  return code === 200 ? (JSON.parse(text) as { pod: string }).pod : String(code);
}

/** Says something over TCP, hangs up its own end, and hears what comes back. */
export function say({ address, port }: To, words: string): Promise<string> {
  return new Promise(resolve => {
    let heard = '';
    const socket = connect({ host: address, port, allowHalfOpen: true }, () => socket.end(words));
    socket.setEncoding('utf8');
    socket.on('data', piece => {
      heard += piece;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.on('close', () => resolve(heard));
  });
}

/** Sends a datagram and waits for the answer; undefined if none comes for a moment. */
export const send = async (to: To, words: string): Promise<string | undefined> =>
  (await sendBytes(to, Buffer.from(words)))?.toString();

/** The same with what is no text. */
export async function sendBytes({ address, port }: To, bytes: Buffer): Promise<Buffer | undefined> {
  const socket = createSocket('udp4');
  const answer = new Promise<Buffer>(resolve => {
    socket.on('message', resolve);
  });
  // A place where nobody listens may say so by an error of the socket.
  socket.on('error', () => {});
  socket.send(bytes, port, address);
  try {
    return await Promise.race([answer, sleep(200, undefined)]);
  } finally {
    socket.close();
  }
}
