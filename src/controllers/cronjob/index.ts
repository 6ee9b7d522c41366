import { controllerOf } from '../../registry/indexes.js';
import { cronJobs, jobs } from '../../resources/index.js';
import { keyOf, splitKey } from '../runtime/keys.js';
import { type Controller, type ControllerContext, source } from '../runtime/types.js';
import { unlessGone } from '../workloads/owners.js';
import { CronJobSync } from './cron-job-sync.js';

/**
 * Makes Jobs when they are due, by the schedules of CronJobs, and keeps the last of them. Mirrors `pkg/controller/cronjob`; what is due is
 * decided in `schedule.ts` and `next-time.ts`.
 */
export function cronJobController(context: ControllerContext): Controller {
  const { registry } = context;
  const recorder = context.recorder('cronjob-controller');
  return {
    name: 'cronjob',
    workers: 5,
    watches: [
      source(cronJobs, ({ type, entry }) => (type === 'DELETED' ? [] : [keyOf(entry)])),
      source(jobs, ({ entry }) => {
        const owner = controllerOf(entry.object);
        return owner?.kind === 'CronJob' ? [keyOf({ namespace: entry.namespace, name: owner.name })] : [];
      }),
    ],
    async reconcile(key, queue) {
      const { namespace, name } = splitKey(key);
      const cronJob = registry.get(cronJobs, namespace, name)?.object;
      if (!cronJob) return;
      const sync = new CronJobSync({ registry, recorder, key, queue }, cronJob);
      await unlessGone(registry, cronJobs, cronJob, () => sync.run());
    },
  };
}
