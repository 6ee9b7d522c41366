import type { Registry } from '../../src/registry/registry.js';
import { controllerRevisions, daemonSets, namespaces, nodes, pods } from '../../src/resources/index.js';
import type { ControllerRevision, DaemonSet, KubeObject, Node, Pod } from '../../src/resources/types.js';

/** The cluster at one moment. */
export interface State {
  /** ms since the epoch. */
  readonly now: number;
  readonly nodes: readonly Node[];
  readonly sets: readonly DaemonSet[];
  readonly pods: readonly Pod[];
  readonly revisions: readonly ControllerRevision[];
  /** The controller binds its pods itself, as before 1.12. */
  readonly old?: boolean;
  /** Namespaces that are about to end: nothing can be made there. */
  readonly ending?: readonly string[];
}

export function stateOf(registry: Registry): State {
  return {
    now: registry.clock.now(),
    nodes: registry.all(nodes).map(entry => entry.object),
    sets: registry.all(daemonSets).map(entry => entry.object),
    pods: registry.all(pods).map(entry => entry.object),
    revisions: registry.all(controllerRevisions).map(entry => entry.object),
    old: registry.era === '1.11',
    ending: registry.all(namespaces).flatMap(({ object }) => (isGoing(object) ? [object.metadata.name] : [])),
  };
}

export const keyOf = ({ metadata: { namespace, name } }: KubeObject) => `${namespace}/${name}`;
export const controllerOf = (object: KubeObject) => object.metadata.ownerReferences?.find(o => o.controller);
export const hasEnded = (pod: Pod) => pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded';
export const isGoing = ({ metadata }: KubeObject) => metadata.deletionTimestamp !== undefined;

/** Neither ended nor on its way out. */
export const isLive = (pod: Pod) => !hasEnded(pod) && !isGoing(pod);

/** Where a pod is, or is meant to be. */
export function nodeOf(pod: Pod): string | undefined {
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const names = (terms ?? []).flatMap(term => term.matchFields ?? []).filter(f => f.operator === 'In');
  return pod.spec.nodeName || (names[0]?.values?.length === 1 ? names[0].values[0] : undefined);
}
