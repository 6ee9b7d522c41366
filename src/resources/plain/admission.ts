import type {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  WebhookConfiguration,
} from '../admission/configuration.js';
import { isObject } from '../json.js';
import { AGE, column, NAME, NONE, printer } from '../printing/printer.js';
import type { KubeObject } from '../types.js';
import { validateBinding, validatePolicy } from '../validation/admission-policies.js';
import { validateWebhooks } from '../validation/webhooks.js';
import { countAt, valueAt } from './cells.js';
import { plainKind } from './plain-kind.js';

const GROUP = {
  group: 'admissionregistration.k8s.io',
  namespaced: false,
  generation: true,
  needsResourceVersion: true,
  categories: ['api-extensions'],
} as const;

const webhooks = (kind: string, plural: string, mutating: boolean) =>
  plainKind<WebhookConfiguration>({
    ...GROUP,
    kind,
    plural,
    defaults: {
      'webhooks[].failurePolicy': 'Fail',
      'webhooks[].matchPolicy': 'Equivalent',
      'webhooks[].namespaceSelector': {},
      'webhooks[].objectSelector': {},
      'webhooks[].timeoutSeconds': 10,
      'webhooks[].rules[].scope': '*',
      'webhooks[].clientConfig.service?.port': 443,
      ...(mutating ? { 'webhooks[].reinvocationPolicy': 'Never' } : {}),
    },
    strategy: { validate: validateWebhooks },
    printer: printer(NAME, column('Webhooks', 'How many there are.', countAt('webhooks'), 'integer'), AGE),
  });

/** `Group/Version/Kind` of what a policy is parametrised by. */
function paramKind(o: KubeObject): string {
  const kind = valueAt(o, 'spec.paramKind');
  return isObject(kind) ? `${String(kind.apiVersion)}/${String(kind.kind)}` : '<unset>';
}

function paramRef(o: KubeObject): string {
  const reference = valueAt(o, 'spec.paramRef');
  if (!isObject(reference)) return '<unset>';
  return reference.namespace
    ? `${String(reference.namespace)}/${String(reference.name)}`
    : String(reference.name ?? '*');
}

export const validatingAdmissionPolicies = plainKind<ValidatingAdmissionPolicy>({
  ...GROUP,
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  status: {},
  defaults: {
    'spec.failurePolicy': 'Fail',
    'spec.matchConstraints?.matchPolicy': 'Equivalent',
    'spec.matchConstraints?.namespaceSelector': {},
    'spec.matchConstraints?.objectSelector': {},
    'spec.matchConstraints?.resourceRules[].scope': '*',
    'spec.matchConstraints?.excludeResourceRules[].scope': '*',
  },
  strategy: { validate: validatePolicy },
  printer: printer(
    NAME,
    column('Validations', 'How many expressions must hold.', countAt('spec.validations'), 'integer'),
    column('ParamKind', 'What it is parametrised by.', o => paramKind(o)),
    AGE,
  ),
});

export const validatingAdmissionPolicyBindings = plainKind<ValidatingAdmissionPolicyBinding>({
  ...GROUP,
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
  defaults: {
    'spec.matchResources?.matchPolicy': 'Equivalent',
    'spec.matchResources?.namespaceSelector': {},
    'spec.matchResources?.objectSelector': {},
    'spec.matchResources?.resourceRules[].scope': '*',
    'spec.matchResources?.excludeResourceRules[].scope': '*',
  },
  strategy: { validate: validateBinding },
  printer: printer(
    NAME,
    column('PolicyName', 'The policy.', o => String(valueAt(o, 'spec.policyName') ?? NONE)),
    column('ParamRef', 'What it is parametrised by.', o => paramRef(o)),
    AGE,
  ),
});

export const mutatingWebhookConfigurations = webhooks(
  'MutatingWebhookConfiguration',
  'mutatingwebhookconfigurations',
  true,
);

export const validatingWebhookConfigurations = webhooks(
  'ValidatingWebhookConfiguration',
  'validatingwebhookconfigurations',
  false,
);

/** `admissionregistration.k8s.io/v1` */
export const admission = [
  mutatingWebhookConfigurations,
  validatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
  validatingWebhookConfigurations,
];
