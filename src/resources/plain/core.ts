import { plainKind } from './plain-kind.js';

export const core = [
  plainKind({ kind: 'LimitRange', plural: 'limitranges', shortNames: ['limits'] }),
  plainKind({
    kind: 'PersistentVolumeClaim',
    plural: 'persistentvolumeclaims',
    shortNames: ['pvc'],
    status: { phase: 'Pending' },
  }),
  plainKind({
    kind: 'PersistentVolume',
    plural: 'persistentvolumes',
    shortNames: ['pv'],
    namespaced: false,
    status: { phase: 'Pending' },
  }),
  plainKind({ kind: 'PodTemplate', plural: 'podtemplates', generation: true, podTemplate: 'template' }),
  plainKind({
    kind: 'ReplicationController',
    plural: 'replicationcontrollers',
    shortNames: ['rc'],
    categories: ['all'],
    status: { replicas: 0 },
    generation: true,
    podTemplate: 'spec.template',
  }),
  plainKind({ kind: 'ResourceQuota', plural: 'resourcequotas', shortNames: ['quota'], status: {} }),
];
