import { claims, csiNodesOf, storageClassesOf, volumes } from '../controllers/volume-binder/kinds.js';
import { hasPodAffinity } from '../placement/node-info.js';
import type { Registry } from '../registry/registry.js';
import { qualifiedName } from '../resources/definition.js';
import { daemonSets, events, namespaces, nodes, pods } from '../resources/index.js';
import { equalJson } from '../resources/json.js';
import { hasEnded, isTerminating } from '../resources/state.js';
import type { Event, Pod, PodSpec } from '../resources/types.js';
import type { Change } from '../store/entry.js';
import type { Placement } from './placements.js';

/** A DaemonSet and a node, by name. */
export interface Pair {
  readonly namespace: string;
  readonly daemonSet: string;
  readonly node: string;
}

interface Waiting {
  readonly pair: Pair;
  /** Whether it looks at more than what stands on its node. */
  readonly isFarsighted: boolean;
}

/**
 * Placements that wait for something, which may be something of others: room on the node, a pod nearby, a volume, the answer to an attempt to
 * make a pod. Few of all placements wait, so that it costs little to look at them again whenever there may be another reason.
 */
export class WaitingPlacements {
  readonly #storage: ReadonlySet<string>;
  /** By node, then by pair. */
  readonly #byNode = new Map<string, Map<string, Waiting>>();

  constructor(registry: Registry) {
    this.#storage = new Set(
      [claims, volumes, storageClassesOf(registry), csiNodesOf(registry)].map(kind => qualifiedName(kind)),
    );
  }

  /** Keeps in mind how a placement is; null: that there is none. */
  note(key: string, pair: Pair, placement: Placement | null): void {
    const there = this.#byNode.get(pair.node);
    if (placement?.actual !== 'MISSING' && placement?.actual !== 'PENDING') {
      if (there?.delete(key) && there.size === 0) this.#byNode.delete(pair.node);
      return;
    }
    const { pod, daemonSet } = placement;
    const waiting = { pair, isFarsighted: isFarsighted(pod?.object.spec ?? daemonSet.object.spec.template.spec) };
    if (there) there.set(key, waiting);
    else this.#byNode.set(pair.node, new Map([[key, waiting]]));
  }

  /** Those that may have another reason after a change of something that is not theirs. */
  *touchedBy(change: Change): Iterable<Pair> {
    const { resource } = change.entry;
    if (resource === PODS) yield* this.#touchedByPod(change as Change<Pod>);
    else if (resource === EVENTS) yield* this.#touchedByEvent(change as Change<Event>);
    else if (resource === NODES) {
      const labels = change.entry.object.metadata.labels;
      if (change.type !== 'MODIFIED' || !equalJson(labels, change.previous?.object.metadata.labels)) yield* this.#all();
    } else if (resource === NAMESPACES || this.#storage.has(resource)) yield* this.#farsighted();
  }

  *#touchedByPod({ type, entry, previous }: Change<Pod>): Iterable<Pair> {
    const before = previous?.object ?? (type === 'DELETED' ? entry.object : undefined);
    const after = type === 'DELETED' ? undefined : entry.object;
    if (before && after && isTheSameToOthers(before, after)) return;
    if ([before, after].some(pod => pod && hasPodAffinity(pod))) {
      yield* this.#all();
      return;
    }
    for (const node of new Set([before?.spec.nodeName, after?.spec.nodeName]))
      for (const { pair } of this.#byNode.get(node ?? '')?.values() ?? []) yield pair;
    yield* this.#farsighted();
  }

  /** The controller tells of its attempts to make a pod in events about the DaemonSet. */
  *#touchedByEvent({ entry }: Change<Event>): Iterable<Pair> {
    const { involvedObject, reason } = entry.object;
    if (involvedObject.kind !== daemonSets.kind || !reason?.endsWith('Create')) return;
    for (const pair of this.#all())
      if (pair.namespace === involvedObject.namespace && pair.daemonSet === involvedObject.name) yield pair;
  }

  *#all(): Iterable<Pair> {
    for (const waiting of this.#byNode.values()) for (const { pair } of waiting.values()) yield pair;
  }

  *#farsighted(): Iterable<Pair> {
    for (const waiting of this.#byNode.values())
      for (const { pair, isFarsighted } of waiting.values()) if (isFarsighted) yield pair;
  }
}

const PODS = qualifiedName(pods);
const NODES = qualifiedName(nodes);
const EVENTS = qualifiedName(events);
const NAMESPACES = qualifiedName(namespaces);

function isFarsighted({ affinity, topologySpreadConstraints, volumes }: PodSpec): boolean {
  return Boolean(
    affinity?.podAffinity ||
      affinity?.podAntiAffinity ||
      topologySpreadConstraints?.length ||
      volumes?.some(volume => volume.persistentVolumeClaim || volume.ephemeral),
  );
}

/** Whether a pod takes the same room in the same place as before, and is as near or far to others. */
function isTheSameToOthers(before: Pod, after: Pod): boolean {
  return (
    before.spec.nodeName === after.spec.nodeName &&
    hasEnded(before) === hasEnded(after) &&
    isTerminating(before) === isTerminating(after) &&
    // One that is resized may take more or less with each of its states.
    (after.metadata.generation ?? 1) < 2 &&
    equalJson(before.metadata.labels, after.metadata.labels)
  );
}
