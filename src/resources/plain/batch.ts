import { generateJobSelector, setJobDefaults } from '../defaults/job.js';
import { printCronJob, printJob } from '../printing/job.js';
import { validateCronJob } from '../validation/cron-job.js';
import { validateJob, validateJobUpdate } from '../validation/job.js';
import { validateJobStatusUpdate } from '../validation/job-status.js';
import { cronJobWarnings, jobWarnings } from '../warnings/workloads.js';
import type { CronJob, Job } from '../workload-types.js';
import { plainKind } from './plain-kind.js';

const GROUP = { group: 'batch', categories: ['all'], status: {}, generation: true } as const;

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
    warnings: jobWarnings,
    // As it was before there were owners; kubectl asks for something else.
    defaultPropagation: 'Orphan',
    deletionWarning:
      'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
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
    warnings: cronJobWarnings,
  },
  printer: printCronJob,
});

export const batch = [jobs, cronJobs];
