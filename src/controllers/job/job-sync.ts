import { formatTime } from '../../clock/clock.js';
import type { Registry } from '../../registry/registry.js';
import { StatusError } from '../../registry/status.js';
import { jobs, pods } from '../../resources/index.js';
import { equalJson } from '../../resources/json.js';
import { labelSelectorMatcher } from '../../resources/selector.js';
import { isReady, isTerminating } from '../../resources/state.js';
import type { Pod } from '../../resources/types.js';
import type { Job, JobStatus } from '../../resources/workload-types.js';
import type { Queue } from '../runtime/types.js';
import { Claimed, describeMetadata } from '../workloads/claim.js';
import { all, createPod, deletePod, failures, type PodControl, slowStart, throwAny } from '../workloads/pod-control.js';
import type { FailureRecord } from './backoff.js';
import { isSuspended, isTracked, TRACKING_FINALIZER } from './job-pods.js';
import { type Ending, endingOf, isComplete, type JobView, untilDeadline, viewOf } from './job-view.js';
import { decidePods } from './manage.js';
import { podDrafts } from './pod-drafts.js';
import { isOver, settle, tallyPods, withActivity, withJobCondition } from './tally.js';

const REACHED: Ending = {
  type: 'Complete',
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
};
const SUSPENDED = { reason: 'JobSuspended', message: 'Job suspended' };
const RESUMED = { reason: 'JobResumed', message: 'Job resumed' };

export interface SyncContext extends PodControl {
  readonly registry: Registry;
  readonly key: string;
  readonly queue: Queue;
  /** What is remembered of the failures of every Job, by key. */
  readonly failures: Map<string, FailureRecord>;
}

/** What became of a Job's pods in one sync. */
interface Outcome {
  readonly active: number;
  readonly ready: number;
  readonly terminating: number;
  readonly errors: readonly unknown[];
}

/** One look at one Job that has not ended, from its pods to its status. Mirrors `syncJob`. */
export class JobSync {
  readonly #context: SyncContext;
  readonly #now: number;

  constructor(context: SyncContext) {
    this.#context = context;
    this.#now = context.registry.clock.now();
  }

