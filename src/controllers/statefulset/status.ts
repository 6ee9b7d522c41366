import { isTerminating } from '../../resources/state.js';
import type { Pod } from '../../resources/types.js';
import type { StatefulSet } from '../../resources/workload-types.js';
import type { SetHistory } from './history.js';
import { isRunningAndReady, isServing, revisionOf } from './set-pods.js';

/** What a set tells of itself; a rollout that is over makes its revision the current one. `now`: ms since the epoch. */
export function statusOf(
  set: StatefulSet,
  pods: readonly Pod[],
  { current, update, collisionCount }: SetHistory,
  now: number,
): StatefulSet['status'] {
  const ready = pods.filter(isRunningAndReady);
  const available = ready.filter(pod => isServing(pod, set, now));
  const staying = pods.filter(pod => !isTerminating(pod));
  const of = (revision: string) => staying.filter(pod => revisionOf(pod) === revision).length;
  const { replicas: wanted, updateStrategy } = set.spec;
  const isOver =
    updateStrategy.type === 'RollingUpdate' &&
    of(update.name) === wanted &&
    ready.length === wanted &&
    pods.length === wanted;
  const { observedGeneration: _, readyReplicas: __, currentReplicas: ___, updatedReplicas: ____, ...rest } = set.status;
  const counts = {
    observedGeneration: set.metadata.generation ?? 0,
    readyReplicas: ready.length,
    currentReplicas: of(isOver ? update.name : current.name),
    updatedReplicas: of(update.name),
  };
  return {
    ...rest,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    replicas: pods.length,
    availableReplicas: available.length,
    currentRevision: isOver ? update.name : current.name,
    updateRevision: update.name,
    collisionCount,
  };
}
