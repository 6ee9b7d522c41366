import { formatTime } from '../clock/clock.js';
import { hasEnded } from '../placement/node-info.js';
import type { Condition, Pod, PodPhase, PodStatus } from '../resources/types.js';
import { hasPassed, isSidecar, lastTermination, type Part, partsOf } from './containers.js';

/**
 * The phase that a pod's containers add up to while it is meant to run. Mirrors upstream's `getPhase`
 * (pkg/kubelet/kubelet_pods.go).
 */
export function phaseOf(pod: Pod): PodPhase {
  const policy = pod.spec.restartPolicy ?? 'Always';
  const parts = partsOf(pod);
  for (const { container, status, init } of parts) {
    if (!init || hasPassed(container, status)) continue;
    const failed = (lastTermination(status)?.exitCode ?? 0) !== 0;
    if (failed && !isSidecar(container) && policy === 'Never') return 'Failed';
    // Once the pod's own containers have started, an init container that is missing no longer matters.
    if (!parts.some(part => !part.init && (part.status?.started || lastTermination(part.status)))) return 'Pending';
  }
  let [running, waiting, stopped, succeeded] = [0, 0, 0, 0];
  for (const { status, init } of parts) {
    if (init) continue;
    const termination = lastTermination(status);
    if (status?.state?.running) running++;
    else if (!termination) waiting++;
    else {
      stopped++;
      if (termination.exitCode === 0 && status?.state?.terminated) succeeded++;
    }
  }
  if (waiting > 0) return 'Pending';
  if (running > 0 || policy === 'Always') return 'Running';
  if (stopped === succeeded) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

/** The phase of a pod whose containers were stopped for good. */
export function finalPhase(pod: Pod): PodPhase {
  const failed = partsOf(pod).some(({ status, init }) => !init && (status?.state?.terminated?.exitCode ?? 1) !== 0);
  return failed ? 'Failed' : 'Succeeded';
}

interface Verdict {
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly message?: string;
}

const TRUE: Verdict = { status: 'True' };
const no = (reason: string, message?: string): Verdict => ({
  status: 'False',
  reason,
  ...(message ? { message } : {}),
});
const names = (parts: readonly Part[]) => `[${parts.map(part => part.container.name).join(' ')}]`;

/** Mirrors `GenerateContainersReadyCondition` (pkg/kubelet/status/generate.go). */
function containersReady(pod: Pod, parts: readonly Part[]): Verdict {
  const { phase } = pod.status;
  if (phase === 'Succeeded') return no('PodCompleted');
  if (phase === 'Failed') return no('PodFailed');
  const needed = parts.filter(part => !part.init || isSidecar(part.container));
  const unknown = needed.filter(part => !part.status);
  const unready = needed.filter(part => part.status && !part.status.ready);
  const messages = [
    ...(unknown.length > 0 ? [`containers with unknown status: ${names(unknown)}`] : []),
    ...(unready.length > 0 ? [`containers with unready status: ${names(unready)}`] : []),
  ];
  return messages.length === 0 ? TRUE : no('ContainersNotReady', messages.join(', '));
}

function initialized(pod: Pod, parts: readonly Part[]): Verdict {
  const missing = parts.filter(part => part.init && !hasPassed(part.container, part.status));
  if (pod.status.phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' };
  const begun = parts.some(part => !part.init && (part.status?.started || lastTermination(part.status)));
  if (missing.length === 0 || begun) return TRUE;
  return no('ContainersNotInitialized', `containers with incomplete status: ${names(missing)}`);
}

function ready(pod: Pod, containers: Verdict): Verdict {
  if (containers.status !== 'True') return containers;
  const problems: string[] = [];
  for (const { conditionType } of pod.spec.readinessGates ?? []) {
    const gate = pod.status.conditions?.find(c => c.type === conditionType);
    if (!gate) problems.push(`corresponding condition of pod readiness gate "${conditionType}" does not exist.`);
    else if (gate.status !== 'True') {
      problems.push(`the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`);
    }
  }
  return problems.length === 0 ? TRUE : no('ReadinessGatesNotReady', problems.join(', '));
}

export interface Surroundings {
  /** ms since the epoch. */
  readonly now: number;
  /** While the node is not Ready the node lifecycle controller holds `Ready` of its pods down, and the kubelet lets it. */
  readonly nodeReady: boolean;
}

/**
 * `pod.status` with the conditions that a kubelet owns brought up to date, in its order, those of others behind them.
 * A condition moves its `lastTransitionTime` only when its status flips (KUB-03). The same array when nothing changed.
 */
export function conditionsOf(pod: Pod, { now, nodeReady }: Surroundings): readonly Condition[] {
  const parts = partsOf(pod);
  const former = pod.status.conditions ?? [];
  const generation = pod.metadata.generation;
  const containers = containersReady(pod, parts);
  const started = pod.status.podIP !== undefined && !hasEnded(pod);
  const wanted: readonly (readonly [string, Verdict])[] = [
    ['PodReadyToStartContainers', started ? TRUE : { status: 'False' }],
    ['Initialized', initialized(pod, parts)],
    ['Ready', ready(pod, containers)],
    ['ContainersReady', containers],
    ['PodScheduled', TRUE],
  ];
  const own = wanted.map(([type, verdict]): Condition => {
    const old = former.find(c => c.type === type);
    const held = type === 'Ready' && verdict.status === 'True' && old?.status === 'False' && !nodeReady;
    const same =
      old && old.status === verdict.status && old.reason === verdict.reason && old.message === verdict.message;
    if (held || (same && old.observedGeneration === generation)) return old;
    return {
      type,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      status: verdict.status,
      lastProbeTime: null,
      lastTransitionTime:
        old?.status === verdict.status ? (old.lastTransitionTime ?? formatTime(now)) : formatTime(now),
      ...(verdict.reason ? { reason: verdict.reason } : {}),
      ...(verdict.message ? { message: verdict.message } : {}),
    };
  });
  const all = [...own, ...former.filter(c => !wanted.some(([type]) => type === c.type))];
  return all.length === former.length && all.every(c => former.includes(c)) ? former : all;
}

/** `pod` with `change` made to its status, and phase and conditions following from it. A terminal phase stays. */
export function withStatus(pod: Pod, change: Partial<PodStatus>, around: Surroundings): Pod {
  const generation = pod.metadata.generation;
  const status = { ...pod.status, ...change, ...(generation === undefined ? {} : { observedGeneration: generation }) };
  if (!hasEnded({ ...pod, status })) status.phase = phaseOf({ ...pod, status });
  return { ...pod, status: { ...status, conditions: conditionsOf({ ...pod, status }, around) as Condition[] } };
}
