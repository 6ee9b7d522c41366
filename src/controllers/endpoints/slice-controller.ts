import { ownersOf, podsByNode } from '../../registry/indexes.js';
import { messageOf, StatusError } from '../../registry/status.js';
import { endpointSlices, nodes } from '../../resources/index.js';
import { equalJson } from '../../resources/json.js';
import { isReady, isTerminating } from '../../resources/state.js';
import type { EndpointSlice, Node, Pod, Service } from '../../resources/types.js';
import { SERVICE_OF_SLICE, ZONE_LABEL } from '../../resources/well-known.js';
import type { Change } from '../../store/entry.js';
import { keyOf } from '../runtime/keys.js';
import { type Controller, type ControllerContext, nothing, source } from '../runtime/types.js';
import { HEADLESS } from './endpoints-controller.js';
import { hintsFor } from './hints.js';
import { addressesOf, familiesOf, hostnameIn, isHeadless, isReachable, portsOf, referenceTo } from './pod-endpoint.js';
import { isSelecting, Services } from './services.js';
import { type Endpoint, type Group, keyOfPorts, type NewSlice, planSlices } from './slice-plan.js';
import { TriggerTimes, withTriggerTime } from './trigger-times.js';

const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const OURSELVES = 'endpointslice-controller.k8s.io';

/**
 * Keeps the EndpointSlices of every Service that has a selector, at most 100 endpoints in each. Runs in the background, so
 * that a rollout's pods come into them many at a time. The slices of a Service that is gone are the garbage collector's.
 */
