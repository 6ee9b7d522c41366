import { formatTime } from '../clock/clock.js';
import { conditionOf, hasEnded, isSidecar } from '../resources/state.js';
import type { Condition, Pod, PodPhase, PodStatus } from '../resources/types.js';
import { hasPassed, lastTermination, type Part, partsOf } from './containers.js';

/**
 * The phase that a pod's containers add up to while it is meant to run. Mirrors upstream's `getPhase`
 * (pkg/kubelet/kubelet_pods.go).
 */
function phaseOf(pod: Pod): PodPhase {
  const policy = pod.spec.restartPolicy ?? 'Always';
  const parts = partsOf(pod);
  for (const { container, status, init } of parts) {
    if (!init || hasPassed(container, status)) continue;
    const failed = (lastTermination(status)?.exitCode ?? 0) !== 0;
    if (failed && !isSidecar(container) && policy === 'Never') return 'Failed';
    // Once the pod's own containers have started, an init container that is missing no longer matters.
    if (!haveBegun(parts)) return 'Pending';
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

/** Whether any of the pod's own containers has started. */
const haveBegun = (parts: readonly Part[]) =>
  parts.some(({ init, status }) => !init && (status?.started || lastTermination(status) !== undefined));

/** The phase of a pod whose containers were stopped for good. */
export function finalPhase(pod: Pod): PodPhase {
  const failed = partsOf(pod).some(({ status, init }) => !init && (status?.state?.terminated?.exitCode ?? 1) !== 0);
  return failed ? 'Failed' : 'Succeeded';
}

interface Verdict {
  readonly status: 'True' | 'False';
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

const TRUE: Verdict = { status: 'True' };
const FALSE: Verdict = { status: 'False' };
const no = (reason: string, message?: string): Verdict => ({ status: 'False', reason, message });
const named = (names: string, { container }: Part) => (names === '' ? container.name : `${names} ${container.name}`);

/** Mirrors `GenerateContainersReadyCondition` (pkg/kubelet/status/generate.go). */
function containersReady(pod: Pod, parts: readonly Part[]): Verdict {
  const { phase } = pod.status;
  if (phase === 'Succeeded') return no('PodCompleted');
  if (phase === 'Failed') return no('PodFailed');
  let unknown = '';
  let unready = '';
  for (const part of parts) {
    if (part.status?.ready || (part.init && !isSidecar(part.container))) continue;
    if (part.status) unready = named(unready, part);
    else unknown = named(unknown, part);
  }
  const messages: string[] = [];
  if (unknown) messages.push(`containers with unknown status: [${unknown}]`);
  if (unready) messages.push(`containers with unready status: [${unready}]`);
  return messages.length === 0 ? TRUE : no('ContainersNotReady', messages.join(', '));
}

function initialized(pod: Pod, parts: readonly Part[]): Verdict {
  if (pod.status.phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' };
  let missing = '';
  for (const part of parts) {
    if (part.init && !hasPassed(part.container, part.status)) missing = named(missing, part);
  }
  if (missing === '' || haveBegun(parts)) return TRUE;
  return no('ContainersNotInitialized', `containers with incomplete status: [${missing}]`);
}

function ready(pod: Pod, containers: Verdict): Verdict {
  if (containers.status !== 'True' || !pod.spec.readinessGates) return containers;
  const problems: string[] = [];
  for (const { conditionType } of pod.spec.readinessGates) {
    const gate = conditionOf(pod, conditionType);
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

/** The conditions that a kubelet owns, in its order. */
const OWN = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'] as const;

/** What the kubelet says of each of {@link OWN}. */
function verdicts(pod: Pod): readonly Verdict[] {
  const parts = partsOf(pod);
  const containers = containersReady(pod, parts);
  const hasSandbox = pod.status.podIP !== undefined && !hasEnded(pod);
  return [hasSandbox ? TRUE : FALSE, initialized(pod, parts), ready(pod, containers), containers, TRUE];
}

/**
 * `pod.status` with the conditions that a kubelet owns brought up to date, in its order, those of others behind them.
 * A condition moves its `lastTransitionTime` only when its status flips (KUB-03). The same array when nothing changed.
 */
function conditionsOf(pod: Pod, { now, nodeReady }: Surroundings): readonly Condition[] {
  const former = pod.status.conditions ?? [];
  const { generation } = pod.metadata;
  const all: Condition[] = [];
  let isSame = true;
  const add = (next: Condition) => {
    if (former[all.length] !== next) isSame = false;
    all.push(next);
  };
  verdicts(pod).forEach((verdict, i) => {
    const type = OWN[i]!;
    const old = former[i]?.type === type ? former[i] : former.find(c => c.type === type);
    const held = type === 'Ready' && verdict.status === 'True' && old?.status === 'False' && !nodeReady;
    // What kept it unready before is no reason any more.
    add(condition(type, held ? FALSE : verdict, generation, old, now));
  });
  for (const other of former) if (!(OWN as readonly string[]).includes(other.type)) add(other);
  return isSame && all.length === former.length ? former : all;
}

/** The condition that says `verdict`: the old one if that said so already. */
function condition(
  type: string,
  { status, reason, message }: Verdict,
  generation: number | undefined,
  old: Condition | undefined,
  now: number,
): Condition {
  const isFlip = old?.status !== status;
  if (!isFlip && old.reason === reason && old.message === message && old.observedGeneration === generation) return old;
  const lastTransitionTime = (isFlip ? undefined : old.lastTransitionTime) ?? formatTime(now);
  return {
    type,
    ...(generation === undefined ? undefined : { observedGeneration: generation }),
    status,
    lastProbeTime: null,
    lastTransitionTime,
    ...(reason ? { reason } : undefined),
    ...(message ? { message } : undefined),
  };
}

/** `pod` with `change` made to its status, and phase and conditions following from it. A terminal phase stays. */
export function withStatus(pod: Pod, change: Partial<PodStatus>, around: Surroundings): Pod {
  const { generation } = pod.metadata;
  const status = { ...pod.status, ...change };
  if (generation !== undefined) status.observedGeneration = generation;
  const changed: Pod = { ...pod, status };
  if (!hasEnded(changed)) status.phase = phaseOf(changed);
  status.conditions = conditionsOf(changed, around) as Condition[];
  return changed;
}
