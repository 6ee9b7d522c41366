import type { Registry } from '../../src/registry/registry.js';
import { type Status, StatusError } from '../../src/registry/status.js';
import type { AnyDefinition, DeleteOptions, WriteOptions } from '../../src/registry/types.js';
import { apiVersionOf } from '../../src/resources/definition.js';
import { overridden } from './intercept.js';

/** A request over HTTP. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** Sends a request, and answers with the object that comes back. @throws StatusError as the server answers */
export async function send(url: string, { method, path, body }: Sent): Promise<object> {
  const headers = { 'Content-Type': 'application/json', 'User-Agent': 'history/1.0' };
  const response = await fetch(url + path, { method, headers, body });
  const answer = (await response.json()) as Status;
  if (response.ok) return answer;
  throw new StatusError(answer.code, answer.reason ?? '', answer.message ?? '', answer.details);
}

const pathOf = (kind: AnyDefinition, namespace: string, ...rest: readonly (string | undefined)[]) =>
  [
    kind.group ? `/apis/${apiVersionOf(kind)}` : `/api/${apiVersionOf(kind)}`,
    ...(kind.namespaced ? ['namespaces', namespace] : []),
    kind.plural,
    ...rest.filter(Boolean),
  ].join('/');

/** A registry whose writes are sent over HTTP, and read as it is. */
export function writingOver(registry: Registry, write: (sent: Sent) => Promise<object>): Registry {
  const request = async (method: string, path: string, body: object) => ({
    object: await write({ method, path, body: JSON.stringify(body) }),
  });
  return overridden(registry, {
    create: (kind: AnyDefinition, draft: Parameters<Registry['create']>[1]) =>
      request('POST', pathOf(kind, draft.metadata.namespace ?? ''), draft),
    update: (kind: AnyDefinition, object: Parameters<Registry['update']>[1], { subresource }: WriteOptions = {}) =>
      request('PUT', pathOf(kind, object.metadata.namespace ?? '', object.metadata.name, subresource), object),
    delete: (kind: AnyDefinition, namespace: string, name: string, options: DeleteOptions = {}) =>
      request('DELETE', pathOf(kind, namespace, name), { apiVersion: 'v1', kind: 'DeleteOptions', ...options }),
  } as unknown as Partial<Registry>);
}
