import { formatLabelSelector } from '../selector.js';
import { holds, isTerminating } from '../state.js';
import type { CronJob, Job } from '../workload-types.js';
import { age, humanDuration } from './age.js';
import { containerColumns } from './containers.js';
import { AGE, column, NAME, NONE, orNone, printer, wide } from './printer.js';

/** `kubectl get jobs` */
export const printJob = printer<Job>(
  NAME,
  column('Status', 'What has become of the job.', status),
  column('Completions', 'Pods that have succeeded, of all that must.', completions),
  column('Duration', 'How long it took, or has taken so far.', duration),
  AGE,
  ...containerColumns<Job>(o => o.spec.template.spec.containers),
  wide('Selector', 'Labels of the pods that belong to it.', o => formatLabelSelector(o.spec.selector)),
);

/** `kubectl get cronjobs` */
export const printCronJob = printer<CronJob>(
  NAME,
  column('Schedule', 'When jobs are made, in the form of cron.', o => o.spec.schedule ?? ''),
  column('Timezone', 'The zone in which the schedule is meant.', o => orNone(o.spec.timeZone)),
  column('Suspend', 'Whether no more jobs are made.', o => (o.spec.suspend ? 'True' : 'False')),
  column('Active', 'Jobs that run.', o => o.status.active?.length ?? 0, 'integer'),
  column('Last Schedule', 'Time since the last job was made.', (o, now) =>
    o.status.lastScheduleTime ? age(o.status.lastScheduleTime, now) : NONE,
  ),
  AGE,
  ...containerColumns<CronJob>(o => o.spec.jobTemplate.spec.template.spec.containers),
  wide('Selector', 'Labels of the pods of its jobs.', o => formatLabelSelector(o.spec.jobTemplate.spec.selector)),
);

function status(job: Job): string {
  if (holds(job, 'Complete')) return 'Complete';
  if (holds(job, 'Failed')) return 'Failed';
  if (isTerminating(job)) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(type => holds(job, type)) ?? 'Running';
}

/** `1/3`; `0/1 of 5` where any of several pods may finish the work. */
function completions({ spec: { completions: wanted, parallelism = 0 }, status: { succeeded = 0 } }: Job): string {
  if (wanted !== undefined) return `${succeeded}/${wanted}`;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function duration({ status: { startTime, completionTime } }: Job, now: number): string {
  if (!startTime) return '';
  return humanDuration((completionTime ? Date.parse(completionTime) : now) - Date.parse(startTime));
}
