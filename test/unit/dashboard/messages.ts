import type { ClusterMap } from '../../../src/dashboard/graph/cluster-map.js';

type Row = ClusterMap['rows'][number];

/** A message that tells of nothing but what is given. */
export const message = (parts: Partial<ClusterMap> = {}): ClusterMap => ({
  revision: '1',
  time: '2026-01-01T00:00:00Z',
  whole: false,
  more: false,
  owners: [],
  rows: [],
  goneNodes: [],
  daemonSets: [],
  goneDaemonSets: [],
  ...parts,
});

export const daemonSet = (name: string): ClusterMap['daemonSets'][number] => ({
  namespace: 'kube-system',
  name,
  images: [],
  metadata: { generation: 1 },
  updateStrategy: { type: 'RollingUpdate', maxUnavailable: '1', maxSurge: null },
  minReadySeconds: 0,
  currentRevision: null,
  status: { observedGeneration: 1 },
  rollout: { desired: 0, updated: 0, ready: 0, available: 0, unavailable: 0, done: true, message: '' },
});

export const owner = (name: string, kind = 'DaemonSet') => ({ kind, namespace: 'kube-system', name });

/** A node that was not told of before, or that has changed. */
export const row = (name: string, cells: string, labels: Record<string, string> = {}, facts = {}): Row => ({
  name,
  cells,
  used: [1, 1024, 3],
  node: {
    ready: true,
    unschedulable: false,
    taints: [],
    conditions: [],
    allocatable: [],
    metadata: { labelMap: labels },
    ...facts,
  },
});
