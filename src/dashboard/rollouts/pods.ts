import type { RolloutPod, RolloutSet, WorkloadFacts } from '../graph/rollout.js';
import type { StateName } from '../model/cells.js';
import { compareNames } from '../model/names.js';

/** A pod of a rollout, or the place of one that is not there. */
export interface PodPlace {
  readonly name: string;
  /** What tells it from the others in its group: a StatefulSet's number of it, or the end of its name. */
  readonly short: string;
  readonly state: StateName;
  readonly outdated: boolean;
  readonly node: string | undefined;
}

/** Pods that are told of together. */
export interface PodGroup {
  readonly key: string;
  readonly what: /** A ReplicaSet's. */
    | { readonly kind: 'set'; readonly set: RolloutSet; readonly present: boolean }
    /** A StatefulSet's, from some number on. */
    | { readonly kind: 'ordinals'; readonly from: number; readonly to: number; readonly held: boolean };
  readonly pods: readonly PodPlace[];
}

/** What a pod looks like in a cell. */
function stateOfPod({ phase, ready, metadata }: RolloutPod): StateName {
  if (metadata.deletionTimestamp) return 'terminating';
  if (phase === 'FAILED') return 'failed';
  if (phase === 'SUCCEEDED') return 'succeeded';
  if (phase === 'PENDING') return 'pending';
  return ready ? 'ready' : 'unready';
}

/** A Deployment's pods by ReplicaSet, the present one first; of the earlier ones those that have pods or want some. */
export function podsBySet(sets: readonly RolloutSet[], pods: readonly RolloutPod[]): PodGroup[] {
  const revision = (set: RolloutSet) => Number(set.metadata.revision ?? 0);
  return [...sets]
    .sort((a, b) => revision(b) - revision(a) || compareNames(a.name, b.name))
    .map((set, i): PodGroup => {
      const present = i === 0;
      const own = pods.filter(({ metadata }) => metadata.template === set.metadata.template);
      return {
        key: set.name,
        what: { kind: 'set', set, present },
        pods: own.map(pod => ({
          name: pod.name,
          short: pod.name.slice(pod.name.lastIndexOf('-') + 1),
          state: stateOfPod(pod),
          outdated: !present,
          node: pod.nodeName ?? undefined,
        })),
      };
    })
    .filter(
      ({ what, pods }) => what.kind === 'set' && (what.present || pods.length > 0 || (what.set.replicas ?? 0) > 0),
    );
}

/** A StatefulSet's pods by number: those that a new template reaches, the last one first as it goes, and those that a partition holds. */
export function podsByOrdinal(
  { name, json: { spec, status } }: WorkloadFacts,
  pods: readonly RolloutPod[],
): PodGroup[] {
  const start = spec.ordinals?.start ?? 0;
  const end = start + (spec.replicas ?? 1);
  const byOrdinal = new Map(pods.map(pod => [Number(pod.name.slice(name.length + 1)), pod]));
  const beyond = [...byOrdinal.keys()].filter(ordinal => ordinal < start || ordinal >= end);
  const place = (ordinal: number): PodPlace => {
    const pod = byOrdinal.get(ordinal);
    return {
      name: `${name}-${ordinal}`,
      short: String(ordinal),
      state: pod ? stateOfPod(pod) : 'missing',
      outdated: pod !== undefined && pod.metadata.hash !== status?.updateRevision,
      node: pod?.nodeName ?? undefined,
    };
  };
  const group = (from: number, to: number, held: boolean, more: readonly number[]): PodGroup[] => {
    const ordinals = [...Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i), ...more].sort(
      (a, b) => b - a,
    );
    if (ordinals.length === 0) return [];
    return [{ key: String(held), what: { kind: 'ordinals', from, to: to - 1, held }, pods: ordinals.map(place) }];
  };
  const held = Math.min(end, Math.max(start, spec.updateStrategy?.rollingUpdate?.partition ?? 0));
  return [...group(held, end, false, beyond), ...group(start, held, true, [])];
}
