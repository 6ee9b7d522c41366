import { generateJobSelector, setJobDefaults } from '../defaults/job.js';
import { printCronJob, printJob } from '../printing/job.js';
import { validateCronJob } from '../validation/cron-job.js';
import { validateJob, validateJobUpdate } from '../validation/job.js';
import { validateJobStatusUpdate } from '../validation/job-status.js';
import { podNameWarnings } from '../warnings.js';
import type { CronJob, Job } from '../workload-types.js';
import { plainKind } from './plain-kind.js';

const GROUP = { group: 'batch', categories: ['all'], status: {}, generation: true } as const;

const MANY_COMPLETIONS = 100_000;
const MANY_AT_ONCE = 10_000;

export const jobs = plainKind<Job>({
  ...GROUP,
  kind: 'Job',
  plural: 'jobs',
  podTemplate: 'spec.template',
  defaults: { 'spec.completionMode': 'NonIndexed', 'spec.suspend': false, 'spec.manualSelector': false },
  omitZero: ['status.active', 'status.succeeded', 'status.failed'],
  strategy: {
    setDefaults: setJobDefaults,
    prepareForCreate: generateJobSelector,
    validate: validateJob,
    validateUpdate: validateJobUpdate,
    validateStatusUpdate: validateJobStatusUpdate,
    warnings: (job, old) => [...podNameWarnings(job, old), ...sizeWarnings(job)],
    // As it was before there were owners; kubectl asks for something else.
    defaultPropagation: 'Orphan',
  },
  selectableFields: { 'status.successful': o => String(o.status.succeeded ?? 0) },
  unknownField: label => `field label ${JSON.stringify(label)} not supported for batchv1.Job`,
  printer: printJob,
});

export const cronJobs = plainKind<CronJob>({
  ...GROUP,
  kind: 'CronJob',
  plural: 'cronjobs',
  shortNames: ['cj'],
  podTemplate: 'spec.jobTemplate.spec.template',
  defaults: {
    'spec.concurrencyPolicy': 'Allow',
    'spec.suspend': false,
    'spec.successfulJobsHistoryLimit': 3,
    'spec.failedJobsHistoryLimit': 1,
  },
  strategy: {
    validate: validateCronJob,
    warnings: podNameWarnings,
  },
  printer: printCronJob,
});

export const batch = [jobs, cronJobs];

/** What would not fit into the status of an Indexed Job. */
function sizeWarnings({ spec: { completionMode, completions = 0, parallelism = 0 } }: Job): string[] {
  return completionMode === 'Indexed' && completions > MANY_COMPLETIONS && parallelism > MANY_AT_ONCE
    ? [
        'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail',
      ]
    : [];
}