  /** @throws Error what failed; the status tells what did come about */
  async run(stored: Job): Promise<void> {
    const { registry, key, queue, failures: remembered } = this.#context;
    const job = this.#started(stored);
    const claimed = new Claimed(registry, {
      owner: jobs,
      kind: pods,
      selector: labelSelectorMatcher(job.spec.selector),
      describe: describeMetadata,
      finalizer: TRACKING_FINALIZER,
    });
    const own = (await claimed.of(job)).map(({ object }) => object);
    const view = viewOf(job, own, remembered.get(key));
    const left = untilDeadline(job, this.#now);
    if (left > 0 && Number.isFinite(left)) queue.addAfter(key, left);

    let ending = endingOf(view, this.#now);
    let outcome: Outcome;
    let { status } = job;
    if (ending) {
      outcome = await this.#deletePods(view, view.active, pod => deletePod(this.#context, job, nameOf(pod)));
      // Not yet, while pods are at work that could not be stopped.
      if (outcome.active > 0) ending = undefined;
    } else {
      outcome = isTerminating(job) ? unchanged(view) : await this.#manage(view);
      if (isComplete(view) && outcome.active === 0) ending = REACHED;
      else if (!isTerminating(job)) status = this.#tellSuspension(job);
    }
    await this.#count(view, stored, withActivity(status, outcome), ending);
    throwAny(outcome.errors);
  }

  #started(job: Job): Job {
    if (job.status.startTime || isSuspended(job)) return job;
    return { ...job, status: { ...job.status, startTime: formatTime(this.#now) } };
  }

  async #manage(view: JobView): Promise<Outcome> {
    const { key, queue } = this.#context;
    const { job } = view;
    const decision = decidePods(view, this.#now);
    if (decision.pause !== undefined) queue.addAfter(key, decision.pause);
    if (decision.delete.length > 0) return this.#deletePods(view, decision.delete, pod => this.#withdraw(job, pod));
    if (decision.create.length === 0) return unchanged(view);
    const draftFor = podDrafts(job, view.indexes?.goOnFrom ?? new Map());
    let created = 0;
    const errors = await slowStart(decision.create, async index => {
      await createPod(this.#context, job, draftFor(index));
      created++;
    });
    const before = unchanged(view);
    return { ...before, active: before.active + created, errors };
  }

  async #deletePods(view: JobView, doomed: readonly Pod[], remove: (pod: Pod) => Promise<void>): Promise<Outcome> {
    const deleted: Pod[] = [];
    const errors = await failures(
      doomed.map(async pod => {
        await remove(pod);
        deleted.push(pod);
      }),
    );
    const before = unchanged(view);
    return {
      active: before.active - deleted.length,
      ready: before.ready - deleted.filter(isReady).length,
      terminating: before.terminating + deleted.length,
      errors,
    };
  }

  /** Deletes a pod that is not wanted any more, and does not count. */
  async #withdraw(job: Job, pod: Pod): Promise<void> {
    await release(this.#context.registry, pod);
    await deletePod(this.#context, job, nameOf(pod));
  }

  #tellSuspension(job: Job): JobStatus {
    const { recorder } = this.#context;
    const isNow = isSuspended(job);
    const { status } = job;
    const next = withJobCondition(
      status,
      'Suspended',
      isNow ? 'True' : 'False',
      isNow ? SUSPENDED : RESUMED,
      this.#now,
    );
    if (equalJson(next, status)) return status;
    recorder.event(job, 'Normal', isNow ? 'Suspended' : 'Resumed', (isNow ? SUSPENDED : RESUMED).message);
    // What a deadline counts is the time without a pause.
    return isNow ? next : { ...next, startTime: formatTime(this.#now) };
  }

  /** Writes who has ended, lets go of them, and writes what that comes to. */
  async #count(view: JobView, stored: Job, activity: JobStatus, ending: Ending | undefined): Promise<void> {
    const { registry, key, failures: remembered } = this.#context;
    const tracked = new Set(view.pods.filter(isTracked).map(({ metadata }) => metadata.uid));
    const tally = tallyPods(view, settle(activity, tracked), ending);
    const interim = ending?.type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
    const status = ending ? withJobCondition(tally.status, interim, 'True', ending, this.#now) : tally.status;
    // A Job that has nothing left to count ends with one write.
    const job =
      tally.release.length > 0 || !isOver(status) || !ending
        ? await this.#write(stored, status)
        : { ...stored, status };
    remembered.set(key, view.failures);
    if (view.failures.failures === 0) remembered.delete(key);
    await all(tally.release.map(pod => release(registry, pod)));

    for (const { metadata } of tally.release) tracked.delete(metadata.uid);
    const settled = settle(job.status, tracked);
    if (!ending || tally.isPartial || !isOver(settled)) await this.#write(job, settled);
    else await this.#finish(job, settled, ending);
  }

  async #finish(job: Job, settled: JobStatus, ending: Ending): Promise<void> {
    const { recorder } = this.#context;
    const now = this.#context.registry.clock.now();
    const status = withJobCondition(settled, ending.type, 'True', ending, now);
    const isComplete = ending.type === 'Complete';
    const finished = await this.#write(job, isComplete ? { ...status, completionTime: formatTime(now) } : status);
    if (!isComplete) {
      recorder.event(finished, 'Warning', ending.reason, ending.message);
      return;
    }
    const { completions } = job.spec;
    if (completions !== undefined && (finished.status.succeeded ?? 0) > completions) {
      const message = 'Too many succeeded pods running after completion count reached';
      recorder.event(finished, 'Warning', 'TooManySucceededPods', message);
    }
    recorder.event(finished, 'Normal', 'Completed', 'Job completed');
  }

  /** The Job with this status, written if it is news. */
  async #write(job: Job, status: JobStatus): Promise<Job> {
    if (equalJson(status, job.status)) return job;
    return (await this.#context.registry.update(jobs, { ...job, status }, { subresource: 'status' })).object;
  }
}

const nameOf = ({ metadata: { namespace = '', name } }: Pod) => ({ namespace, name });

const unchanged = ({ active, ready, going }: JobView): Outcome => ({
  active: active.length,
  ready,
  terminating: going.length,
  errors: [],
});

/** Takes the Job's finalizer off a pod. */
export async function release(registry: Registry, { metadata: { namespace = '', name, uid } }: Pod): Promise<void> {
  const body = { metadata: { uid, '$deleteFromPrimitiveList/finalizers': [TRACKING_FINALIZER] } };
  try {
    await registry.patch(pods, namespace, name, { type: 'strategic', body });
  } catch (error) {
    if (!StatusError.is(error, 'NotFound')) throw error;
  }
}