export function endpointSliceController(context: ControllerContext): Controller {
  const { registry } = context;
  const recorder = context.recorder('endpoint-slice-controller');
  const services = new Services(registry);
  const triggers = new TriggerTimes();
  const byNode = podsByNode(registry);
  const byService = registry.index(endpointSlices, 'service', slice => serviceKeys(slice));

  function nodeKeys({ type, entry, previous }: Change<Node>): Iterable<string> {
    const zone = entry.object.metadata.labels?.[ZONE_LABEL];
    const concerns =
      type === 'ADDED' || (type === 'MODIFIED' && zone !== previous?.object.metadata.labels?.[ZONE_LABEL]);
    if (!concerns) return [];
    return new Set(
      byNode.get(entry.name).flatMap(({ object }) => services.of(object).map(({ metadata }) => keyOf(metadata))),
    );
  }

  /** The endpoints of one address family, grouped by the ports that they serve. */
  function groupsOf(service: Service, pods: readonly Pod[], family: string): Group[] {
    const groups = new Map<string, { ports: Group['ports']; endpoints: Endpoint[] }>();
    for (const pod of pods) {
      const addresses = addressesOf(pod, family);
      if (!isReachable(pod) || addresses.length === 0) continue;
      const ports = portsOf(pod, service).map(({ name, protocol, port, appProtocol }) => ({
        name,
        protocol,
        port,
        ...(appProtocol ? { appProtocol } : {}),
      }));
      const endpoint = endpointOf(service, pod, addresses);
      if (!endpoint) continue;
      const key = keyOfPorts(ports);
      const group = groups.get(key);
      if (group) group.endpoints.push(endpoint);
      else groups.set(key, { ports, endpoints: [endpoint] });
    }
    return [...groups.values()];
  }

  /** None for a pod on a node that does not exist, unless the Service wants to show it anyway. */
  function endpointOf(service: Service, pod: Pod, addresses: string[]): Endpoint | undefined {
    const { nodeName } = pod.spec;
    const publish = service.spec.publishNotReadyAddresses === true;
    const node = nodeName ? registry.get(nodes, '', nodeName)?.object : undefined;
    if (!node && !publish) return undefined;
    const [serving, terminating] = [isReady(pod), isTerminating(pod)];
    const hostname = hostnameIn(pod, service);
    const zone = node?.metadata.labels?.[ZONE_LABEL];
    const ready = publish || (serving && !terminating);
    // What is not ready is for nobody.
    const hints = ready ? hintsFor(service, nodeName, zone) : undefined;
    return {
      addresses,
      conditions: { ready, serving, terminating },
      ...(hostname ? { hostname } : {}),
      targetRef: referenceTo(pod),
      ...(nodeName ? { nodeName } : {}),
      ...(zone ? { zone } : {}),
      ...(hints ? { hints } : {}),
    };
  }

  async function sync(service: Service): Promise<void> {
    const pods = services.podsOf(service);
    const trigger = triggers.next(keyOf(service.metadata), service, pods);
    const existing = byService
      .get(keyOf(service.metadata))
      .map(({ object }) => object)
      .filter(slice => slice.metadata.deletionTimestamp === undefined);
    const families = familiesOf(service);
    const labels = labelsFor(service);
    const ours = existing.filter(slice => isOwnedBy(slice, service) && families.includes(slice.addressType));
    const writes = existing.filter(slice => !ours.includes(slice)).map(remove);
    for (const family of families) {
      const slices = ours.filter(slice => slice.addressType === family);
      const plan = planSlices(slices, groupsOf(service, pods, family));
      if (service.metadata.deletionTimestamp === undefined) {
        writes.push(...plan.create.map(slice => create(service, family, slice, labels, trigger)));
      }
      for (const slice of slices) {
        const content = plan.update.get(slice);
        const isStale = content !== undefined || !equalJson(slice.metadata.labels ?? {}, labels);
        if (isStale && !plan.remove.includes(slice)) writes.push(update(slice, content, labels, trigger));
      }
      writes.push(...plan.remove.map(remove));
    }
    await Promise.all(writes);
  }

  async function create(
    service: Service,
    addressType: string,
    { ports, endpoints }: NewSlice,
    labels: Record<string, string>,
    annotations: Record<string, string>,
  ): Promise<void> {
    const { namespace = '', name, uid } = service.metadata;
    const owner = { apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true };
    await registry.create(endpointSlices, {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { generateName: `${name}-`, namespace, labels, annotations, ownerReferences: [owner] },
      addressType,
      endpoints: [...endpoints],
      ports: [...ports],
    });
  }

  async function update(
    slice: EndpointSlice,
    content: NewSlice | undefined,
    labels: Record<string, string>,
    trigger: Record<string, string>,
  ): Promise<void> {
    const { ports = slice.ports ?? [], endpoints = slice.endpoints } = content ?? {};
    const annotations = withTriggerTime(slice.metadata.annotations, trigger);
    const metadata = { ...slice.metadata, labels, annotations };
    await registry.update(endpointSlices, { ...slice, metadata, endpoints: [...endpoints], ports: [...ports] });
  }

  async function remove({ metadata: { namespace = '', name, uid } }: EndpointSlice): Promise<void> {
    await registry.delete(endpointSlices, namespace, name, { preconditions: { uid } });
  }

  return {
    name: 'endpoint-slice',
    workers: 5,
    background: true,
    watches: [
      ...services.sources(),
      source(nodes, nodeKeys, nothing),
      // What others do to the slices is put right; what was only added is none of ours.
      source(endpointSlices, ({ type, entry, previous }) =>
        type === 'ADDED'
          ? []
          : new Set([...serviceKeys(entry.object), ...(previous ? serviceKeys(previous.object) : [])]),
      ),
    ],
    async reconcile(key: string) {
      const service = services.get(key);
      if (!service) triggers.forget(key);
      if (!service || !isSelecting(service)) return;
      try {
        await sync(service);
      } catch (error) {
        // Nothing can be made in a namespace that ends.
        if (StatusError.is(error, 'Forbidden') || StatusError.is(error, 'NotFound')) return;
        const message = `Error updating Endpoint Slices for Service ${key}: ${messageOf(error)}`;
        recorder.event(service, 'Warning', 'FailedToUpdateEndpointSlices', message);
        throw error;
      }
    },
  };
}

/** The Service that a slice of ours says it belongs to. */
function serviceKeys({ metadata: { namespace, labels = {} } }: EndpointSlice): string[] {
  const name = labels[SERVICE_OF_SLICE];
  return name && labels[MANAGED_BY] === OURSELVES ? [keyOf({ namespace, name })] : [];
}

const isOwnedBy = (slice: EndpointSlice, { metadata: { uid } }: Service): boolean =>
  ownersOf(slice).some(owner => owner.uid === uid);

/** Those of the Service, but for the ones that say what the slice is. */
function labelsFor(service: Service): Record<string, string> {
  const {
    [HEADLESS]: _headless,
    [SERVICE_OF_SLICE]: _name,
    [MANAGED_BY]: _by,
    ...labels
  } = service.metadata.labels ?? {};
  return {
    ...labels,
    [MANAGED_BY]: OURSELVES,
    [SERVICE_OF_SLICE]: service.metadata.name,
    ...(isHeadless(service) ? { [HEADLESS]: '' } : {}),
  };
}
