import type { Registry } from '../../registry/registry.js';
import { messageOf, StatusError } from '../../registry/status.js';
import { controllerRevisions, pods, statefulSets } from '../../resources/index.js';
import { equalJson } from '../../resources/json.js';
import type { LabelMatcher } from '../../resources/selector.js';
import { hasEnded, isTerminating } from '../../resources/state.js';
import type { ControllerRevision, Pod } from '../../resources/types.js';
import type { StatefulSet } from '../../resources/workload-types.js';
import type { Queue } from '../runtime/types.js';
import { readinessOf, untilNextAvailable } from '../workloads/availability.js';
import { Claimed, describeMetadata } from '../workloads/claim.js';
import type { FailedPodsBackoff } from '../workloads/failed-pods-backoff.js';
import { failures, isNamespaceTerminating, type PodControl, slowStart, throwAny } from '../workloads/pod-control.js';
import { createClaims, hasStaleClaims, retainClaims } from './claims.js';
import { historyOf, type SetHistory, templateOf, truncateHistory } from './history.js';
import { isHeldBack, type Plan, planFor } from './plan.js';
import { identityLabels, podDraft } from './pod-draft.js';
import { ordinalOf, placesOf, podName, revisionOf } from './set-pods.js';
import { statusOf } from './status.js';

export interface SyncContext extends PodControl {
  readonly registry: Registry;
  readonly backoff: FailedPodsBackoff;
  readonly key: string;
  readonly queue: Queue;
}

/** One look at one set, from its history to its status. Mirrors `UpdateStatefulSet`. */
export class StatefulSetSync {
  readonly #context: SyncContext;
  readonly #set: StatefulSet;
  readonly #pods: Claimed<Pod, StatefulSet>;
  readonly #revisions: Claimed<ControllerRevision, StatefulSet>;

