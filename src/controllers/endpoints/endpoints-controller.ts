import { messageOf, StatusError } from '../../registry/status.js';
import { endpoints } from '../../resources/index.js';
import { equalJson } from '../../resources/json.js';
import type { Endpoints, Service } from '../../resources/types.js';
import { keyOf, splitKey } from '../runtime/keys.js';
import { type Controller, type ControllerContext, source } from '../runtime/types.js';
import { isHeadless } from './pod-endpoint.js';
import { isSelecting, Services } from './services.js';
import { type Subset, subsetsOf, truncated } from './subsets.js';
import { TriggerTimes, withTriggerTime } from './trigger-times.js';

/** Marks the endpoints of Services without an address. */
export const HEADLESS = 'service.kubernetes.io/headless';
const MANAGED_BY = 'endpoints.kubernetes.io/managed-by';
const OVER_CAPACITY = 'endpoints.kubernetes.io/over-capacity';

/** What an Endpoints object should say. */
interface Wanted {
  readonly subsets: Subset[];
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

/**
 * Keeps the Endpoints of every Service that has a selector. Runs in the background, so that a rollout's pods come into
 * them many at a time.
 */
export function endpointsController(context: ControllerContext): Controller {
  const { registry } = context;
  const recorder = context.recorder('endpoint-controller');
  const services = new Services(registry);
  const triggers = new TriggerTimes();

  async function remove(key: string): Promise<void> {
    triggers.forget(key);
    const { namespace, name } = splitKey(key);
    const entry = registry.get(endpoints, namespace, name);
    if (entry) await registry.delete(endpoints, namespace, name, { preconditions: { uid: entry.uid } });
  }

  async function write(
    service: Service,
    { subsets, ...metadata }: Wanted,
    current: Endpoints | undefined,
  ): Promise<void> {
    const { namespace = '', name } = service.metadata;
    const object = { apiVersion: 'v1', kind: 'Endpoints', ...(subsets.length > 0 ? { subsets } : {}) };
    try {
      if (current) await registry.update(endpoints, { ...object, metadata: { ...current.metadata, ...metadata } });
      else await registry.create(endpoints, { ...object, metadata: { ...metadata, namespace, name } });
    } catch (error) {
      // Nothing can be made in a namespace that ends.
      if (StatusError.is(error, 'Forbidden') || StatusError.is(error, 'NotFound')) return;
      const [reason, what] = current ? ['FailedToUpdateEndpoint', 'update'] : ['FailedToCreateEndpoint', 'create'];
      const about = current ?? { apiVersion: 'v1', kind: 'Endpoints', namespace, name };
      recorder.event(
        about,
        'Warning',
        reason!,
        `Failed to ${what} endpoint for service ${namespace}/${name}: ${messageOf(error)}`,
      );
      throw error;
    }
  }

  return {
    name: 'endpoints',
    workers: 5,
    background: true,
    watches: [
      ...services.sources(),
      source(endpoints, ({ type, entry }) => (type === 'DELETED' ? [keyOf(entry)] : [])),
    ],
    async reconcile(key: string) {
      const service = services.get(key);
      if (!service) return remove(key);
      if (!isSelecting(service)) return;
      const pods = services.podsOf(service);
      const trigger = triggers.next(key, service, pods);
      const all = subsetsOf(service, pods);
      const subsets = truncated(all);
      const labels = labelsFor(service);
      const { namespace = '', name } = service.metadata;
      const current = registry.get(endpoints, namespace, name)?.object;
      const { [OVER_CAPACITY]: overCapacity, ...others } = current?.metadata.annotations ?? {};
      const isRight =
        current !== undefined &&
        equalJson(current.subsets ?? [], subsets) &&
        equalJson(current.metadata.labels ?? {}, labels) &&
        (overCapacity !== undefined) === (subsets !== all);
      if (isRight) return;
      const annotations = {
        ...withTriggerTime(others, trigger),
        ...(subsets === all ? {} : { [OVER_CAPACITY]: 'truncated' }),
      };
      await write(service, { subsets, labels, annotations }, current);
    },
  };
}

/** Those of the Service, and what kind of Service it is. */
function labelsFor(service: Service): Record<string, string> {
  const { [HEADLESS]: _, ...labels } = service.metadata.labels ?? {};
  return { ...labels, [MANAGED_BY]: 'endpoint-controller', ...(isHeadless(service) ? { [HEADLESS]: '' } : {}) };
}
