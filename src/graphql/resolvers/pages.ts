import { parseSelectors, select } from '../../registry/selection.js';
import { compareText } from '../../resources/compare.js';
import type { ResourceDefinition } from '../../resources/definition.js';
import { pods } from '../../resources/index.js';
import type { KubeObject, Pod } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import { type Connection, connection, type PageArguments } from '../connection.js';

/** Filters that pods are chosen by; each that is absent or null leaves all. */
export interface PodFilter {
  readonly name?: string | null;
  readonly labelSelector?: string | null;
  /** Values of enum PodPhase: `RUNNING`. */
  readonly phase?: readonly string[] | null;
  readonly nodeName?: string | null;
}

/** The enum value of a pod's phase. A pod without one has not been seen by any node. */
export const phaseOf = (pod: Pod): string => (pod.status.phase ?? 'Pending').toUpperCase();

/** The entries that a filter leaves, in the order given. @throws StatusError 400 for a selector that cannot be read */
export function selectPods(entries: readonly Entry<Pod>[], filter: PodFilter): readonly Entry<Pod>[] {
  const { name, phase, nodeName } = filter;
  return selectByLabels(pods, entries, filter.labelSelector).filter(
    ({ name: podName, object }) =>
      (name == null || podName === name) &&
      (phase == null || phase.includes(phaseOf(object))) &&
      (nodeName == null || object.spec.nodeName === nodeName),
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

/** One page of entries, which must be in etcd's order: by namespace, then name. */
export function pageOf<T extends KubeObject>(entries: readonly Entry<T>[], page: PageArguments): Connection<Entry<T>> {
  return connection(entries, page, entry => [entry.namespace, entry.name]);
}

/** Entries of an index, which come in no order, in etcd's order. */
export function inOrder<T extends KubeObject>(entries: readonly Entry<T>[]): readonly Entry<T>[] {
  return [...entries].sort((a, b) => compareText(a.namespace, b.namespace) || compareText(a.name, b.name));
}
