import { compareText } from '../../resources/compare.js';
import { isTerminating } from '../../resources/state.js';
import type { Pod, PodPhase } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import { type Readiness, readinessOf } from '../workloads/availability.js';
import { REVISION_HASH_LABEL } from '../workloads/revisions.js';

/** Legacy mark of the template a pod was made from; still written, but no longer read (see {@link isUpdated}). */
export const TEMPLATE_GENERATION_LABEL = 'pod-template-generation';

/** What the controller's decisions hang on in one pod. Small enough to keep for every pod of the cluster. */
export interface DaemonPod extends Readiness {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The node it is bound to or meant for; absent if it is meant for none in particular (REF-09). */
  readonly node?: string | undefined;
  /** Whether `spec.nodeName` is set. */
  readonly bound: boolean;
  /** `metadata.creationTimestamp`: whole seconds, and as text in the order of time. */
  readonly createdAt: string;
  /** Marked for deletion. */
  readonly terminating: boolean;
  readonly phase?: PodPhase | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** The template that pods should be made from. */
export interface CurrentTemplate {
  /** {@link REVISION_HASH_LABEL} of the current ControllerRevision. */
  readonly hash: string;
}

const described = new WeakMap<Entry<Pod>, DaemonPod>();

/** {@link describePod}, remembered: entries never change, and looking into one may mean parsing it again. */
export function daemonPodOf(entry: Entry<Pod>): DaemonPod {
  let pod = described.get(entry);
  if (!pod) {
    pod = describePod(entry.object);
    described.set(entry, pod);
  }
  return pod;
}

/** What the decisions hang on in a pod. */
export function describePod(pod: Pod): DaemonPod {
  const { metadata, spec, status } = pod;
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid,
    node: targetNode(pod),
    bound: Boolean(spec.nodeName),
    createdAt: metadata.creationTimestamp,
    terminating: isTerminating(pod),
    phase: status?.phase,
    labels: metadata.labels,
    ...readinessOf(pod),
  };
}

/**
 * The node a daemon pod belongs to: the one it is bound to, else the one that its required node affinity names by the first
 * `metadata.name In [x]` (REF-09). A pod that names several nodes, or none, belongs to no node.
 */
function targetNode(pod: Pod): string | undefined {
  if (pod.spec.nodeName) return pod.spec.nodeName;
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  for (const term of required?.nodeSelectorTerms ?? []) {
    for (const { key, operator, values } of term.matchFields ?? []) {
      if (key === 'metadata.name' && operator === 'In') return values?.length === 1 ? values[0] : undefined;
    }
  }
  return undefined;
}

/** Whether the pod has ended for good: Succeeded or Failed. */
export const isTerminal = ({ phase }: DaemonPod): boolean => phase === 'Succeeded' || phase === 'Failed';

/**
 * Whether the pod was made from the current template, by its hash. The template generation is meant to prove it too (UPD-01), but
 * was long compared with an address in memory, so that it never did; newer versions compare it. It is left out on purpose: a set
 * that adopts the orphans of another, whose generation is 1 as well, replaces them, as recorded (K12).
 */
export function isUpdated({ labels }: DaemonPod, { hash }: CurrentTemplate): boolean {
  return hash !== '' && labels?.[REVISION_HASH_LABEL] === hash;
}

/** The order in which duplicates are kept: bound ones first, then the oldest, then by name (DUP-01). Readiness plays no part. */
export function keptFirst(a: DaemonPod, b: DaemonPod): number {
  if (a.bound !== b.bound) return a.bound ? -1 : 1;
  return compareText(a.createdAt, b.createdAt) || compareText(a.name, b.name);
}
