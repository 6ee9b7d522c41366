import type { DaemonPod } from '../../../../src/controllers/daemonset/daemon-pod.js';
import type { NodeBackoff, NodeVerdict, PodsByNode } from '../../../../src/controllers/daemonset/manage.js';
import { REVISION_HASH_LABEL } from '../../../../src/controllers/workloads/revisions.js';

export const NOW = Date.UTC(2025, 0, 1);
export const HASH = 'new';
export const OLD = 'old';

/** A verdict as the truth table writes it: `TT`, `FT`, `FF`. */
export function verdict(name: string, runAndContinue: 'TT' | 'FT' | 'FF' = 'TT'): NodeVerdict {
  const shouldRun = runAndContinue[0] === 'T';
  return { name, wanted: shouldRun, shouldRun, shouldContinue: runAndContinue[1] === 'T' };
}

export const verdicts = (count: number, runAndContinue: 'TT' | 'FT' | 'FF' = 'TT', from = 0): NodeVerdict[] =>
  Array.from({ length: count }, (_, i) => verdict(`node-${from + i}`, runAndContinue));

let serial = 0;

/** A ready, bound, running pod of the current template, unless told otherwise. */
export function pod(node: string, changes: Partial<DaemonPod> & { hash?: string } = {}): DaemonPod {
  const { hash = HASH, ...rest } = changes;
  const name = `pod-${String(serial++).padStart(4, '0')}`;
  const ready = rest.ready ?? true;
  return {
    namespace: 'default',
    name,
    uid: name,
    node,
    bound: true,
    createdAt: '2024-12-31T00:00:00Z',
    terminating: false,
    phase: 'Running',
    labels: { app: 'agent', ...(hash ? { [REVISION_HASH_LABEL]: hash } : {}) },
    ready,
    ...(ready ? { readySince: NOW - 3600_000 } : {}),
    ...rest,
  };
}

export const pods = (count: number, node: string, changes: Parameters<typeof pod>[1] = {}): DaemonPod[] =>
  Array.from({ length: count }, () => pod(node, changes));

export function byNode(pods: readonly DaemonPod[]): PodsByNode {
  const map = new Map<string, DaemonPod[]>();
  for (const p of pods) if (p.node !== undefined) map.set(p.node, [...(map.get(p.node) ?? []), p]);
  return map;
}

export const noBackoff: NodeBackoff = { waiting: () => undefined, upcoming: () => 1000 };

export const names = (pods: readonly DaemonPod[]): string[] => pods.map(p => p.name);
