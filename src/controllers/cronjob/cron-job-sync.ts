import { formatTime } from '../../clock/clock.js';
import { controllerOf, indexByController } from '../../registry/indexes.js';
import type { Registry } from '../../registry/registry.js';
import { messageOf, StatusError } from '../../registry/status.js';
import { compareText } from '../../resources/compare.js';
import { type CronSchedule, parseSchedule } from '../../resources/cron-schedule.js';
import { cronJobs, jobs } from '../../resources/index.js';
import { equalJson } from '../../resources/json.js';
import { holds, isTerminating } from '../../resources/state.js';
import type { ObjectReference } from '../../resources/types.js';
import type { CronJob, Job } from '../../resources/workload-types.js';
import { finishedCondition } from '../job/finished.js';
import type { Queue, Recorder } from '../runtime/types.js';
import { isNamespaceTerminating } from '../workloads/pod-control.js';
import { jobDraft, jobName } from './job-draft.js';
import { localTime } from './next-time.js';
import { type Due, dueOf } from './schedule.js';

const TOO_MANY = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';

export interface SyncContext {
  readonly registry: Registry;
  readonly recorder: Recorder;
  readonly key: string;
  readonly queue: Queue;
}

/** One look at one CronJob, from its Jobs to the next time that it is due. Mirrors `sync` of `cronjob_controllerv2.go`. */
export class CronJobSync {
  readonly #context: SyncContext;
  readonly #cronJob: CronJob;
  readonly #now: number;
  /** As it is to be at the end. */
  #status: CronJob['status'];

  constructor(context: SyncContext, cronJob: CronJob) {
    this.#context = context;
    this.#cronJob = cronJob;
    this.#status = cronJob.status;
    this.#now = context.registry.clock.now();
  }

