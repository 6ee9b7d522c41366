import type {
  AuditAnnotation,
  MatchResources,
  ParamKind,
  ParamRef,
  PolicySpec,
  Rule,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  Validation,
} from '../admission/configuration.js';
import { ANNOTATION, CONDITION, MESSAGE, type Scope } from '../admission/environment.js';
import { RESERVED } from '../cel/parser.js';
import { type CelType, DYN } from '../cel/types.js';
import { groupVersionOf } from '../definition.js';
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../field-error.js';
import { checkExpression, validateMatchConditions, validateRule } from './admission-rules.js';
import { validateLabelSelector } from './labels.js';
import { addProblems, checkOneOf } from './messages.js';
import { checkLabel1035, checkPathSegmentName, checkQualifiedName, checkSubdomain } from './names.js';

const FAILURE_POLICIES = ['Fail', 'Ignore'];
const MATCH_POLICIES = ['Equivalent', 'Exact'];
const ACTIONS = ['Audit', 'Deny', 'Warn'];
const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge', 'Unauthorized'];
const MAX_ANNOTATIONS = 20;
const MAX_ANNOTATION_EXPRESSION = 5 * 1024;

/** Mirrors `ValidateValidatingAdmissionPolicy`. */
export function validatePolicy({ metadata, spec = {} }: ValidatingAdmissionPolicy): FieldError[] {
  const errors: FieldError[] = [];
  checkOneOf(errors, 'spec.failurePolicy', spec.failurePolicy, FAILURE_POLICIES);
  const params = spec.paramKind !== undefined;
  if (spec.paramKind) validateParamKind(errors, 'spec.paramKind', spec.paramKind);
  if (!spec.matchConstraints) errors.push(required('spec.matchConstraints'));
  else {
    validateMatchResources(errors, 'spec.matchConstraints', spec.matchConstraints);
    if (!spec.matchConstraints.resourceRules?.length) errors.push(required('spec.matchConstraints.resourceRules'));
  }
  validateMatchConditions(errors, 'spec.matchConditions', spec.matchConditions, params);
  const variables = validateVariables(errors, spec, params);
  const scope: Scope = { params, ...(variables ? { variables } : {}) };
  const { validations = [], auditAnnotations = [] } = spec;
  if (validations.length + auditAnnotations.length === 0) {
    const why = 'validations or auditAnnotations must contain at least one item';
    errors.push(required('spec.validations', why), required('spec.auditAnnotations', why));
  }
  validations.forEach((validation, i) => {
    validateValidation(errors, `spec.validations[${i}]`, validation, scope);
  });
  validateAnnotations(errors, metadata.name, auditAnnotations, scope);
  return errors;
}

const isIdentifier = (name: string) => /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) && !RESERVED.has(name);
const hasBreaks = (text: string) => /[\n\r]/.test(text);

/** The types of the variables, each of which can look at those before it; `undefined` if there are none. */
function validateVariables(
  errors: FieldError[],
  { variables = [] }: PolicySpec,
  params: boolean,
): ReadonlyMap<string, CelType> | undefined {
  if (variables.length === 0) return undefined;
  const types = new Map<string, CelType>();
  variables.forEach(({ name = '', expression = '' }, i) => {
    const path = `spec.variables[${i}]`;
    if (!name.trim()) errors.push(required(`${path}.name`, 'name is not specified'));
    else if (!isIdentifier(name)) errors.push(invalid(`${path}.name`, name, 'name is not a valid CEL identifier'));
    if (!expression.trim()) errors.push(required(`${path}.expression`, 'expression is not specified'));
    else {
      const scope = { params, authorizer: true, variables: new Map(types) };
      types.set(name, checkExpression(errors, `${path}.expression`, expression, scope)?.type ?? DYN);
    }
  });
  return types;
}

function validateValidation(errors: FieldError[], path: string, validation: Validation, scope: Scope): void {
  const { expression = '', message = '', messageExpression = '', reason } = validation;
  if (!expression.trim()) errors.push(required(`${path}.expression`, 'expression is not specified'));
  else checkExpression(errors, `${path}.expression`, expression, { ...scope, authorizer: true }, CONDITION);
  if (messageExpression && !messageExpression.trim())
    errors.push(invalid(`${path}.messageExpression`, messageExpression, 'must be non-empty if specified'));
  else if (messageExpression) checkExpression(errors, `${path}.messageExpression`, messageExpression, scope, MESSAGE);
  if (message && !message.trim())
    errors.push(invalid(`${path}.message`, message, 'message must be non-empty if specified'));
  else if (hasBreaks(message.trim()))
    errors.push(invalid(`${path}.message`, message, 'message must not contain line breaks'));
  checkOneOf(errors, `${path}.reason`, reason, REASONS);
}

