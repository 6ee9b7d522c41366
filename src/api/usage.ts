import { formatTime } from '../clock/clock.js';
import { podsByNode } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import { StatusError } from '../registry/status.js';
import { nodes, pods } from '../resources/index.js';
import type { KubeObject, Node, Pod } from '../resources/types.js';
import * as usage from '../resources/usage.js';
import type { VirtualKind, VirtualRequest } from './virtual.js';

/** `nodes.metrics.k8s.io`: what `kubectl top node` prints. */
export const nodeUsage: VirtualKind = {
  get({ registry, target: { name } }) {
    const node = registry.read(nodes, '', name)?.object;
    return found(node && ofNode(registry, node), 'nodemetrics', name);
  },
  list: ({ registry }) => registry.all(nodes).flatMap(({ object }) => ofNode(registry, object) ?? []),
};

/** `pods.metrics.k8s.io`: what `kubectl top pod` prints. */
export const podUsage: VirtualKind = {
  get({ registry, target: { namespace, name } }) {
    const pod = registry.read(pods, namespace, name)?.object;
    return found(pod && ofPod(registry, pod), 'podmetrics', `${namespace}/${name}`);
  },
  list: ({ registry, target: { namespace } }: VirtualRequest) =>
    registry.all(pods, namespace || undefined).flatMap(({ object }) => ofPod(registry, object) ?? []),
};

/** @throws StatusError 404, which calls these by other names than their path does */
function found(metrics: KubeObject | undefined, plural: string, name: string): KubeObject {
  if (!metrics) throw StatusError.notFound({ group: 'metrics.k8s.io', plural }, name);
  return metrics;
}

function ofNode(registry: Registry, node: Node): KubeObject | undefined {
  const now = registry.clock.now();
  const onIt = podsByNode(registry).get(node.metadata.name);
  const used = usage.nodeUsage(
    node,
    onIt.map(({ object }) => object),
    now,
  );
  return used && metered('NodeMetrics', node, now, { usage: usage.usageQuantities(used) });
}

function ofPod(registry: Registry, pod: Pod): KubeObject | undefined {
  const now = registry.clock.now();
  const node = pod.spec.nodeName ? registry.get(nodes, '', pod.spec.nodeName)?.object : undefined;
  const used = usage.podUsage(pod, node, now);
  if (used.size === 0) return undefined;
  const containers = [...used].map(([name, amount]) => ({ name, usage: usage.usageQuantities(amount) }));
  return metered('PodMetrics', pod, now, { containers });
}

function metered(kind: string, { metadata }: KubeObject, now: number, measured: object): KubeObject {
  const { name, namespace, labels } = metadata;
  const measuredAt = Math.floor(now / usage.USAGE_WINDOW_MS) * usage.USAGE_WINDOW_MS;
  return {
    kind,
    apiVersion: 'metrics.k8s.io/v1beta1',
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      creationTimestamp: formatTime(now),
      ...(labels ? { labels } : {}),
    },
    timestamp: formatTime(measuredAt),
    window: `${usage.USAGE_WINDOW_MS / 1000}s`,
    ...measured,
  } as unknown as KubeObject;
}
