import { formatTime } from '../../clock/clock.js';
import { cronJobs } from '../../resources/index.js';
import type { Draft } from '../../resources/types.js';
import type { CronJob, Job } from '../../resources/workload-types.js';
import { controllerReference } from '../workloads/claim.js';
import { offsetAt } from './next-time.js';

const MINUTE = 60_000;
const SCHEDULED_FOR = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/** The name of the Job for a time: the same whoever makes it, so that it cannot be made twice. */
export const jobName = ({ metadata }: CronJob, scheduled: number): string =>
  `${metadata.name}-${Math.floor(scheduled / MINUTE)}`;

/** The Job that a CronJob wants for a time (ms since the epoch). Mirrors `getJobFromTemplate2`. */
export function jobDraft(cronJob: CronJob, scheduled: number): Draft<Job> {
  const { metadata, spec } = cronJob.spec.jobTemplate;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: jobName(cronJob, scheduled),
      namespace: cronJob.metadata.namespace ?? '',
      ...(metadata?.labels ? { labels: metadata.labels } : {}),
      annotations: { ...metadata?.annotations, [SCHEDULED_FOR]: inZone(scheduled, cronJob.spec.timeZone ?? 'UTC') },
      ownerReferences: [controllerReference(cronJobs, cronJob)],
    },
    spec,
    status: {},
  };
}

/** RFC 3339 with the offset of the zone: `2026-11-24T10:00:00+01:00`. */
function inZone(at: number, zone: string): string {
  const offset = offsetAt(at, zone) / MINUTE;
  const local = formatTime(at + offset * MINUTE);
  if (offset === 0) return local;
  const two = (n: number) => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `${local.slice(0, -1)}${offset < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`;
}
