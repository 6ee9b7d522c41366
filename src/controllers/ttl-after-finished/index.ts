import { StatusError } from '../../registry/status.js';
import { jobs } from '../../resources/index.js';
import { isTerminating } from '../../resources/state.js';
import type { Job } from '../../resources/workload-types.js';
import { finishedCondition } from '../job/finished.js';
import { keyOf, splitKey } from '../runtime/keys.js';
import { type Controller, type ControllerContext, source } from '../runtime/types.js';

/** Deletes Jobs, and what is theirs, once they have been over for as long as they say. Mirrors `pkg/controller/ttlafterfinished`. */
export function ttlAfterFinishedController({ registry }: ControllerContext): Controller {
  return {
    name: 'ttl-after-finished',
    watches: [
      source(jobs, ({ type, entry }) =>
        type !== 'DELETED' && endOf(entry.object) !== undefined ? [keyOf(entry)] : [],
      ),
    ],
    async reconcile(key, queue) {
      const { namespace, name } = splitKey(key);
      const job = registry.get(jobs, namespace, name)?.object;
      const end = job && endOf(job);
      if (!job || end === undefined) return;
      const left = end - registry.clock.now();
      if (left > 0) {
        queue.addAfter(key, left, 'upkeep');
        return;
      }
      const { uid } = job.metadata;
      try {
        await registry.delete(jobs, namespace, name, { propagationPolicy: 'Foreground', preconditions: { uid } });
      } catch (error) {
        if (!StatusError.is(error, 'NotFound')) throw error;
      }
    },
  };
}

/** When the time of a Job is up that is over, in ms since the epoch; undefined if it is not, or may stay. */
function endOf(job: Job): number | undefined {
  const { ttlSecondsAfterFinished } = job.spec;
  const finished = finishedCondition(job);
  if (ttlSecondsAfterFinished === undefined || !finished || isTerminating(job)) return undefined;
  return Date.parse(finished.lastTransitionTime ?? '') + ttlSecondsAfterFinished * 1000;
}
