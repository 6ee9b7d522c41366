import { conditionOf, holds } from '../../resources/state.js';
import type { Condition } from '../../resources/types.js';
import type { Job } from '../../resources/workload-types.js';

/** The condition by which a Job has ended, one way or the other. */
export function finishedCondition(job: Job): Condition | undefined {
  const type = ['Complete', 'Failed'].find(candidate => holds(job, candidate));
  return type === undefined ? undefined : conditionOf(job, type);
}

export const isFinished = (job: Job): boolean => finishedCondition(job) !== undefined;
