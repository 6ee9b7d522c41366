import { TEMPLATE_HASH_LABEL } from '../controllers/deployment/replica-sets.js';
import { REVISION_HASH_LABEL } from '../controllers/workloads/revisions.js';
import { controllerOf } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import { deployments, replicaSets } from '../resources/index.js';
import { conditionOf, isReady, isTerminating } from '../resources/state.js';
import type { OwnerReference, Pod } from '../resources/types.js';
import type { Entry } from '../store/entry.js';
import { type Sentence, sentence, tell } from '../words/sentence.js';
import { detailOf } from './reason.js';
import type { Pair } from './side-by-side.js';

/**
 * What became of a pod, or of the place of one: `MOVED` and `REPLACED` tell of another pod of the same workload, on another node or on
 * the same; `CHANGED` of the same pod in another state.
 */
export type Difference = 'CAME' | 'WENT' | 'MOVED' | 'REPLACED' | 'CHANGED';

/** How a pod stands in one of two worlds. */
export interface StandingPod {
  readonly entry: Entry<Pod>;
  /** Absent: it is bound to none. */
  readonly node: string | undefined;
  readonly state: 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'UNKNOWN' | 'TERMINATING';
  readonly ready: boolean;
  /** Hash of the template it was made from, if whoever made it says so. */
  readonly revision: string | undefined;
  /** Why it is as it is, in the words of whoever decided it. */
  readonly reason: string | undefined;
  /** The same as data. */
  readonly why: Sentence | undefined;
}

/** What is different about a pod that no DaemonSet controls. */
export interface PodDifference {
  readonly difference: Difference;
  readonly namespace: string;
  /** What made it at last: for a Deployment's pod that, and not its ReplicaSet. Absent: nobody did. */
  readonly workload: { readonly kind: string; readonly name: string } | undefined;
  readonly before: StandingPod | undefined;
  readonly after: StandingPod | undefined;
}

/** The labels by which controllers tell the template of a pod. */
const REVISION_LABELS = [TEMPLATE_HASH_LABEL, REVISION_HASH_LABEL];

/** How a pod stands. */
export function standing(entry: Entry<Pod>): StandingPod {
  const { object: pod } = entry;
  const { metadata, spec, status } = pod;
  const why = whyOf(pod);
  const label = REVISION_LABELS.find(name => metadata.labels?.[name] !== undefined);
  return {
    entry,
    node: spec.nodeName || undefined,
    state: isTerminating(pod) ? 'TERMINATING' : ((status.phase ?? 'Pending').toUpperCase() as StandingPod['state']),
    ready: isReady(pod),
    revision: label && metadata.labels![label],
    reason: why && tell([why]),
    why,
  };
}

function whyOf({ spec, status }: Pod): Sentence | undefined {
  const said = detailOf(status);
  if (said) return sentence('quoted', { text: said });
  if (!spec.nodeName) {
    if (spec.schedulingGates?.length)
      return sentence('waiting.gated', { gates: spec.schedulingGates.map(({ name }) => name) });
    const text = conditionOf({ status }, 'PodScheduled')?.message;
    return text === undefined ? sentence('waiting.scheduler') : sentence('quoted', { text });
  }
  const waiting = status.containerStatuses?.find(({ state }) => state?.waiting)?.state?.waiting;
  return waiting && sentence('quoted', { text: detailOf(waiting) });
}

/**
 * What is different about pods. Those of one workload are set against each other: by name, then by node, then as they come.
 * @param pairs pods that are not the same in both worlds
 */
export function podDifferences(pairs: readonly Pair<Pod>[], before: Registry, after: Registry): PodDifference[] {
  const found: PodDifference[] = [];
  const places = new Map<string, Place>();
  const placeOf = (registry: Registry, entry: Entry<Pod>): Place => {
    const workload = workloadOf(registry, entry);
    const key = `${entry.namespace}/${workload ? `${workload.kind}/${workload.name}` : ''}`;
    let place = places.get(key);
    if (!place) places.set(key, (place = { namespace: entry.namespace, workload, went: [], came: [] }));
    return place;
  };
  const tell = ({ namespace, workload }: Place, from?: StandingPod, to?: StandingPod) =>
    found.push({ difference: differenceOf(from, to), namespace, workload, before: from, after: to });

  for (const pair of pairs) {
    const [from, to] = [pair.before && standing(pair.before), pair.after && standing(pair.after)];
    const place = pair.after ? placeOf(after, pair.after) : placeOf(before, pair.before!);
    if (from && to) {
      if (isDifferent(from, to)) tell(place, from, to);
    } else if (!place.workload) tell(place, from, to);
    else if (from) place.went.push(from);
    else place.came.push(to!);
  }
  for (const place of places.values()) {
    const came = new Map<string | undefined, StandingPod[]>();
    for (const pod of place.came) came.set(pod.node, [...(came.get(pod.node) ?? []), pod]);
    // Who comes to the same node takes the place of who went from there.
    const elsewhere = place.went.filter(pod => {
      const next = came.get(pod.node)?.shift();
      if (next) tell(place, pod, next);
      return !next;
    });
    const rest = [...came.values()].flat();
    for (let i = 0; i < Math.max(elsewhere.length, rest.length); i++) tell(place, elsewhere[i], rest[i]);
  }
  return found;
}

interface Place extends Pick<PodDifference, 'namespace' | 'workload'> {
  readonly went: StandingPod[];
  readonly came: StandingPod[];
}

function differenceOf(before: StandingPod | undefined, after: StandingPod | undefined): Difference {
  if (!before) return 'CAME';
  if (!after) return 'WENT';
  if (before.entry.uid === after.entry.uid) return 'CHANGED';
  return before.node !== undefined && after.node !== undefined && before.node !== after.node ? 'MOVED' : 'REPLACED';
}

const isDifferent = (a: StandingPod, b: StandingPod): boolean =>
  a.entry.uid !== b.entry.uid ||
  a.node !== b.node ||
  a.state !== b.state ||
  a.ready !== b.ready ||
  a.revision !== b.revision ||
  a.reason !== b.reason;

function workloadOf(registry: Registry, { namespace, object }: Entry<Pod>): PodDifference['workload'] {
  const owner = controllerOf(object);
  if (!owner) return undefined;
  const above = owner.kind === replicaSets.kind ? ownerOf(registry, namespace, owner) : undefined;
  const { kind, name } = above?.kind === deployments.kind ? above : owner;
  return { kind, name };
}

function ownerOf(registry: Registry, namespace: string, { name, uid }: OwnerReference): OwnerReference | undefined {
  const entry = registry.get(replicaSets, namespace, name);
  return entry?.uid === uid ? controllerOf(entry.object) : undefined;
}
