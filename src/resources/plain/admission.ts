import { required } from '../field-error.js';
import { isObject } from '../json.js';
import { AGE, column, NAME, NONE, printer } from '../printing/printer.js';
import { validateWebhooks, type WebhookConfiguration } from '../validation/webhooks.js';
import { countAt, valueAt } from './cells.js';
import { type PlainObject, plainKind } from './plain-kind.js';

const GROUP = {
  group: 'admissionregistration.k8s.io',
  namespaced: false,
  generation: true,
  needsResourceVersion: true,
  categories: ['api-extensions'],
} as const;

const FAILURE_POLICIES = ['Fail', 'Ignore'];
const MATCH_POLICIES = ['Equivalent', 'Exact'];

/** Webhooks are kept and never called. */
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
function paramKind(o: PlainObject): string {
  const kind = valueAt(o, 'spec.paramKind');
  return isObject(kind) ? `${String(kind.apiVersion)}/${String(kind.kind)}` : '<unset>';
}

function paramRef(o: PlainObject): string {
  const reference = valueAt(o, 'spec.paramRef');
  if (!isObject(reference)) return '<unset>';
  return reference.namespace
    ? `${String(reference.namespace)}/${String(reference.name)}`
    : String(reference.name ?? '*');
}

/** `admissionregistration.k8s.io/v1` */
export const admission = [
  webhooks('MutatingWebhookConfiguration', 'mutatingwebhookconfigurations', true),
  plainKind({
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
    },
    required: ['spec.matchConstraints', 'spec.matchConstraints?.resourceRules', 'spec.validations[].expression'],
    oneOf: { 'spec.failurePolicy': FAILURE_POLICIES, 'spec.matchConstraints.matchPolicy': MATCH_POLICIES },
    strategy: {
      validate: o =>
        countAt('spec.validations')(o) + countAt('spec.auditAnnotations')(o) > 0
          ? []
          : [required('spec.validations', 'validations or auditAnnotations must be provided')],
    },
    printer: printer(
      NAME,
      column('Validations', 'How many expressions must hold.', countAt('spec.validations'), 'integer'),
      column('ParamKind', 'What it is parametrised by.', o => paramKind(o as PlainObject)),
      AGE,
    ),
  }),
  plainKind({
    ...GROUP,
    kind: 'ValidatingAdmissionPolicyBinding',
    plural: 'validatingadmissionpolicybindings',
    defaults: {
      'spec.matchResources?.matchPolicy': 'Equivalent',
      'spec.matchResources?.namespaceSelector': {},
      'spec.matchResources?.objectSelector': {},
    },
    required: ['spec.policyName', 'spec.validationActions'],
    printer: printer(
      NAME,
      column('PolicyName', 'The policy.', o => String(valueAt(o, 'spec.policyName') ?? NONE)),
      column('ParamRef', 'What it is parametrised by.', o => paramRef(o as PlainObject)),
      AGE,
    ),
  }),
  webhooks('ValidatingWebhookConfiguration', 'validatingwebhookconfigurations', false),
];
