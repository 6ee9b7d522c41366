import type { Webhook, WebhookClient, WebhookConfiguration } from '../admission/configuration.js';
import { duplicate, type FieldError, invalid, required } from '../field-error.js';
import { validateMatchConditions, validateRule } from './admission-rules.js';
import { validateLabelSelector } from './labels.js';
import { addProblems, checkOneOf } from './messages.js';
import { checkLabel1035, checkPortNumber, checkSubdomain } from './names.js';

const FAILURE_POLICIES = ['Fail', 'Ignore'];
const MATCH_POLICIES = ['Equivalent', 'Exact'];
const SIDE_EFFECTS = ['None', 'NoneOnDryRun'];
const REINVOCATIONS = ['IfNeeded', 'Never'];
const REVIEW_VERSIONS = ['v1', 'v1beta1'];
const MAX_SECONDS = 30;
const URL_FORM = '; desired format: https://host[/path]';

/** Mirrors `ValidateValidatingWebhookConfiguration` and `ValidateMutatingWebhookConfiguration`. */
export function validateWebhooks({ webhooks = [] }: WebhookConfiguration): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  webhooks.forEach((hook, i) => {
    const { name = '' } = hook;
    validateWebhook(errors, `webhooks[${i}]`, hook);
    if (name && names.has(name)) errors.push(duplicate(`webhooks[${i}].name`, name));
    names.add(name);
  });
  return errors;
}

function validateWebhook(errors: FieldError[], path: string, hook: Webhook): void {
  const { name = '', rules = [], sideEffects, timeoutSeconds: seconds, clientConfig = {} } = hook;
  validateFullName(errors, `${path}.name`, name);
  rules.forEach((rule, i) => {
    validateRule(errors, `${path}.rules[${i}]`, rule);
  });
  checkOneOf(errors, `${path}.failurePolicy`, hook.failurePolicy, FAILURE_POLICIES);
  checkOneOf(errors, `${path}.matchPolicy`, hook.matchPolicy, MATCH_POLICIES);
  if (sideEffects === undefined) {
    errors.push(required(`${path}.sideEffects`, `must specify one of ${SIDE_EFFECTS.join(', ')}`));
  }
  checkOneOf(errors, `${path}.sideEffects`, sideEffects, SIDE_EFFECTS);
  if (seconds !== undefined && (seconds < 1 || seconds > MAX_SECONDS)) {
    const why = `the timeout value must be between 1 and ${MAX_SECONDS} seconds`;
    errors.push(invalid(`${path}.timeoutSeconds`, seconds, why));
  }
  validateLabelSelector(errors, `${path}.namespaceSelector`, hook.namespaceSelector);
  validateLabelSelector(errors, `${path}.objectSelector`, hook.objectSelector);
  checkOneOf(errors, `${path}.reinvocationPolicy`, hook.reinvocationPolicy, REINVOCATIONS);
  validateWebhookClient(errors, `${path}.clientConfig`, clientConfig);
  validateMatchConditions(errors, `${path}.matchConditions`, hook.matchConditions);
  const { admissionReviewVersions: versions } = hook;
  const why = `must specify one of ${REVIEW_VERSIONS.join(', ')}`;
  validateReviewVersions(errors, `${path}.admissionReviewVersions`, versions, why);
}

/** A domain of three steps or more. */
function validateFullName(errors: FieldError[], field: string, name: string): void {
  if (!name) {
    errors.push(required(field));
    return;
  }
  const problems = checkSubdomain(name);
  addProblems(errors, field, name, problems);
  if (problems.length === 0 && name.split('.').length < 3) {
    errors.push(invalid(field, name, 'should be a domain with at least three segments separated by dots'));
  }
}

/** Where a webhook is: one of both, and well-formed. */
export function validateWebhookClient(errors: FieldError[], path: string, { url, service }: WebhookClient): void {
  if ((url === undefined) === (service === undefined)) {
    errors.push(required(path, 'exactly one of url or service is required'));
  } else if (url !== undefined) validateUrl(errors, `${path}.url`, url);
  else if (service) validateService(errors, `${path}.service`, service);
}

/** `https://host/path`. The value that upstream shows is the part that is wrong. */
function validateUrl(errors: FieldError[], field: string, text: string): void {
  const parts = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/(?:([^/?#]*)@)?([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/.exec(
    text,
  );
  if (!parts || text.startsWith(':')) {
    const why = `parse ${JSON.stringify(text)}: missing protocol scheme`;
    errors.push(required(field, `url must be a valid URL: ${why}${URL_FORM}`));
    return;
  }
  const [, scheme = '', user, host = '', query, fragment] = parts;
  if (scheme.toLowerCase() !== 'https') {
    errors.push(invalid(field, scheme, `'https' is the only allowed URL scheme${URL_FORM}`));
  }
  if (!host) errors.push(invalid(field, host, `host must be provided${URL_FORM}`));
  if (user !== undefined) errors.push(invalid(field, user, 'user information is not permitted in the URL'));
  if (fragment) errors.push(invalid(field, fragment, 'fragments are not permitted in the URL'));
  if (query) errors.push(invalid(field, query, 'query parameters are not permitted in the URL'));
}

function validateService(errors: FieldError[], path: string, service: NonNullable<WebhookClient['service']>): void {
  const { name, namespace, path: at = '', port = 0 } = service;
  if (!name) errors.push(required(`${path}.name`, 'service name is required'));
  if (!namespace) errors.push(required(`${path}.namespace`, 'service namespace is required'));
  const problems = checkPortNumber(port);
  if (problems.length > 0) errors.push(invalid(`${path}.port`, port, `port is not valid: ${problems.join(', ')}`));
  if (at === '' || at === '/') return;
  const field = `${path}.path`;
  if (at === '//') {
    errors.push(invalid(field, at, 'segment[0] may not be empty'));
    return;
  }
  if (!at.startsWith('/')) errors.push(invalid(field, at, "must start with a '/'"));
  const steps = at.endsWith('/') ? at.slice(1, -1) : at.slice(1);
  steps.split('/').forEach((step, i) => {
    if (!step) errors.push(invalid(field, at, `segment[${i}] may not be empty`));
    else for (const why of checkSubdomain(step)) errors.push(invalid(field, at, `segment[${i}]: ${why}`));
  });
}

/**
 * The versions of reviews that a webhook understands.
 * @param missing what is said if there are none
 */
export function validateReviewVersions(
  errors: FieldError[],
  path: string,
  versions: readonly string[] = [],
  missing?: string,
): void {
  const known = REVIEW_VERSIONS.join(', ');
  if (versions.length === 0) {
    errors.push(required(path, missing));
    return;
  }
  versions.forEach((version, i) => {
    if (versions.indexOf(version) < i) errors.push(invalid(`${path}[${i}]`, version, 'duplicate version'));
    else addProblems(errors, `${path}[${i}]`, version, checkLabel1035(version));
  });
  if (!versions.some(version => REVIEW_VERSIONS.includes(version))) {
    errors.push(invalid(path, versions, `must include at least one of ${known}`));
  }
}