  constructor(context: SyncContext, set: StatefulSet, selector: LabelMatcher) {
    this.#context = context;
    this.#set = set;
    const { registry } = context;
    this.#pods = new Claimed(registry, {
      owner: statefulSets,
      kind: pods,
      selector,
      // Only who has a name of the set's can be of the set.
      describe: entry => ({ ...describeMetadata(entry), ignored: ordinalOf(set, entry.name) === undefined }),
    });
    this.#revisions = new Claimed(registry, {
      owner: statefulSets,
      kind: controllerRevisions,
      selector,
      describe: describeMetadata,
    });
  }

  /** @throws Error what failed; the status tells what did come about */
  async run(): Promise<void> {
    const { registry } = this.#context;
    const set = this.#set;
    const history = await historyOf(registry, set, await this.#revisions.of(set));
    let errors: readonly unknown[] = [];
    // A set on its way out keeps still: its pods are the garbage collector's.
    if (!isTerminating(set)) errors = await this.#carryOut(await this.#plan(history), history);
    const left = await this.#owned();
    await this.#writeStatus(left, history);
    await truncateHistory(registry, set, history, new Set(left.map(revisionOf)));
    throwAny(errors);
  }

  async #owned(): Promise<readonly Pod[]> {
    return (await this.#pods.of(this.#set)).map(({ object }) => object);
  }

  async #plan({ update }: SetHistory): Promise<Plan> {
    const { registry } = this.#context;
    const set = this.#set;
    return planFor({
      set,
      ...placesOf(set, await this.#owned()),
      updateRevision: update.name,
      now: registry.clock.now(),
      hasStaleClaims: ordinal => hasStaleClaims(registry, set, ordinal),
    });
  }

  async #carryOut(plan: Plan, history: SetHistory): Promise<readonly unknown[]> {
    const created = await slowStart(plan.create, ordinal => this.#create(ordinal, history));
    const mended = await failures(plan.mend.map(pod => this.#mend(pod)));
    return [...created, ...mended, ...(await failures(plan.delete.map(pod => this.#delete(pod))))];
  }

  /** Makes the claims of an ordinal, then its pod. */
  async #create(ordinal: number, { current, update }: SetHistory): Promise<void> {
    const { registry } = this.#context;
    const set = this.#set;
    const revision = isHeldBack(set, ordinal) ? current : update;
    const { namespace = '' } = set.metadata;
    await this.#told('create', podName(set, ordinal), async () => {
      await createClaims(this.#context, set, ordinal);
      const draft = podDraft(set, templateOf(revision), revision.name, ordinal);
      const { object: pod } = await registry.create(pods, draft, { namespace });
      await retainClaims(registry, set, pod);
    });
  }

  /**
   * One that has ended is replaced at once, but not over and over: a node that turns it away would never come to rest. Upstream is
   * only slowed down by its distance from the API.
   */
  async #delete(pod: Pod): Promise<void> {
    const { registry, recorder, backoff, key, queue } = this.#context;
    const { namespace = '', name, uid } = pod.metadata;
    const set = this.#set;
    if (hasEnded(pod)) {
      const which = `${set.metadata.uid}/${name}`;
      const wait = backoff.waiting(which);
      if (wait !== undefined) {
        queue.addAfter(key, wait);
        return;
      }
      backoff.begin(which);
      const [type, reason, state] =
        pod.status.phase === 'Failed'
          ? (['Warning', 'RecreatingFailedPod', 'failed'] as const)
          : (['Normal', 'RecreatingTerminatedPod', 'terminated'] as const);
      const whose = `${set.metadata.namespace}/${set.metadata.name}`;
      recorder.event(set, type, reason, `StatefulSet ${whose} is recreating ${state} Pod ${name}`);
    }
    await this.#told('delete', name, () => registry.delete(pods, namespace, name, { preconditions: { uid } }));
  }

  /** Gives a pod back the labels that tell who it is, and its claims; and the claims to whom they belong. */
  async #mend(pod: Pod): Promise<void> {
    const { registry } = this.#context;
    const set = this.#set;
    const ordinal = ordinalOf(set, pod.metadata.name)!;
    const { metadata } = pod;
    const labels = { ...metadata.labels, ...identityLabels(set, ordinal) };
    if (!isTerminating(pod) && !equalJson(labels, metadata.labels)) {
      await this.#told('update', metadata.name, () =>
        registry.update(pods, { ...pod, metadata: { ...metadata, labels } }),
      );
    }
    if (pod.status.phase === 'Pending' && !isTerminating(pod)) await createClaims(this.#context, set, ordinal);
    await retainClaims(registry, set, pod);
  }

  /** Does something to a pod and tells of it, unless there is nothing to tell. */
  async #told(verb: 'create' | 'update' | 'delete', pod: string, write: () => Promise<unknown>): Promise<void> {
    const { recorder } = this.#context;
    const set = this.#set;
    const title = verb[0]!.toUpperCase() + verb.slice(1);
    const what = `${verb} Pod ${pod} in StatefulSet ${set.metadata.name}`;
    try {
      await write();
    } catch (error) {
      if (verb === 'delete' && StatusError.is(error, 'NotFound')) return;
      if (verb === 'create' && isNamespaceTerminating(error)) return;
      // Somebody else's pod stands in the way; that is told by nobody.
      if (!StatusError.is(error, 'AlreadyExists'))
        recorder.event(set, 'Warning', `Failed${title}`, `${what} failed error: ${messageOf(error)}`);
      throw error;
    }
    recorder.event(set, 'Normal', `Successful${title}`, `${what} successful`);
  }

  async #writeStatus(left: readonly Pod[], history: SetHistory): Promise<void> {
    const { registry, key, queue } = this.#context;
    const now = registry.clock.now();
    const set = this.#set;
    const next = untilNextAvailable(left.map(readinessOf), set.spec.minReadySeconds ?? 0, now);
    if (next !== undefined) queue.addAfter(key, next);
    const status = statusOf(set, left, history, now);
    if (!equalJson(status, set.status))
      await registry.update(statefulSets, { ...set, status }, { subresource: 'status' });
  }
}
