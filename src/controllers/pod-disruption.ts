import { formatTime } from '../clock/clock.js';
import type { Condition, Pod } from '../resources/types.js';

/** `pod` with the condition that says a disruption ends it, and why; the very pod if it says so already. */
export function withDisruptionTarget(pod: Pod, reason: string, message: string, now: number): Pod {
  const conditions = pod.status.conditions ?? [];
  const old = conditions.find(c => c.type === 'DisruptionTarget');
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
  return { ...pod, status: { ...pod.status, conditions: [...conditions.filter(c => c !== old), condition] } };
}
