import { formatTime } from '../clock/clock.js';
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from './pod-disruption-budget.js';
import { labelSelectorMatcher, type Selector } from './selector.js';
import { conditionOf, withCondition } from './state.js';
import type { Condition, Pod } from './types.js';

/** `pod` with the condition that says a disruption ends it, and why; the very pod if it says so already. `now` is in ms since the epoch. */
export function withDisruptionTarget(pod: Pod, reason: string, message: string, now: number): Pod {
  const old = conditionOf(pod, 'DisruptionTarget');
  if (old?.status === 'True' && old.reason === reason && old.message === message) return pod;
  const since = old?.status === 'True' ? (old.lastTransitionTime ?? null) : formatTime(now);
  return withTarget(pod, { status: 'True', lastProbeTime: null, lastTransitionTime: since, reason, message });
}

/** `pod` with the condition that says the disruption which was to end it did not. */
export function withoutDisruptionTarget(pod: Pod, now: number): Pod {
  return withTarget(pod, { status: 'False', lastProbeTime: null, lastTransitionTime: formatTime(now) });
}

function withTarget(pod: Pod, what: Omit<Condition, 'type'>): Pod {
  const { generation } = pod.metadata;
  const observed = generation === undefined ? {} : { observedGeneration: generation };
  const condition: Condition = { type: 'DisruptionTarget', ...observed, ...what };
  return { ...pod, status: { ...pod.status, conditions: withCondition(pod.status.conditions, condition) } };
}

const selectors = new WeakMap<PodDisruptionBudget, Selector>();

/** The budget's selector, made ready once. No selector selects no pods, an empty one all of the namespace. */
export function selectorOf(budget: PodDisruptionBudget): Selector {
  let selector = selectors.get(budget);
  if (!selector) selectors.set(budget, (selector = labelSelectorMatcher(budget.spec.selector)));
  return selector;
}

/**
 * Whether who would send the pod away has to ask this budget, which is of the pod's namespace. An empty selector guards no
 * pods, although the budget counts them all: so do upstream's eviction and scheduler.
 */
export function guards(budget: PodDisruptionBudget, pod: Pod): boolean {
  const selector = selectorOf(budget);
  return selector.requirements.length > 0 && selector.matches(pod.metadata.labels);
}

/** The reasons of a budget's condition `DisruptionAllowed`. */
export type DisruptionAllowedReason = 'SufficientPods' | 'InsufficientPods' | 'SyncFailed';

/** `status` with the condition that says whether pods may go now, as its `disruptionsAllowed` says. */
export function withDisruptionAllowed(status: PodDisruptionBudgetStatus, now: number): PodDisruptionBudgetStatus {
  return withAllowedCondition(status, status.disruptionsAllowed > 0 ? 'SufficientPods' : 'InsufficientPods', '', now);
}

/** `status` with that condition for a reason. It keeps the time of its last transition while it stays what it was. */
export function withAllowedCondition(
  status: PodDisruptionBudgetStatus,
  reason: DisruptionAllowedReason,
  message: string,
  now: number,
): PodDisruptionBudgetStatus {
  const truth = reason === 'SufficientPods' ? 'True' : 'False';
  const old = conditionOf({ status }, 'DisruptionAllowed');
  const condition: Condition = {
    type: 'DisruptionAllowed',
    status: truth,
    ...(status.observedGeneration === undefined ? {} : { observedGeneration: status.observedGeneration }),
    lastTransitionTime: old?.status === truth ? (old.lastTransitionTime ?? null) : formatTime(now),
    reason,
    message,
  };
  return { ...status, conditions: withCondition(status.conditions, condition) };
}
