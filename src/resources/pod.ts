import { define, statusOf } from './define.js';
import { printPod } from './printing/pod.js';
import type { Pod } from './types.js';

export const pods = define<Pod>({
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  subresources: [
    statusOf('Pod'),
    { name: 'binding', kind: 'Binding', verbs: ['create'] },
    { name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
  ],
  selectableFields: {
    'spec.nodeName': o => o.spec.nodeName ?? '',
    'spec.restartPolicy': o => o.spec.restartPolicy ?? '',
    'spec.schedulerName': o => o.spec.schedulerName ?? '',
    'spec.serviceAccountName': o => o.spec.serviceAccountName ?? '',
    'spec.hostNetwork': o => String(o.spec.hostNetwork ?? false),
    'status.phase': o => o.status.phase ?? '',
    'status.podIP': o => o.status.podIPs?.[0]?.ip ?? o.status.podIP ?? '',
    'status.nominatedNodeName': o => o.status.nominatedNodeName ?? '',
  },
  strategy: {
    setDefaults: o => {
      o.status ??= {};
    },
    prepareForCreate: o => {
      o.status = { phase: 'Pending' };
    },
    prepareForUpdate: (o, old) => {
      o.status = old.status;
    },
    prepareForStatusUpdate: (o, old) => {
      o.spec = old.spec;
    },
    gracePeriodSeconds: (o, r) =>
      !o.spec.nodeName || o.status.phase === 'Failed' || o.status.phase === 'Succeeded'
        ? 0
        : (r ?? o.spec.terminationGracePeriodSeconds ?? 30),
    returnsDeletedObject: true,
  },
  printer: printPod,
});
