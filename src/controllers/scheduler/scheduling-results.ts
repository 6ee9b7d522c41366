import { formatTime } from '../../clock/clock.js';
import type { VolumePlan } from '../../placement/volumes/binding.js';
import { SELECTED_NODE } from '../../placement/volumes/storage-view.js';
import type { Registry } from '../../registry/registry.js';
import { StatusError } from '../../registry/status.js';
import { pods } from '../../resources/index.js';
import { without } from '../../resources/json.js';
import { withDisruptionTarget } from '../../resources/pod-disruption.js';
import { conditionOf, withCondition } from '../../resources/state.js';
import type { Condition, Pod, PodStatus } from '../../resources/types.js';
import { DEFAULT_SCHEDULER } from '../../resources/well-known.js';
import type { Recorder } from '../runtime/types.js';
import { annotated, claims, keptFor, volumes } from '../volume-binder/kinds.js';

/** Events carry at most so much of a message (SCH-08). */
const MAX_EVENT_MESSAGE = 1024;

const STATUS = { subresource: 'status', component: 'kube-scheduler' } as const;

/** Writes down what was decided about pods: bindings, conditions, evictions, and the events that tell of them. */
export class SchedulingResults {
  readonly #registry: Registry;
  readonly #recorder: Recorder;

  constructor(registry: Registry, recorder: Recorder) {
    this.#registry = registry;
    this.#recorder = recorder;
  }

  /** Binds a pod to its node (SCH-10). */
  async bind(pod: Pod, node: string): Promise<void> {
    const { namespace = '', name, uid } = pod.metadata;
    try {
      await this.#registry.bind(namespace, name, node, { uid });
    } catch (error) {
      // It went, or somebody else bound it, between the look and the binding.
      if (isOutdated(error)) return;
      throw error;
    }
    const message = `Successfully assigned ${namespace}/${name} to ${node}`;
    this.#recorder.event(pod, 'Normal', 'Scheduled', message, { action: 'Binding' });
  }

  /** Says of a pod why no node takes it, and which one is being made free for it, if any. */
  unschedulable(pod: Pod, message: string, nominatedNodeName: string | undefined): Promise<void> {
    return this.#failed(pod, 'Unschedulable', message, nominatedNodeName);
  }

  /** Says of a pod that it has its node, but could not be bound to it. */
  bindingFailed(pod: Pod, error: unknown): Promise<void> {
    const why = error instanceof Error ? error.message : String(error);
    const message = `binding rejected: running Bind plugin "DefaultBinder": ${why}`;
    return this.#failed(pod, 'SchedulerError', message, pod.status.nominatedNodeName);
  }

  /**
   * Has the claims of a pod get their volumes on the node that was chosen for it: volumes that are there are kept for them, for
   * others the node is named. The pod waits, and its room with it.
   */
  async arrangeVolumes(pod: Pod, node: string, { bindings, provisions }: VolumePlan): Promise<void> {
    const writes = [
      ...bindings
        .filter(({ claim, volume }) => volume.spec.claimRef?.uid !== claim.metadata.uid)
        .map(({ claim, volume }) =>
          this.#registry.update(volumes, keptFor(volume, claim), { component: 'kube-scheduler' }),
        ),
      ...provisions
        .filter(({ metadata }) => metadata.annotations?.[SELECTED_NODE] !== node)
        .map(claim =>
          this.#registry.update(claims, annotated(claim, SELECTED_NODE, node), { component: 'kube-scheduler' }),
        ),
      ...(pod.status.nominatedNodeName === node
        ? []
        : [this.#changeStatus(pod, status => ({ ...status, nominatedNodeName: node }))]),
    ];
    for (const result of await Promise.allSettled(writes))
      if (result.status === 'rejected' && !isOutdated(result.reason)) throw result.reason;
  }

  /** Says of a pod that it has its node, but has waited for its volumes in vain. */
  volumesMissing(pod: Pod): Promise<void> {
    const message = 'running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded';
    return this.#failed(pod, 'SchedulerError', message, pod.status.nominatedNodeName);
  }

  /** Every attempt that fails is told of; the condition is written only if it says something new (SCH-08). */
  async #failed(
    pod: Pod,
    reason: 'Unschedulable' | 'SchedulerError',
    message: string,
    nominatedNodeName: string | undefined,
  ): Promise<void> {
    this.#recorder.event(pod, 'Warning', 'FailedScheduling', shortened(message), { action: 'Scheduling' });
    const former = conditionOf(pod, 'PodScheduled');
    const isKnown = former?.status === 'False' && former.reason === reason && former.message === message;
    if (isKnown && pod.status.nominatedNodeName === nominatedNodeName) return;
    const isNew = former?.status !== 'False';
    const { generation } = pod.metadata;
    const condition: Condition = {
      type: 'PodScheduled',
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      status: 'False',
      lastProbeTime: null,
      lastTransitionTime: isNew ? formatTime(this.#registry.clock.now()) : (former.lastTransitionTime ?? null),
      reason,
      message,
    };
    await this.#changeStatus(pod, status => ({
      ...without(status, 'nominatedNodeName'),
      conditions: withCondition(status.conditions, condition),
      ...(nominatedNodeName ? { nominatedNodeName } : {}),
    }));
  }

  /** Takes back the promise of a node. */
  async withdrawNomination(pod: Pod): Promise<void> {
    await this.#changeStatus(pod, status => without(status, 'nominatedNodeName'));
  }

  /** Sends a pod away to make room for another; it has its grace period. */
  async evict(victim: Pod, preemptor: Pod, node: string): Promise<void> {
    const { namespace = '', name, uid } = victim.metadata;
    if (victim.metadata.deletionTimestamp !== undefined) return;
    const message = `${preemptor.spec.schedulerName ?? DEFAULT_SCHEDULER}: preempting to accommodate a higher priority pod`;
    const marked = withDisruptionTarget(victim, 'PreemptionByScheduler', message, this.#registry.clock.now());
    try {
      await Promise.all([
        ...(marked === victim ? [] : [this.#registry.update(pods, marked, STATUS)]),
        this.#registry.delete(pods, namespace, name, { preconditions: { uid } }),
      ]);
    } catch (error) {
      if (isOutdated(error)) return;
      throw error;
    }
    const note = `Preempted by pod ${preemptor.metadata.uid} on node ${node}`;
    this.#recorder.event(victim, 'Normal', 'Preempted', note, { action: 'Preempting', related: preemptor });
  }

  async #changeStatus(pod: Pod, change: (status: PodStatus) => PodStatus): Promise<void> {
    try {
      await this.#registry.update(pods, { ...pod, status: change(pod.status) }, STATUS);
    } catch (error) {
      // Whoever changed it meanwhile, it will be looked at again.
      if (!isOutdated(error)) throw error;
    }
  }
}

/** Whether a write failed because its object is gone, or not the same any more. */
const isOutdated = (error: unknown): boolean => StatusError.is(error, 'NotFound') || StatusError.is(error, 'Conflict');

const shortened = (message: string): string =>
  message.length > MAX_EVENT_MESSAGE ? `${message.slice(0, MAX_EVENT_MESSAGE - 4)} ...` : message;
