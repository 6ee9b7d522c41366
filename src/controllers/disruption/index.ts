import { controllerOf } from '../../registry/indexes.js';
import { messageOf } from '../../registry/status.js';
import { podDisruptionBudgets, pods } from '../../resources/index.js';
import { equalJson } from '../../resources/json.js';
import { selectorOf, withAllowedCondition, withoutDisruptionTarget } from '../../resources/pod-disruption.js';
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from '../../resources/pod-disruption-budget.js';
import { conditionOf, hasEnded, isReady, isTerminating } from '../../resources/state.js';
import type { LabelSelector, Pod } from '../../resources/types.js';
import type { Change } from '../../store/entry.js';
import { keyOf, splitKey } from '../runtime/keys.js';
import { type Controller, type ControllerContext, nothing, type Queue, source } from '../runtime/types.js';
import { statusOf, stillDisrupted } from './budget-status.js';
import { type Expectation, expectationOf } from './expected-pods.js';

/** A pod that was to be disrupted and is not being deleted after so many ms is told that nothing came of it. */
const STALE_AFTER = 2 * 60_000;

/** Keys: of a budget, and of a pod whose mark may be out of date. */
const BUDGET = 'budget/';
const POD = 'pod/';

/**
 * Keeps the status of disruption budgets, by which evictions and preemption go: how many of their pods are healthy, how many
 * must be, how many may go. Takes the mark off pods that were to be disrupted and were not.
 *
 * It comes last: budgets that are a moment behind refuse rather than allow too much, since evictions count themselves.
 */
export function disruptionController(context: ControllerContext): Controller {
  const { registry } = context;
  const recorder = context.recorder('controllermanager');

  function podKeys({ type, entry, previous }: Change<Pod>): string[] {
    const pod = entry.object;
    const keys = type !== 'DELETED' && bearsMark(pod) ? [POD + keyOf(entry)] : [];
    const budgets = registry.all(podDisruptionBudgets, entry.namespace);
    if (budgets.length === 0) return keys;
    const before = type === 'MODIFIED' ? previous?.object : undefined;
    if (before && countsTheSame(before, pod)) return keys;
    const matching: PodDisruptionBudget[] = [];
    for (const { object: budget } of budgets) {
      const selector = selectorOf(budget);
      const matches = selector.matches(pod.metadata.labels);
      if (matches) matching.push(budget);
      if (matches || (before && selector.matches(before.metadata.labels))) keys.push(BUDGET + keyOf(budget.metadata));
    }
    if (matching.length > 1) tellOfMany(pod, matching[0]!.metadata.name);
    return keys;
  }

  function tellOfMany(pod: Pod, chosen: string): void {
    const { namespace, name } = pod.metadata;
    const message = `Pod "${namespace}"/"${name}" matches multiple PodDisruptionBudgets.  Chose "${chosen}" arbitrarily.`;
    recorder.event(pod, 'Warning', 'MultiplePodDisruptionBudgets', message);
  }

  /** @throws Error if it cannot be reckoned how many pods there are to be */
  function expect(budget: PodDisruptionBudget, selected: readonly Pod[]): Expectation {
    try {
      return expectationOf(registry, budget, selected);
    } catch (error) {
      const message = `Failed to calculate the number of expected pods: ${messageOf(error)}`;
      recorder.event(budget, 'Warning', 'CalculateExpectedPodCountFailed', message);
      throw error;
    }
  }

  async function keepBudget(key: string, queue: Queue): Promise<void> {
    const { namespace, name } = splitKey(key.slice(BUDGET.length));
    const budget = registry.get(podDisruptionBudgets, namespace, name)?.object;
    if (!budget) return;
    const selector = selectorOf(budget);
    const selected = registry
      .all(pods, namespace)
      .map(({ object }) => object)
      .filter(pod => selector.matches(pod.metadata.labels));
    if (selected.length === 0) recorder.event(budget, 'Normal', 'NoPods', 'No matching pods found');
    const now = registry.clock.now();
    let expectation: Expectation;
    try {
      expectation = expect(budget, selected);
    } catch (error) {
      // Nobody may go while nobody knows how many must stay.
      const closed = { ...budget.status, disruptionsAllowed: 0 };
      await tell(budget, withAllowedCondition(closed, 'SyncFailed', messageOf(error), now));
      return;
    }
    if (expectation.hasUnmanaged) {
      recorder.event(budget, 'Warning', 'UnmanagedPods', unmanaged(budget.spec.selector));
    }
    const disrupted = stillDisrupted(budget, selected, now);
    for (const pod of disrupted.overdue) {
      const message = `Pod was expected by PDB ${namespace}/${name} to be deleted but it wasn't`;
      recorder.event(pod, 'Warning', 'NotDeleted', message);
    }
    if (disrupted.nextAt !== undefined) queue.addAfter(key, disrupted.nextAt - now);
    await tell(budget, statusOf(budget, selected, expectation, disrupted, now));
  }

  async function tell(budget: PodDisruptionBudget, status: PodDisruptionBudgetStatus): Promise<void> {
    if (equalJson(status, budget.status)) return;
    await registry.update(podDisruptionBudgets, { ...budget, status }, { subresource: 'status' });
  }

  async function clearMark(key: string, queue: Queue): Promise<void> {
    const { namespace, name } = splitKey(key.slice(POD.length));
    const pod = registry.get(pods, namespace, name)?.object;
    if (!pod || !bearsMark(pod)) return;
    const now = registry.clock.now();
    const staleAt = Date.parse(conditionOf(pod, 'DisruptionTarget')?.lastTransitionTime ?? '') + STALE_AFTER;
    if (staleAt > now) queue.addAfter(key, staleAt - now);
    else await registry.update(pods, withoutDisruptionTarget(pod, now), { subresource: 'status' });
  }

  return {
    name: 'disruption',
    background: true,
    watches: [
      source(podDisruptionBudgets, ({ type, entry }) => (type === 'DELETED' ? [] : [BUDGET + keyOf(entry)]), nothing),
      source(pods, podKeys, nothing),
    ],
    reconcile: (key, queue) => (key.startsWith(POD) ? clearMark(key, queue) : keepBudget(key, queue)),
  };
}

/**
 * Whether the pod is marked to be disrupted without being deleted. The kubelet may take as long as it likes, and what has
 * ended needs no telling.
 */
function bearsMark(pod: Pod): boolean {
  const mark = conditionOf(pod, 'DisruptionTarget');
  return mark?.status === 'True' && mark.reason !== 'TerminationByKubelet' && !isTerminating(pod) && !hasEnded(pod);
}

/** Whether a pod is to budgets what it was before. */
const countsTheSame = (before: Pod, after: Pod): boolean =>
  isReady(before) === isReady(after) &&
  isTerminating(before) === isTerminating(after) &&
  controllerOf(before)?.uid === controllerOf(after)?.uid &&
  equalJson(before.metadata.labels, after.metadata.labels);

const unmanaged = (selector: LabelSelector | undefined): string =>
  `Pods selected by this PodDisruptionBudget (selector: ${goSelector(selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;

/** A selector as Go prints it in upstream's event. */
function goSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string {
  const labels = Object.keys(matchLabels)
    .sort()
    .map(key => `${key}: ${matchLabels[key]},`)
    .join('');
  const expressions = matchExpressions
    .map(({ key, operator, values = [] }) => `{${key} ${operator} [${values.join(' ')}]},`)
    .join('');
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`;
}
