import type { Registry } from '../../registry/registry.js';
import { nodes } from '../../resources/index.js';
import type { DaemonSet } from '../../resources/types.js';
import type { Queue, Recorder } from '../runtime/types.js';
import { untilNextAvailable } from '../workloads/availability.js';
import type { FailedPodsBackoff } from '../workloads/failed-pods-backoff.js';
import { type CompiledDaemonSet, liveHashes } from './compiled.js';
import type { CreateAttempts } from './create-attempts.js';
import { type CurrentTemplate, type DaemonPod, daemonPodOf } from './daemon-pod.js';
import type { DaemonScheduling, DetailedVerdict } from './eras/era.js';
import { type CurrentHistory, cleanupHistory, constructHistory } from './history.js';
import type { ManageDecision, NodeBackoff, PodsByNode } from './manage.js';
import { podDrafts } from './pod-template.js';
import { allowsSurge } from './rolling-update.js';
import { countPods, storeStatus } from './status.js';
import { syncPods } from './sync-pods.js';

export interface SyncContext {
  readonly registry: Registry;
  readonly recorder: Recorder;
  readonly scheduling: DaemonScheduling;
  readonly attempts: CreateAttempts;
  readonly backoff: FailedPodsBackoff;
  readonly key: string;
  readonly queue: Queue;
  /** As it was when the sync began. */
  readonly set: DaemonSet;
  readonly compiled: CompiledDaemonSet;
}

/** One look at one set, from its history to its status (CTL-09). */
export class DaemonSetSync {
  readonly #context: SyncContext;
  /** The nodes as they were when the sync began. */
  readonly #verdicts: readonly DetailedVerdict[];

  constructor(context: SyncContext) {
    this.#context = context;
    this.#verdicts = context.compiled.verdicts(context.registry.all(nodes));
  }

  /**
   * The status is written also after a failure, so that it tells what did come about (CTL-15).
   * @throws Error what failed: of the pods rather than of the status
   */
  async run(): Promise<void> {
    const { registry, set, compiled, scheduling } = this.#context;
    const history = await constructHistory(registry, set, await compiled.revisions.of(set), compiled.revision, () =>
      compiled.pods.of(set),
    );
    const template = { hash: history.hash };
    let failure: { error: unknown } | undefined;
    try {
      await this.#updatePods(template);
      await this.#cleanUp(history);
    } catch (error) {
      if (!scheduling.statusAfterFailure) throw error;
      failure = { error };
    }
    try {
      await this.#writeStatus(template);
    } catch (error) {
      throw failure ? failure.error : error;
    }
    if (failure) throw failure.error;
  }

  /**
   * Rolls out only when there is nothing to put in order. Upstream waits until its caches have seen what it did last; reads of the
   * registry are never stale, so it is enough that what was done now is looked at by the next sync (CTL-14).
   */
  async #updatePods(template: CurrentTemplate): Promise<void> {
    const acted = await this.#manage(template);
    if (!acted && this.#context.set.spec.updateStrategy.type === 'RollingUpdate') await this.#rollOut(template);
  }

  async #manage(template: CurrentTemplate): Promise<boolean> {
    const { registry, scheduling, set, key, queue } = this.#context;
    const { updateStrategy, minReadySeconds = 0 } = set.spec;
    const decision = scheduling.decideManage({
      nodes: this.#verdicts,
      podsByNode: await this.#podsByNode(),
      hash: template.hash,
      surge: allowsSurge(updateStrategy),
      minReadySeconds,
      now: registry.clock.now(),
      backoff: this.#nodeBackoff(),
    });
    scheduling.decided(key, this.#verdicts);
    this.#tell(decision);
    if (decision.requeueAfter !== undefined) queue.addAfter(key, decision.requeueAfter);
    const acted = await this.#carryOut(decision, template);
    scheduling.checkManaged(set, decision);
    return acted;
  }

  /** Events about, and records of, what was found on the nodes. */
  #tell({ failed, succeeded }: ManageDecision): void {
    const { recorder, set } = this.#context;
    const backoff = this.#nodeBackoff();
    const where = ({ namespace, name, node }: DaemonPod) => `${namespace}/${name} on node ${node}`;
    for (const pod of failed) {
      backoff.begin(pod.node!);
      recorder.event(set, 'Warning', 'FailedDaemonPod', `Found failed daemon pod ${where(pod)}, will try to kill it`);
    }
    for (const pod of succeeded) {
      recorder.event(
        set,
        'Normal',
        'SucceededDaemonPod',
        `Found succeeded daemon pod ${where(pod)}, will try to delete it`,
      );
    }
    for (const { name, obstacle } of this.#verdicts) {
      if (obstacle === undefined) continue;
      const message = `failed to place pod on ${JSON.stringify(name)}: ${obstacle}`;
      recorder.event(set, 'Warning', 'FailedPlacement', message);
    }
  }

  /** The backoff of each node of this set, begun anew with every version of its spec (FAIL-01, FAIL-03). */
  #nodeBackoff(): NodeBackoff & { begin(node: string): void } {
    const { backoff, set } = this.#context;
    const keyOf = (node: string) => `${set.metadata.uid}/${set.status.observedGeneration ?? 0}/${node}`;
    return {
      waiting: node => backoff.waiting(keyOf(node)),
      upcoming: node => backoff.upcoming(keyOf(node)),
      begin: node => backoff.begin(keyOf(node)),
    };
  }

  async #rollOut(template: CurrentTemplate): Promise<void> {
    const { registry, scheduling, set } = this.#context;
    const decision = scheduling.decideRollingUpdate({
      nodes: this.#verdicts,
      podsByNode: await this.#podsByNode(),
      template,
      rollingUpdate: set.spec.updateStrategy.rollingUpdate,
      minReadySeconds: set.spec.minReadySeconds ?? 0,
      now: registry.clock.now(),
    });
    await this.#carryOut(decision, template);
  }

  /** Answers whether there was anything to do. */
  async #carryOut(decision: { create: string[]; delete: DaemonPod[] }, { hash }: CurrentTemplate): Promise<boolean> {
    if (decision.create.length === 0 && decision.delete.length === 0) return false;
    const { set, compiled } = this.#context;
    const drafts = podDrafts(set, hash, node => compiled.scheduling.specFor(node));
    await syncPods(this.#context, set, decision.create, decision.delete, drafts);
    return true;
  }

  async #cleanUp({ old }: CurrentHistory): Promise<void> {
    const { registry, set, compiled } = this.#context;
    const limit = set.spec.revisionHistoryLimit ?? 10;
    if (old.length <= limit) return;
    await cleanupHistory(registry, old, limit, liveHashes(await compiled.pods.of(set)));
  }

  async #writeStatus(template: CurrentTemplate): Promise<void> {
    const { registry, set, compiled, key, queue } = this.#context;
    const { minReadySeconds = 0 } = set.spec;
    const podsByNode = await this.#podsByNode();
    const now = registry.clock.now();
    await storeStatus(registry, set, countPods({ nodes: this.#verdicts, podsByNode, template, minReadySeconds, now }));
    if (minReadySeconds === 0) return;
    const claimed = await compiled.pods.of(set);
    const next = untilNextAvailable(claimed.map(daemonPodOf), minReadySeconds, now);
    if (next !== undefined) queue.addAfter(key, next);
  }

  async #podsByNode(): Promise<PodsByNode> {
    const { set, compiled } = this.#context;
    return compiled.podsByNode(await compiled.pods.of(set));
  }
}
