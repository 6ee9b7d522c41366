import { plainKind } from './plain-kind.js';

const GROUP = { group: 'admissionregistration.k8s.io', namespaced: false, generation: true } as const;

export const admission = [
  plainKind({
    ...GROUP,
    kind: 'MutatingWebhookConfiguration',
    plural: 'mutatingwebhookconfigurations',
    categories: ['api-extensions'],
  }),
  plainKind({
    ...GROUP,
    kind: 'ValidatingAdmissionPolicy',
    plural: 'validatingadmissionpolicies',
    categories: ['api-extensions'],
    status: {},
  }),
  plainKind({
    ...GROUP,
    kind: 'ValidatingAdmissionPolicyBinding',
    plural: 'validatingadmissionpolicybindings',
    categories: ['api-extensions'],
  }),
  plainKind({
    ...GROUP,
    kind: 'ValidatingWebhookConfiguration',
    plural: 'validatingwebhookconfigurations',
    categories: ['api-extensions'],
  }),
];
