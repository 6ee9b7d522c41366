import type { Change, Verb } from '../../../src/dashboard/changes/change.js';

const agent = { kind: 'DaemonSet', namespace: 'kube-system', name: 'agent' };

/** Of each change all that it can be told. */
const examples: { readonly [V in Verb]: Extract<Change, Record<V, unknown>>[V] } = {
  apply: { manifests: 'kind: Namespace\n', force: true },
  patch: { ...agent, type: 'STRATEGIC', patch: { spec: { minReadySeconds: 5 } } },
  delete: { ...agent, gracePeriod: 0, propagation: 'ORPHAN' },
  label: { kind: 'Node', namespace: '', name: 'a', labels: [{ key: 'x', value: null }], overwrite: true },
  annotate: { kind: 'Node', namespace: '', name: 'a', annotations: [{ key: 'x', value: 'y' }], overwrite: true },
  taint: { node: 'a', taints: ['gpu=yes:NoSchedule'], overwrite: true },
  untaint: { node: 'a', taints: ['gpu'] },
  cordon: { node: 'a' },
  uncordon: { node: 'a' },
  drain: { node: 'a', force: true, deleteEmptyDirData: true },
  restartRollout: agent,
  undoRollout: { ...agent, toRevision: 1 },
  pauseRollout: { ...agent, kind: 'Deployment' },
  resumeRollout: { ...agent, kind: 'Deployment' },
  setImage: { ...agent, container: 'main', image: 'agent:2' },
  scale: { kind: 'Deployment', namespace: 'default', name: 'web', replicas: 3 },
  scaleNodes: { pool: 'node', add: 2, labels: [{ key: 'zone', value: 'a' }], taints: ['x:NoExecute'] },
};

export const everyChange = Object.entries(examples).map(([verb, what]) => ({ [verb]: what }) as unknown as Change);
