import { type FieldError, invalid, required } from '../field-error.js';
import { isObject, type JsonObject } from '../json.js';
import { AGE, column, NAME, NONE, printer } from '../printing/printer.js';
import { countAt, itemsAt, valueAt } from './cells.js';
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
  plainKind({
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
    required: ['webhooks[].name', 'webhooks[].sideEffects', 'webhooks[].admissionReviewVersions'],
    oneOf: {
      'webhooks[].failurePolicy': FAILURE_POLICIES,
      'webhooks[].matchPolicy': MATCH_POLICIES,
      'webhooks[].sideEffects': ['None', 'NoneOnDryRun'],
      'webhooks[].rules[].scope': ['*', 'Cluster', 'Namespaced'],
      ...(mutating ? { 'webhooks[].reinvocationPolicy': ['Never', 'IfNeeded'] } : {}),
    },
    strategy: { validate: o => itemsAt(o, 'webhooks').flatMap((hook, i) => webhookErrors(hook, `webhooks[${i}]`)) },
    printer: printer(NAME, column('Webhooks', 'How many there are.', countAt('webhooks'), 'integer'), AGE),
  });

function webhookErrors({ name, clientConfig, timeoutSeconds }: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (typeof name === 'string' && name.split('.').length < 3)
    errors.push(invalid(`${path}.name`, name, 'should be a domain with at least three segments separated by dots'));
  const { url, service } = isObject(clientConfig) ? clientConfig : ({} as JsonObject);
  if (!url === !service) errors.push(required(`${path}.clientConfig`, 'exactly one of url or service is required'));
  if (typeof timeoutSeconds === 'number' && (timeoutSeconds < 1 || timeoutSeconds > 30))
    errors.push(
      invalid(`${path}.timeoutSeconds`, timeoutSeconds, 'the timeout value must be between 1 and 30 seconds'),
    );
  return errors;
}

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
