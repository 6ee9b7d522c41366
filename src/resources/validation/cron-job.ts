import { scheduleProblem } from '../cron-schedule.js';
import { type FieldError, invalid, notSupported, required } from '../field-error.js';
import type { CronJob } from '../workload-types.js';
import { validateJobSpec } from './job.js';
import { checkNotNegative } from './messages.js';

/** The name of a Job is that of its CronJob, a dash and ten digits; with those of its pods it must be a label. */
const MAX_NAME = 52;
const POLICIES = ['Allow', 'Forbid', 'Replace'];
const ZONE_PART = /^[A-Za-z.\-_0-9+]{1,14}$/;

/** Mirrors `ValidateCronJobCreate` and, where names and zones that were let through before stay, `ValidateCronJobUpdate`. */
export function validateCronJob({ metadata: { name }, spec }: CronJob, old?: CronJob): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.schedule)
    validateSchedule(errors, spec.schedule, old?.spec.schedule?.includes('TZ') ?? false, spec.timeZone);
  else errors.push(required('spec.schedule'));
  checkNotNegative(errors, 'spec.startingDeadlineSeconds', spec.startingDeadlineSeconds);
  if (spec.timeZone !== undefined && spec.timeZone !== old?.spec.timeZone) validateTimeZone(errors, spec.timeZone);
  if (!POLICIES.includes(spec.concurrencyPolicy)) {
    errors.push(notSupported('spec.concurrencyPolicy', spec.concurrencyPolicy, POLICIES));
  }
  const { spec: job } = spec.jobTemplate;
  const path = 'spec.jobTemplate.spec';
  errors.push(...validateJobSpec(path, job));
  if (job.selector) errors.push(invalid(`${path}.selector`, job.selector, '`selector` will be auto-generated'));
  if (job.manualSelector) errors.push(notSupported(`${path}.manualSelector`, true, ['nil', 'false']));
  checkNotNegative(errors, 'spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit);
  checkNotNegative(errors, 'spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit);
  if (!old && name.length > MAX_NAME) {
    errors.push(invalid('metadata.name', name, `must be no more than ${MAX_NAME} characters`));
  }
  return errors;
}

function validateSchedule(errors: FieldError[], schedule: string, hadZone: boolean, zone: string | undefined): void {
  const problem = scheduleProblem(schedule);
  if (problem) errors.push(invalid('spec.schedule', schedule, problem));
  if (!schedule.includes('TZ')) return;
  if (!hadZone) {
    errors.push(invalid('spec.schedule', schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'));
  } else if (zone !== undefined) {
    errors.push(invalid('spec.schedule', schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'));
  }
}

function validateTimeZone(errors: FieldError[], zone: string): void {
  const refuse = (why: string) => errors.push(invalid('spec.timeZone', zone, why));
  if (zone === '') refuse('timeZone must be nil or non-empty string');
  else if (zone.toLowerCase() === 'local') {
    refuse('timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones');
  } else if (!isTimeZone(zone)) refuse(`unknown time zone ${zone}`);
}

function isTimeZone(zone: string): boolean {
  // Offsets such as `+01:00` are none of the names that upstream knows, though the machine understands them.
  const isName = (part: string) =>
    part !== '.' && part !== '..' && !part.startsWith('-') && !part.startsWith('+') && ZONE_PART.test(part);
  if (!zone.split('/').every(isName)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