  /** @throws Error what failed; the status tells what did come about */
  async run(): Promise<void> {
    const { registry } = this.#context;
    const own = indexByController(registry, jobs)
      .get(this.#cronJob.metadata.uid)
      .map(({ object }) => object);
    await this.#cleanUp(own);
    this.#look(own);
    let failure: { error: unknown } | undefined;
    try {
      if (!isTerminating(this.#cronJob) && !this.#cronJob.spec.suspend) await this.#start();
    } catch (error) {
      failure = { error };
    }
    if (!equalJson(this.#status, this.#cronJob.status)) {
      const changed = { ...this.#cronJob, status: this.#status };
      await registry.update(cronJobs, changed, { subresource: 'status' });
    }
    if (failure) throw failure.error;
  }

  /** Deletes the oldest Jobs that have ended, as many as there are more than are to be kept. */
  async #cleanUp(own: readonly Job[]): Promise<void> {
    const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = this.#cronJob.spec;
    const limits = { Complete: successfulJobsHistoryLimit, Failed: failedJobsHistoryLimit };
    for (const [type, limit] of Object.entries(limits)) {
      if (limit === undefined) continue;
      const ended = own.filter(job => finishedCondition(job)?.type === type && !isTerminating(job)).sort(earlierFirst);
      for (const job of ended.slice(0, Math.max(ended.length - limit, 0))) await this.#delete(job);
    }
  }

  /** Takes note of what has become of the Jobs. */
  #look(own: readonly Job[]): void {
    for (const job of own) {
      const { uid, name } = job.metadata;
      const isListed = this.#active.some(reference => reference.uid === uid);
      const condition = finishedCondition(job);
      if (!isListed && !condition)
        this.#tell('Warning', 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${name}`);
      else if (isListed && condition) {
        this.#forget(uid);
        this.#tell('Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${condition.type}`);
      }
      const { completionTime } = job.status;
      if (completionTime && holds(job, 'Complete') && completionTime > (this.#status.lastSuccessfulTime ?? ''))
        this.#status = { ...this.#status, lastSuccessfulTime: completionTime };
    }
    for (const { uid, name } of this.#active) {
      if (own.some(({ metadata }) => metadata.uid === uid)) continue;
      this.#tell('Normal', 'MissingJob', `Active job went missing: ${name}`);
      this.#forget(uid);
    }
  }

  /** Makes the Job that is due, if one is, and looks again when the next one will be. */
  async #start(): Promise<void> {
    const { key, queue } = this.#context;
    const due = this.#due();
    if (!due) return;
    if (due.next !== undefined) queue.addAfter(key, due.next - this.#now, 'upkeep');
    if (due.last !== undefined && this.#mayStart(due.last)) await this.#create(due.last);
  }

  #due(): Due | undefined {
    const { schedule: text = '', timeZone } = this.#cronJob.spec;
    let schedule: CronSchedule;
    try {
      schedule = parseSchedule(text);
    } catch (error) {
      const message = `unparseable schedule: ${JSON.stringify(text)} : ${messageOf(error)}`;
      this.#tell('Warning', 'UnparseableSchedule', message);
      return undefined;
    }
    if (schedule.zone !== undefined) {
      const message = `CRON_TZ or TZ used in schedule ${JSON.stringify(text)} is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details`;
      this.#tell('Warning', 'UnsupportedSchedule', message);
    }
    const zone = timeZone ?? schedule.zone ?? 'UTC';
    try {
      localTime(this.#now, zone);
    } catch {
      const message = `invalid timeZone: ${JSON.stringify(zone)}: unknown time zone ${zone}`;
      this.#tell('Warning', 'UnknownTimeZone', message);
      return undefined;
    }
    try {
      const due = dueOf(this.#cronJob, schedule, zone, this.#now);
      if (due.isTooMany) this.#tell('Warning', 'TooManyMissedTimes', TOO_MANY);
      return due;
    } catch (error) {
      this.#tell('Warning', 'InvalidSchedule', `invalid schedule: ${text} : ${messageOf(error)}`);
      return undefined;
    }
  }

  #mayStart(scheduled: number): boolean {
    const { startingDeadlineSeconds, concurrencyPolicy } = this.#cronJob.spec;
    if (startingDeadlineSeconds !== undefined && scheduled + startingDeadlineSeconds * 1000 < this.#now) {
      this.#tell('Warning', 'MissSchedule', `Missed scheduled time to start a job: ${rfc1123(scheduled)}`);
      return false;
    }
    const name = jobName(this.#cronJob, scheduled);
    if (this.#active.some(job => job.name === name) || this.#status.lastScheduleTime === formatTime(scheduled))
      return false;
    if (concurrencyPolicy !== 'Forbid' || this.#active.length === 0) return true;
    const message = 'Not starting job because prior execution is running and concurrency policy is Forbid';
    this.#tell('Normal', 'JobAlreadyActive', message);
    return false;
  }

  async #create(scheduled: number): Promise<void> {
    const { registry } = this.#context;
    const { namespace = '' } = this.#cronJob.metadata;
    if (this.#cronJob.spec.concurrencyPolicy === 'Replace') {
      for (const { name = '' } of this.#active) {
        const job = registry.get(jobs, namespace, name)?.object;
        if (job) await this.#delete(job);
      }
    }
    const draft = jobDraft(this.#cronJob, scheduled);
    let job: Job;
    try {
      ({ object: job } = await registry.create(jobs, draft, { namespace }));
      this.#tell('Normal', 'SuccessfulCreate', `Created job ${job.metadata.name}`);
    } catch (error) {
      if (isNamespaceTerminating(error)) return;
      const there = registry.get(jobs, namespace, draft.metadata.name!)?.object;
      if (!StatusError.is(error, 'AlreadyExists') || !there) {
        this.#tell('Warning', 'FailedCreate', `Error creating job: ${messageOf(error)}`);
        throw error;
      }
      // Made before, and not noted; unless it is somebody else's, who may do with it what he likes.
      if (controllerOf(there)?.uid !== this.#cronJob.metadata.uid) return;
      job = there;
    }
    this.#status = {
      ...this.#status,
      active: [...this.#active, referenceTo(job)],
      lastScheduleTime: formatTime(scheduled),
    };
  }

  async #delete(job: Job): Promise<void> {
    const { namespace = '', name, uid } = job.metadata;
    try {
      await this.#context.registry.delete(jobs, namespace, name, { propagationPolicy: 'Background' });
    } catch (error) {
      if (!StatusError.is(error, 'NotFound')) {
        this.#tell('Warning', 'FailedDelete', `Deleted job: ${messageOf(error)}`);
        throw error;
      }
    }
    this.#forget(uid);
    this.#tell('Normal', 'SuccessfulDelete', `Deleted job ${name}`);
  }

  get #active(): readonly ObjectReference[] {
    return this.#status.active ?? [];
  }

  #forget(uid: string | undefined): void {
    const { active = [], ...status } = this.#status;
    const left = active.filter(reference => reference.uid !== uid);
    this.#status = left.length > 0 ? { ...status, active: left } : status;
  }

  #tell(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#context.recorder.event(this.#cronJob, type, reason, message);
  }
}

/** Those that never began come last. */
function earlierFirst(a: Job, b: Job): number {
  const [start, otherStart] = [a.status.startTime ?? '~', b.status.startTime ?? '~'];
  return compareText(start, otherStart) || compareText(a.metadata.name, b.metadata.name);
}

const referenceTo = ({ apiVersion, kind, metadata }: Job): ObjectReference => ({
  apiVersion,
  kind,
  name: metadata.name,
  ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
  resourceVersion: metadata.resourceVersion,
  uid: metadata.uid,
});

/** `Tue, 24 Nov 2026 10:00:00 +0000` */
const rfc1123 = (at: number) => new Date(at).toUTCString().replace('GMT', '+0000');
