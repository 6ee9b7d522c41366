import { formatTime } from '../clock/clock.js';
import type { ResourceDefinition } from '../resources/definition.js';
import { podDisruptionBudgets, pods } from '../resources/index.js';
import { guards, withDisruptionAllowed, withDisruptionTarget } from '../resources/pod-disruption.js';
import type { PodDisruptionBudget } from '../resources/pod-disruption-budget.js';
import { conditionOf, hasEnded, isReady, isTerminating } from '../resources/state.js';
import type { Pod } from '../resources/types.js';
import { checkPreconditions } from './deletion.js';
import type { Registry } from './registry.js';
import { StatusError } from './status.js';
import type { DeleteOptions } from './types.js';

/** Pods a budget may have let go that nobody saw going yet. */
const MAX_DISRUPTED_PODS = 2000;
/** Seconds after which a client should ask again while a budget has not been looked at since it was changed. */
const ASK_AGAIN = 10;

/**
 * Deletes a pod if its disruption budget lets it go, and says why in the pod's conditions: what `kubectl drain` does to pods.
 * The budget notes who was let go, so that nobody counts on the pod any more. Mirrors upstream's `EvictionREST`.
 *
 * All is decided at once, so that no two evictions can spend the same allowance; upstream has to retry.
 * @throws StatusError 404, 409 (`options.preconditions`), 429 (the budget refuses, or is not up to date), 500 (more than one budget)
 */
export async function evictPod(
  registry: Registry,
  namespace: string,
  name: string,
  options: DeleteOptions = {},
): Promise<void> {
  await Promise.all(await registry.decided(() => evictionWrites(registry, namespace, name, options)));
}

function evictionWrites(
  registry: Registry,
  namespace: string,
  name: string,
  options: DeleteOptions,
): readonly Promise<unknown>[] {
  const pod = registry.get(pods, namespace, name)?.object;
  if (!pod) throw StatusError.notFound(pods, name);
  const { user, warn: _, ...deleteOptions } = options;
  const kind = pods as unknown as ResourceDefinition;
  registry.consult({ operation: 'CREATE', kind, namespace, name, subresource: 'eviction', user, options }, () => ({
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    deleteOptions,
  }));
  const deletion: DeleteOptions = { ...options, admitted: true };
  const now = registry.clock.now();
  const budget = budgetToSpend(registry, pod);
  const spent = budget && spend(budget, pod, now);
  checkPreconditions(pods, pod, options.preconditions);
  if (options.dryRun) return [registry.delete(pods, namespace, name, deletion)];
  const writes: Promise<unknown>[] = [];
  if (spent)
    writes.push(registry.update(podDisruptionBudgets, spent, { subresource: 'status', component: 'kube-apiserver' }));
  if (!hasEnded(pod) && !isTerminating(pod)) {
    const marked = withDisruptionTarget(pod, 'EvictionByEvictionAPI', 'Eviction API: evicting', now);
    writes.push(registry.update(pods, marked, { subresource: 'status', keepsOwners: true }));
  }
  // The version that the caller knew has just been replaced by the one that bears the mark.
  writes.push(registry.delete(pods, namespace, name, { ...deletion, preconditions: { uid: pod.metadata.uid } }));
  return writes;
}

/** The budget that an eviction of the pod counts against; `undefined` if the pod may go without. */
function budgetToSpend(registry: Registry, pod: Pod): PodDisruptionBudget | undefined {
  // Who has ended, is going, or never ran serves nobody.
  if (hasEnded(pod) || isTerminating(pod) || pod.status.phase === 'Pending') return undefined;
  const budgets = registry
    .all(podDisruptionBudgets, pod.metadata.namespace)
    .map(({ object }) => object)
    .filter(budget => guards(budget, pod));
  if (budgets.length > 1) {
    const problem = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw new StatusError(500, '', problem);
  }
  const budget = budgets[0];
  return budget && (isReady(pod) || !letsUnhealthyGo(budget)) ? budget : undefined;
}

/** Whether pods that are not ready, which the budget does not count on, may go without being counted. */
function letsUnhealthyGo({ spec, status }: PodDisruptionBudget): boolean {
  const isHealthy = status.desiredHealthy > 0 && status.currentHealthy >= status.desiredHealthy;
  return spec.unhealthyPodEvictionPolicy === 'AlwaysAllow' || isHealthy;
}

/**
 * The budget after it let the pod go.
 * @throws StatusError 403, 429
 */
function spend(budget: PodDisruptionBudget, pod: Pod, now: number): PodDisruptionBudget {
  const { metadata, status } = budget;
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    throw refused(`The disruption budget ${metadata.name} is still being processed by the server.`, ASK_AGAIN);
  }
  if (Object.keys(status.disruptedPods ?? {}).length > MAX_DISRUPTED_PODS) {
    throw StatusError.forbidden(
      { group: 'policy', plural: 'poddisruptionbudget' },
      metadata.name,
      'DisruptedPods map too big - too many evictions not confirmed by PDB controller',
    );
  }
  if (status.disruptionsAllowed <= 0) throw refused(whyNot(budget));
  const left = { ...status, disruptionsAllowed: status.disruptionsAllowed - 1 };
  const told = left.disruptionsAllowed === 0 ? withDisruptionAllowed(left, now) : left;
  const disruptedPods = { ...status.disruptedPods, [pod.metadata.name]: formatTime(now) };
  return { ...budget, status: { ...told, disruptedPods } };
}

/** Why a budget allows nobody to go. Its numbers say nothing if they could not be kept. */
function whyNot({ metadata: { name }, status }: PodDisruptionBudget): string {
  const condition = conditionOf({ status }, 'DisruptionAllowed');
  const said = condition?.status === 'False' ? condition.message : undefined;
  const refusal = `The disruption budget ${name} does not allow evicting pods currently`;
  if (said && condition?.reason === 'SyncFailed') return `${refusal} because it failed sync: ${said}`;
  if (status.currentHealthy <= status.desiredHealthy) {
    const { desiredHealthy, currentHealthy } = status;
    return `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  }
  return said ? `${refusal} (${condition?.reason}): ${said}` : refusal;
}

function refused(cause: string, retryAfterSeconds?: number): StatusError {
  return new StatusError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: 'DisruptionBudget', message: cause }],
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}
