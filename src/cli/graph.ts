import { ask } from './http.js';
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

async function post(access: Access, body: object): Promise<Answer<unknown>> {
  const { server, token, ca } = access;
  const headers = { 'content-type': 'application/json' };
  const question = { method: 'POST', headers, body: JSON.stringify(body) };
  const { status, text } = await ask({ server, token, ca }, '/graphql', question);
  try {
    return JSON.parse(text) as Answer<unknown>;
  } catch {
    throw new Error(`${server} answered ${status}, and not as Kubette does`);
  }
}
