import { hasEnded, isSidecar, isTerminating } from '../../resources/state.js';
import type { Pod, PodPhase } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import { type Readiness, readinessOf } from '../workloads/availability.js';
import type { Claimable } from '../workloads/claim.js';

/** An annotation that says what it costs to delete a pod: of those that are otherwise alike, the cheapest goes first. */
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';

/** What the controller's decisions hang on in one pod. */
export interface ReplicaPod extends Readiness, Claimable {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The node it is bound to; empty while there is none. */
  readonly node: string;
  readonly phase?: PodPhase | undefined;
  /** ms since the epoch. */
  readonly createdAt: number;
  /** Whether it runs, or will: one that has ended or is going is as good as gone, and claimed no more. */
  readonly active: boolean;
  readonly ignored: boolean;
  /** Whether it is going and has not ended yet. */
  readonly leaving: boolean;
  /** Whether its node did not take it, or threw it out. */
  readonly turnedAway: boolean;
  readonly deletionCost: number;
  /** Most restarts of one container, and of one sidecar. */
  readonly restarts: number;
  readonly sidecarRestarts: number;
}

const described = new WeakMap<Entry<Pod>, ReplicaPod>();

/** What the decisions hang on in a pod; remembered: entries never change, and looking into one may mean parsing it again. */
export function replicaPodOf(entry: Entry<Pod>): ReplicaPod {
  let pod = described.get(entry);
  if (!pod) {
    pod = describePod(entry.object);
    described.set(entry, pod);
  }
  return pod;
}

function describePod(pod: Pod): ReplicaPod {
  const { metadata, spec, status } = pod;
  const ended = hasEnded(pod);
  const terminating = isTerminating(pod);
  const active = !ended && !terminating;
  const sidecars = new Set(spec.initContainers?.filter(isSidecar).map(({ name }) => name));
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid,
    labels: metadata.labels,
    node: spec.nodeName ?? '',
    phase: status.phase,
    createdAt: Date.parse(metadata.creationTimestamp),
    active,
    ignored: !active,
    terminating,
    leaving: terminating && !ended,
    turnedAway: status.phase === 'Failed' && status.reason !== undefined,
    ...readinessOf(pod),
    deletionCost: parseCost(metadata.annotations?.[DELETION_COST]),
    restarts: most(status.containerStatuses?.map(({ restartCount }) => restartCount)),
    sidecarRestarts: most(
      status.initContainerStatuses?.filter(({ name }) => sidecars.has(name)).map(({ restartCount }) => restartCount),
    ),
  };
}

const most = (counts: readonly number[] = []): number => Math.max(0, ...counts);

/** A cost that is no number of 32 bits counts as none. */
function parseCost(text: string | undefined): number {
  if (text === undefined || !/^(?:0|-?[1-9]\d*)$/.test(text)) return 0;
  const cost = Number(text);
  return cost === (cost | 0) ? cost : 0;
}
