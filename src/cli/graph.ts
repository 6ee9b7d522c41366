import { request as requestInTheClear } from 'node:http';
import { request as requestByTls } from 'node:https';
import type { Access } from './kubeconfig.js';

interface GraphError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

interface Answer<T> {
  readonly message?: string;
  readonly errors?: readonly GraphError[];
  readonly data?: T | null;
}

/** What a server answered in place of what was asked. */
export class GraphFailure extends Error {
  constructor(readonly errors: readonly GraphError[]) {
    super(errors.map(({ message }) => message).join('; '));
  }
}

/**
 * Asks the graph of a server.
 * @throws Error if the server cannot be asked, or is none; GraphFailure with what it answers where something is wrong
 */
export async function askGraph<T>(access: Access, query: string, variables: object): Promise<T> {
  const { errors, data, message } = (await post(access, { query, variables })) as Answer<T>;
  if (errors?.length) throw new GraphFailure(errors);
  if (!data) throw new Error(message ?? `${access.server} is no Kubette`);
  return data;
}

/** Over HTTP or HTTPS; `fetch` would trust no certificate but those of the system's authorities. */
function post({ server, token, ca }: Access, body: object): Promise<Answer<unknown>> {
  const url = new URL('/graphql', server);
  const send = url.protocol === 'https:' ? requestByTls : requestInTheClear;
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  return new Promise((resolve, reject) => {
    const request = send(url, { method: 'POST', headers, ...(ca ? { ca } : {}) }, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        try {
          resolve(JSON.parse(Buffer.concat(chunks).toString()) as Answer<unknown>);
        } catch {
          reject(new Error(`${server} answered ${response.statusCode}, and not as Kubette does`));
        }
      });
    });
    request.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        new Error(
          error.code === 'ECONNREFUSED'
            ? `no server answers at ${server}: start one with kubette, or name it with --server`
            : `${server} cannot be asked: ${error.message}`,
        ),
      ),
    );
    request.end(JSON.stringify(body));
  });
}
