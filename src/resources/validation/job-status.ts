import { duplicate, type FieldError, invalid, OMITTED, required } from '../field-error.js';
import { equalJson } from '../json.js';
import { holds } from '../state.js';
import type { Job, JobStatus } from '../workload-types.js';
import { parseIndexes } from './job-indexes.js';
import { checkNotNegative, IMMUTABLE } from './messages.js';

const COUNTS = ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const;

/** Whoever tells the state of a Job must not contradict itself, nor take back what was final. Mirrors `ValidateJobStatusUpdate`. */
export function validateJobStatusUpdate(job: Job, old: Job): FieldError[] {
  if (equalJson(job.status, old.status)) return [];
  const errors: FieldError[] = [];
  for (const count of COUNTS) checkNotNegative(errors, `status.${count}`, job.status[count]);
  validateUncounted(errors, job.status);
  validateConditions(errors, job);
  validateTimes(errors, job);
  validateEnd(errors, job);
  validateIndexes(errors, job);
  validateProgress(errors, job, old);
  return errors;
}

const isFinished = (job: Job) => holds(job, 'Complete') || holds(job, 'Failed');

function validateUncounted(errors: FieldError[], { uncountedTerminatedPods: uncounted }: JobStatus): void {
  const seen = new Set<string>();
  for (const list of ['succeeded', 'failed'] as const) {
    uncounted?.[list]?.forEach((uid, i) => {
      const field = `status.uncountedTerminatedPods.${list}[${i}]`;
      if (uid === '') errors.push(invalid(field, uid, 'must not be empty'));
      else if (seen.has(uid)) errors.push(duplicate(field, uid));
      seen.add(uid);
    });
  }
}

function validateConditions(errors: FieldError[], job: Job): void {
  const complete = holds(job, 'Complete');
  const failed = holds(job, 'Failed');
  const failing = holds(job, 'FailureTarget');
  const succeeding = holds(job, 'SuccessCriteriaMet');
  const refuse = (is: boolean, why: string) => {
    if (is) errors.push(invalid('status.conditions', OMITTED, why));
  };
  refuse(complete && failed, 'cannot set Complete=True and Failed=true conditions');
  refuse(complete && failing, 'cannot set Complete=True and FailureTarget=true conditions');
  refuse(failed && !failing, 'cannot set Failed=True condition without the FailureTarget=true condition');
  refuse(complete && !succeeding, 'cannot set Complete=True condition without the SuccessCriteriaMet=true condition');
  refuse(succeeding && failed, 'cannot set SuccessCriteriaMet=True and Failed=true conditions');
  refuse(succeeding && failing, 'cannot set SuccessCriteriaMet=True and FailureTarget=true conditions');
}

function validateTimes(errors: FieldError[], job: Job): void {
  const { startTime, completionTime } = job.status;
  const field = 'status.completionTime';
  const complete = holds(job, 'Complete');
  if (completionTime && !complete) {
    errors.push(invalid(field, completionTime, 'cannot set completionTime when there is no Complete=True condition'));
  }
  if (!completionTime && complete) errors.push(required(field, 'completionTime is required for Complete jobs'));
  if (startTime && completionTime && Date.parse(completionTime) < Date.parse(startTime)) {
    errors.push(invalid(field, completionTime, 'must be equal to or after `startTime`'));
  }
}

/** What is finished has been started, and has nothing left to do. */
function validateEnd(errors: FieldError[], job: Job): void {
  const { active = 0, ready, terminating = 0, startTime, uncountedTerminatedPods: uncounted } = job.status;
  if (isFinished(job)) {
    if (active > 0) errors.push(invalid('status.active', active, 'active>0 is invalid for finished job'));
    if (!startTime) errors.push(required('status.startTime', 'startTime is required for finished job'));
    if (uncounted?.failed?.length || uncounted?.succeeded?.length) {
      errors.push(invalid('status.uncountedTerminatedPods', uncounted, 'must be empty for finished job'));
    }
    if (terminating > 0)
      errors.push(invalid('status.terminating', terminating, 'terminating>0 is invalid for finished job'));
  }
  if (ready !== undefined && ready > active) {
    errors.push(invalid('status.ready', ready, 'cannot set more ready pods than active'));
  }
}

function validateIndexes(errors: FieldError[], { spec, status }: Job): void {
  const { completedIndexes = '', failedIndexes } = status;
  const { completions } = spec;
  if (completedIndexes && spec.completionMode !== 'Indexed') {
    errors.push(
      invalid(
        'status.completedIndexes',
        completedIndexes,
        'cannot set non-empty completedIndexes when non-indexed completion mode',
      ),
    );
  }
  if (failedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    errors.push(
      invalid(
        'status.failedIndexes',
        failedIndexes,
        'cannot set non-null failedIndexes when backoffLimitPerIndex is null',
      ),
    );
  }
  if (completions === undefined) return;
  const completed = parseIndexes(completedIndexes, completions);
  if (completed.problem) {
    errors.push(
      invalid('status.completedIndexes', completedIndexes, `error parsing completedIndexes: ${completed.problem}`),
    );
  }
  if (failedIndexes === undefined) return;
  const failed = parseIndexes(failedIndexes, completions);
  if (failed.problem && spec.backoffLimitPerIndex !== undefined) {
    errors.push(invalid('status.failedIndexes', failedIndexes, `error parsing failedIndexes: ${failed.problem}`));
  }
  const both = failed.intervals
    .flatMap(([a, b]) => completed.intervals.map(([c, d]) => [Math.max(a, c), Math.min(b, d)] as const))
    .find(([first, last]) => first <= last);
  if (both) {
    errors.push(
      invalid('status.failedIndexes', failedIndexes, `failedIndexes and completedIndexes overlap at index: ${both[0]}`),
    );
  }
}

function validateProgress(errors: FieldError[], job: Job, old: Job): void {
  for (const type of ['Failed', 'Complete', 'FailureTarget']) {
    if (holds(old, type) && !holds(job, type))
      errors.push(invalid('status.conditions', OMITTED, `cannot disable the terminal ${type}=True condition`));
  }
  for (const counter of ['failed', 'succeeded'] as const) {
    // An Indexed Job that shrinks loses what was done beyond its end.
    if (counter === 'succeeded' && job.spec.completionMode === 'Indexed') continue;
    const count = job.status[counter] ?? 0;
    if (count < (old.status[counter] ?? 0))
      errors.push(invalid(`status.${counter}`, count, `cannot decrease the ${counter} counter`));
  }
  const { startTime, completionTime } = job.status;
  if (completionTime && old.status.completionTime && completionTime !== old.status.completionTime) {
    errors.push(invalid('status.completionTime', completionTime, IMMUTABLE));
  }
  if (old.status.startTime && startTime !== old.status.startTime && !job.spec.suspend) {
    errors.push(required('status.startTime', 'startTime cannot be removed for unsuspended job'));
  }
  if (holds(old, 'SuccessCriteriaMet') && !holds(job, 'SuccessCriteriaMet')) {
    errors.push(invalid('status.conditions', OMITTED, 'cannot disable the SuccessCriteriaMet=True condition'));
  }
}