function validateAnnotations(
  errors: FieldError[],
  policy: string,
  annotations: readonly AuditAnnotation[],
  scope: Scope,
): void {
  if (annotations.length > MAX_ANNOTATIONS) {
    const why = `must not have more than ${MAX_ANNOTATIONS} auditAnnotations`;
    errors.push(invalid('spec.auditAnnotations', annotations, why));
  }
  const keys = new Set<string>();
  annotations.forEach(({ key = '', valueExpression = '' }, i) => {
    const path = `spec.auditAnnotations[${i}]`;
    const whole = `${policy}/${key}`;
    if (policy) addProblems(errors, `${path}.key`, whole, checkQualifiedName(whole));
    else errors.push(invalid(`${path}.key`, key, 'requires metadata.name be non-empty'));
    const trimmed = valueExpression.trim();
    const field = `${path}.valueExpression`;
    if (!trimmed) errors.push(required(field, 'valueExpression is not specified'));
    else if (trimmed.length > MAX_ANNOTATION_EXPRESSION)
      errors.push(required(field, `must not exceed ${MAX_ANNOTATION_EXPRESSION} bytes in length`));
    else checkExpression(errors, field, trimmed, { ...scope, authorizer: true }, ANNOTATION, valueExpression);
    if (keys.has(key)) errors.push(duplicate(`${path}.key`, key));
    keys.add(key);
  });
}

function validateParamKind(errors: FieldError[], path: string, { apiVersion = '', kind = '' }: ParamKind): void {
  const field = `${path}.apiVersion`;
  if (!apiVersion) errors.push(required(field));
  else if (apiVersion.split('/').length > 2)
    errors.push(invalid(field, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  else {
    const { group, version } = groupVersionOf(apiVersion);
    const wrong = group ? checkSubdomain(group) : [];
    if (wrong.length > 0) errors.push(invalid(field, group, wrong.join(',')));
    const wrongVersion = checkLabel1035(version);
    if (!version) errors.push(invalid(field, apiVersion, 'version must be specified'));
    else if (wrongVersion.length > 0) errors.push(invalid(field, version, wrongVersion.join(',')));
  }
  const wrongKind = checkLabel1035(kind.toLowerCase());
  if (!kind) errors.push(required(`${path}.kind`));
  else if (wrongKind.length > 0) {
    const why = `may have mixed case, but should otherwise match: ${wrongKind.join(',')}`;
    errors.push(invalid(`${path}.kind`, kind, why));
  }
}

function validateMatchResources(errors: FieldError[], path: string, resources: MatchResources): void {
  checkOneOf(errors, `${path}.matchPolicy`, resources.matchPolicy, MATCH_POLICIES);
  validateLabelSelector(errors, `${path}.namespaceSelector`, resources.namespaceSelector);
  validateLabelSelector(errors, `${path}.objectSelector`, resources.objectSelector);
  for (const field of ['resourceRules', 'excludeResourceRules'] as const)
    resources[field]?.forEach((rule, i) => {
      validateNamedRule(errors, `${path}.${field}[${i}]`, rule);
    });
}

function validateNamedRule(errors: FieldError[], path: string, rule: Rule): void {
  const { resourceNames: names = [] } = rule;
  names.forEach((name, i) => {
    addProblems(errors, `${path}.resourceNames[${i}]`, name, checkPathSegmentName(name));
    if (names.indexOf(name) < i) errors.push(duplicate(`${path}.resourceNames[${i}]`, name));
  });
  validateRule(errors, path, rule);
}

/** Mirrors `ValidateValidatingAdmissionPolicyBinding`. */
export function validateBinding({ spec = {} }: ValidatingAdmissionPolicyBinding): FieldError[] {
  const errors: FieldError[] = [];
  const { policyName = '', paramRef, matchResources, validationActions: actions = [] } = spec;
  if (!policyName) errors.push(required('spec.policyName'));
  else addProblems(errors, 'spec.policyName', policyName, checkSubdomain(policyName));
  if (paramRef) validateParamRef(errors, 'spec.paramRef', paramRef);
  // Upstream spells it so.
  if (matchResources) validateMatchResources(errors, 'spec.matchResouces', matchResources);
  const path = 'spec.validationActions';
  actions.forEach((action, i) => {
    checkOneOf(errors, `${path}[${i}]`, action, ACTIONS);
    if (actions.indexOf(action) < i) errors.push(duplicate(`${path}[${i}]`, action));
  });
  if (actions.includes('Deny') && actions.includes('Warn')) {
    const why =
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)';
    errors.push(invalid(path, actions, why));
  }
  if (actions.length === 0) errors.push(required(path, 'at least one validation action is required'));
  return errors;
}

function validateParamRef(errors: FieldError[], path: string, reference: ParamRef): void {
  const { name = '', selector, parameterNotFoundAction: action = '' } = reference;
  const exclusive = 'name and selector are mutually exclusive';
  if (name) {
    addProblems(errors, `${path}.name`, name, checkPathSegmentName(name));
    if (selector) errors.push(forbidden(`${path}.name`, exclusive));
  }
  if (selector) {
    validateLabelSelector(errors, `${path}.selector`, selector);
    if (name) errors.push(forbidden(`${path}.selector`, exclusive));
  }
  if (!name && !selector) errors.push(required(path, 'one of name or selector must be specified'));
  const field = `${path}.parameterNotFoundAction`;
  if (!action) errors.push(required(field));
  else if (action !== 'Deny' && action !== 'Allow') errors.push(notSupported(field, action, ['Deny', 'Allow']));
}
