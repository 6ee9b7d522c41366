import { controllerOf } from '../../registry/indexes.js';
import type { Registry } from '../../registry/registry.js';
import { groupVersionOf, qualifiedName, type ResourceDefinition } from '../../resources/definition.js';
import { scaled } from '../../resources/int-or-percent.js';
import type { PodDisruptionBudget } from '../../resources/pod-disruption-budget.js';
import type { KubeObject, OwnerReference, Pod } from '../../resources/types.js';

/** What a budget asks of the pods that it selects. */
export interface Expectation {
  /** Pods that there are to be. */
  readonly expectedPods: number;
  /** Those of them that must be healthy. */
  readonly desiredHealthy: number;
  /** Whether some pods belong to nobody and could not be reckoned with. */
  readonly hasUnmanaged: boolean;
}

/**
 * Reckons what a budget asks for. A `minAvailable` in numbers takes any pods; all else is a share of what the pods'
 * controllers are to keep. Mirrors `getExpectedPodCount`.
 * @throws Error if a pod's controller is of no scale, or not to be found
 */
export function expectationOf(registry: Registry, budget: PodDisruptionBudget, pods: readonly Pod[]): Expectation {
  const { minAvailable, maxUnavailable } = budget.spec;
  if (maxUnavailable !== undefined) {
    const { total, hasUnmanaged } = totalScale(registry, pods);
    const desiredHealthy = Math.max(total - scaled(maxUnavailable, total), 0);
    return { expectedPods: total, desiredHealthy, hasUnmanaged };
  }
  if (typeof minAvailable === 'string') {
    const { total, hasUnmanaged } = totalScale(registry, pods);
    return { expectedPods: total, desiredHealthy: scaled(minAvailable, total), hasUnmanaged };
  }
  if (minAvailable === undefined) return { expectedPods: 0, desiredHealthy: 0, hasUnmanaged: false };
  return { expectedPods: pods.length, desiredHealthy: minAvailable, hasUnmanaged: false };
}

/** The scales of all controllers that the pods have, together. */
function totalScale(registry: Registry, pods: readonly Pod[]): { total: number; hasUnmanaged: boolean } {
  /** By uid of the pod's controller: whose scale it is, which may be that controller's own controller. */
  const known = new Map<string, Scaled>();
  let hasUnmanaged = false;
  for (const pod of pods) {
    const controller = controllerOf(pod);
    if (!controller) hasUnmanaged = true;
    else if (!known.has(controller.uid)) {
      const found = scaleOf(registry, controller, pod.metadata.namespace ?? '');
      if (!found) throw new Error(`found no controllers for pod ${JSON.stringify(pod.metadata.name)}`);
      known.set(controller.uid, found);
    }
  }
  // Replica sets of one Deployment have the Deployment's scale together.
  const byOwner = new Map([...known.values()].map(({ uid, scale }) => [uid, scale]));
  let total = 0;
  for (const scale of byOwner.values()) total += scale;
  return { total, hasUnmanaged };
}

interface Scaled {
  readonly uid: string;
  readonly scale: number;
}

/** Workloads whose scale is known to be in `spec.replicas`, by resource. */
const REPLICATED: ReadonlySet<string> = new Set([
  'replicationcontrollers',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
]);

/** What the controller is to keep, or the Deployment behind it; `undefined` if it is not there (any more). */
function scaleOf(registry: Registry, owner: OwnerReference, namespace: string): Scaled | undefined {
  const kind = registry.kinds.byKind(owner.apiVersion, owner.kind);
  if (!kind) {
    const { kind: wanted, apiVersion } = owner;
    throw new Error(`no matches for kind ${JSON.stringify(wanted)} in version ${JSON.stringify(apiVersion)}`);
  }
  if (!hasScale(kind)) throw new Error(`${qualifiedName(kind)} does not implement the scale subresource`);
  const object = registry.get(kind, namespace, owner.name)?.object;
  if (object?.metadata.uid !== owner.uid) return undefined;
  const above = isReplicaSet(owner) ? controllerOf(object) : undefined;
  const deployment = above?.kind === 'Deployment' ? deploymentOf(registry, above, namespace) : undefined;
  const { metadata, spec } = (deployment ?? object) as KubeObject & { spec?: { replicas?: number } };
  return { uid: metadata.uid, scale: spec?.replicas ?? 1 };
}

const hasScale = (kind: ResourceDefinition): boolean =>
  REPLICATED.has(qualifiedName(kind)) || kind.subresources.some(({ name }) => name === 'scale');

const isReplicaSet = ({ apiVersion, kind }: OwnerReference): boolean =>
  kind === 'ReplicaSet' && groupVersionOf(apiVersion).group === 'apps';

function deploymentOf(registry: Registry, owner: OwnerReference, namespace: string): KubeObject | undefined {
  const kind = registry.kinds.byKind(owner.apiVersion, owner.kind);
  const object = kind && registry.get(kind, namespace, owner.name)?.object;
  return object?.metadata.uid === owner.uid ? object : undefined;
}
