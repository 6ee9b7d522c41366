import type { Registry } from '../../registry/registry.js';
import { StatusError } from '../../registry/status.js';
import type { ResourceDefinition } from '../../resources/definition.js';
import type { KubeObject } from '../../resources/types.js';

/** Attempts at a status write beyond the first; after them the object is queued again. */
const RETRIES = 1;

/**
 * Writes the status of a workload; a write that fails is tried once more on the object as it is then (STA-01).
 * @param withStatus the object with the status that it is to have
 * @throws StatusError of the second attempt, or 404 if the object has gone meanwhile
 */
export async function writeStatus<T extends KubeObject>(
  registry: Pick<Registry, 'get' | 'update'>,
  kind: ResourceDefinition<T>,
  object: T,
  withStatus: (current: T) => T,
): Promise<void> {
  let current = object;
  for (let attempt = 0; ; attempt++) {
    try {
      await registry.update(kind, withStatus(current), { subresource: 'status' });
      return;
    } catch (error) {
      if (attempt >= RETRIES) throw error;
    }
    const { namespace = '', name } = object.metadata;
    const fresh = registry.get(kind, namespace, name);
    if (!fresh || fresh.uid !== object.metadata.uid) throw StatusError.notFound(kind, name);
    current = fresh.object;
  }
}
