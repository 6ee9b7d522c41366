import { parseSelectors, select } from '../../registry/selection.js';
import { compareText } from '../../resources/compare.js';
import type { ResourceDefinition } from '../../resources/definition.js';
import { pods } from '../../resources/index.js';
import type { KubeObject, Pod } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import { type Connection, connection, type PageArguments } from '../connection.js';
import type { PodPhase, QueryPodsArgs } from '../generated.js';
import type { Seen, View } from '../view.js';

/** What pods are chosen by; each that is absent or null leaves all. */
export type PodFilter = Pick<QueryPodsArgs, 'namespace' | 'name' | 'labelSelector' | 'phase' | 'nodeName'>;

/** The enum value of a pod's phase. A pod without one has not been seen by any node. */
export const phaseOf = (pod: Pod): PodPhase => (pod.status.phase ?? 'Pending').toUpperCase() as PodPhase;

/** The entries that a filter leaves, in the order given. @throws StatusError 400 for a selector that cannot be read */
export function selectPods(entries: readonly Entry<Pod>[], filter: PodFilter): readonly Entry<Pod>[] {
  const { namespace, name, phase, nodeName } = filter;
  return selectByLabels(pods, entries, filter.labelSelector).filter(
    pod =>
      (namespace == null || pod.namespace === namespace) &&
      (name == null || pod.name === name) &&
      (phase == null || phase.includes(phaseOf(pod.object))) &&
      (nodeName == null || pod.object.spec.nodeName === nodeName),
  );
}

/**
 * The entries whose labels match, with the selector in kubectl's words.
 * @throws StatusError 400 for a selector that cannot be read
 */
export function selectByLabels<T extends KubeObject>(
  kind: ResourceDefinition<T>,
  entries: readonly Entry<T>[],
  labelSelector: string | null | undefined,
): readonly Entry<T>[] {
  const selection = select(kind, parseSelectors({ labelSelector: labelSelector ?? '' }));
  return selection.everything ? entries : entries.filter(entry => selection.matches(entry));
}

/** One page of entries as they are seen in a view. They must be in etcd's order: by namespace, then name. */
export function objectPage<T extends KubeObject>(
  view: View,
  entries: readonly Entry<T>[],
  page: PageArguments,
): Connection<Seen<T>> {
  const keyOf = (entry: Entry<T>) => [entry.namespace, entry.name];
  return connection(entries, page, view.registry.revision, keyOf, entry => view.see(entry));
}

/** Entries of an index, which come in no order, in etcd's order. */
export function inOrder<T extends KubeObject>(entries: readonly Entry<T>[]): readonly Entry<T>[] {
  return [...entries].sort((a, b) => compareText(a.namespace, b.namespace) || compareText(a.name, b.name));
}
