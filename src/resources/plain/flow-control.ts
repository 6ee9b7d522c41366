import { plainKind } from './plain-kind.js';

const GROUP = { group: 'flowcontrol.apiserver.k8s.io', namespaced: false, status: {}, generation: true } as const;

export const flowControl = [
  plainKind({ ...GROUP, kind: 'FlowSchema', plural: 'flowschemas' }),
  plainKind({ ...GROUP, kind: 'PriorityLevelConfiguration', plural: 'prioritylevelconfigurations' }),
];
