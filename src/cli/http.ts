import { request as requestInTheClear } from 'node:http';
import { request as requestByTls } from 'node:https';
import { type Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { KeyPair } from '../access/key-pair.js';

/** A server, and how a client is known to it. */
export interface Endpoint {
  /** Its address; the paths that are asked for come behind what it has of a path. */
  readonly server: string;
  readonly token?: string | undefined;
  /** Name and password, `name:password`, for who shows no token. */
  readonly password?: string | undefined;
  /** By which the client is known, in place of a token. */
  readonly client?: KeyPair | undefined;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca?: string | undefined;
  /** The name that the server's certificate must have, if not that of its address. */
  readonly serverName?: string | undefined;
  /** Whether to believe whoever answers. */
  readonly insecure?: boolean | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
  /** Where an answer that is a success goes as it comes, in place of its text. */
  readonly into?: Writable;
}

/**
 * Asks over HTTP or HTTPS; `fetch` would trust no certificate but those of the system's authorities.
 * @throws Error if no server answers
 */
export function ask(
  endpoint: Endpoint,
  path: string,
  { method = 'GET', headers, body, into }: Question = {},
): Promise<Answer> {
  const { server } = endpoint;
  const url = new URL(server.replace(/\/$/, '') + path);
  const send = url.protocol === 'https:' ? requestByTls : requestInTheClear;
  return new Promise((resolve, reject) => {
    const options = {
      method,
      headers: { 'accept-encoding': 'gzip', ...credentials(endpoint), ...headers },
      ...tls(endpoint),
    };
    const fail = (error: NodeJS.ErrnoException) => reject(new Error(unreachable(server, error)));
    const request = send(url, options, response => {
      const chunks: Buffer[] = [];
      const collect = new Writable({
        write(chunk: Buffer, _, done) {
          chunks.push(chunk);
          done();
        },
      });
      const isPacked = response.headers['content-encoding'] === 'gzip';
      const target = into && response.statusCode === 200 ? passedOn(into) : collect;
      const read = isPacked ? pipeline(response, createGunzip(), target) : pipeline(response, target);
      read.then(
        () =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        fail,
      );
    });
    request.on('error', fail);
    if (body === undefined || typeof body === 'string') request.end(body);
    else pipeline(body, request).catch(fail);
  });
}

/** Writes to what is not to be closed behind it. */
const passedOn = (to: Writable): Writable =>
  new Writable({
    write(chunk: Buffer, _, done) {
      to.write(chunk, done);
    },
  });

function credentials({ token, password }: Endpoint): Record<string, string> {
  if (token) return { authorization: `Bearer ${token}` };
  return password ? { authorization: `Basic ${Buffer.from(password).toString('base64')}` } : {};
}

const tls = ({ ca, client, serverName, insecure }: Endpoint): object => ({
  ...(ca ? { ca } : {}),
  ...(client ? { cert: client.certificate, key: client.key } : {}),
  ...(serverName ? { servername: serverName } : {}),
  ...(insecure ? { rejectUnauthorized: false } : {}),
});

const unreachable = (server: string, { code, message }: NodeJS.ErrnoException): string =>
  code === 'ECONNREFUSED'
    ? `no server answers at ${server}: start one with kubette, or name it with --server`
    : `${server} cannot be asked: ${message}`;
