import { formatTime } from '../clock/clock.js';
import { conditionOf, withCondition } from './state.js';
import type { Condition, Pod } from './types.js';

/** `pod` with the condition that says a disruption ends it, and why; the very pod if it says so already. `now` is in ms since the epoch. */
export function withDisruptionTarget(pod: Pod, reason: string, message: string, now: number): Pod {
  const old = conditionOf(pod, 'DisruptionTarget');
  if (old?.status === 'True' && old.reason === reason && old.message === message) return pod;
  const generation = pod.metadata.generation;
  const condition: Condition = {
    type: 'DisruptionTarget',
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: old?.status === 'True' ? (old.lastTransitionTime ?? null) : formatTime(now),
    reason,
    message,
  };
  return { ...pod, status: { ...pod.status, conditions: withCondition(pod.status.conditions, condition) } };
}
