import { type FieldError, invalid, required } from '../field-error.js';
import type {
  Affinity,
  NodeAffinity,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
} from '../types.js';
import { checkValueCount, NOT_AN_OPERATOR, validateLabelSelector } from './labels.js';
import { addProblems } from './messages.js';
import { checkLabel, checkLabelValue, checkQualifiedName, checkSubdomain } from './names.js';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** Affinities: operators, values, weights and topology keys. */
export function validateAffinity(errors: FieldError[], path: string, affinity: Affinity): void {
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity;
  if (nodeAffinity) validateNodeAffinity(errors, `${path}.nodeAffinity`, nodeAffinity);
  if (podAffinity) validatePodAffinity(errors, `${path}.podAffinity`, podAffinity);
  if (podAntiAffinity) validatePodAffinity(errors, `${path}.podAntiAffinity`, podAntiAffinity);
}

function validateNodeAffinity(errors: FieldError[], path: string, affinity: NodeAffinity): void {
  const hard = affinity[REQUIRED];
  if (hard) validateNodeSelectorTerms(errors, `${path}.${REQUIRED}`, hard.nodeSelectorTerms, true);
  affinity[PREFERRED]?.forEach(({ weight, preference }, i) => {
    const field = `${path}.${PREFERRED}[${i}]`;
    checkWeight(errors, `${field}.weight`, weight);
    validateNodeTerm(errors, `${field}.preference`, preference ?? {}, false);
  });
}

/** @param strict as for each term, below */
export function validateNodeSelectorTerms(
  errors: FieldError[],
  path: string,
  terms: readonly NodeSelectorTerm[] = [],
  strict: boolean,
): void {
  const field = `${path}.nodeSelectorTerms`;
  if (terms.length === 0) errors.push(required(field, 'must have at least one node selector term'));
  terms.forEach((term, i) => {
    validateNodeTerm(errors, `${field}[${i}]`, term, strict);
  });
}

/** @param strict whether values must be what a label can have, as since 1.30 where nodes are excluded by them */
function validateNodeTerm(errors: FieldError[], path: string, term: NodeSelectorTerm, strict: boolean): void {
  term.matchExpressions?.forEach((requirement, i) => {
    validateExpression(errors, `${path}.matchExpressions[${i}]`, requirement, strict);
  });
  term.matchFields?.forEach((requirement, i) => {
    validateFieldRequirement(errors, `${path}.matchFields[${i}]`, requirement);
  });
}

function validateExpression(
  errors: FieldError[],
  path: string,
  { key = '', operator = '', values = [] }: Partial<NodeSelectorRequirement>,
  strict: boolean,
): void {
  if (operator === 'Gt' || operator === 'Lt') {
    if (values.length !== 1) {
      errors.push(required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
    }
  } else if (!checkValueCount(errors, path, operator, values)) {
    errors.push(invalid(`${path}.operator`, operator, NOT_AN_OPERATOR));
  }
  addProblems(errors, `${path}.key`, key, checkQualifiedName(key));
  if (!strict) return;
  values.forEach((value, i) => {
    addProblems(errors, `${path}.values[${i}]`, value, checkLabelValue(value));
  });
}

/** Of a node's fields only the name can be asked for, and only one at a time (VAL-70..72). */
function validateFieldRequirement(
  errors: FieldError[],
  path: string,
  { key = '', operator = '', values = [] }: Partial<NodeSelectorRequirement>,
): void {
  if (operator !== 'In' && operator !== 'NotIn') {
    errors.push(invalid(`${path}.operator`, operator, NOT_AN_OPERATOR));
  } else if (values.length !== 1) {
    errors.push(
      required(`${path}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
    );
  }
  if (key !== 'metadata.name') errors.push(invalid(`${path}.key`, key, 'not a valid field selector key'));
  else {
    values.forEach((value, i) => {
      addProblems(errors, `${path}.values[${i}]`, value, checkSubdomain(value));
    });
  }
}

function validatePodAffinity(errors: FieldError[], path: string, affinity: PodAffinity): void {
  affinity[REQUIRED]?.forEach((term, i) => {
    validatePodTerm(errors, `${path}.${REQUIRED}[${i}]`, term);
  });
  affinity[PREFERRED]?.forEach(({ weight, podAffinityTerm }, i) => {
    const field = `${path}.${PREFERRED}[${i}]`;
    checkWeight(errors, `${field}.weight`, weight);
    validatePodTerm(errors, `${field}.podAffinityTerm`, podAffinityTerm ?? { topologyKey: '' });
  });
}

function validatePodTerm(errors: FieldError[], path: string, term: PodAffinityTerm): void {
  const { labelSelector, namespaceSelector, namespaces = [], topologyKey = '' } = term;
  validateLabelSelector(errors, `${path}.labelSelector`, labelSelector);
  validateLabelSelector(errors, `${path}.namespaceSelector`, namespaceSelector);
  for (const name of namespaces) addProblems(errors, `${path}.namespace`, name, checkLabel(name));
  if (!topologyKey) errors.push(required(`${path}.topologyKey`, 'can not be empty'));
  addProblems(errors, `${path}.topologyKey`, topologyKey, checkQualifiedName(topologyKey));
}

function checkWeight(errors: FieldError[], field: string, weight = 0): void {
  if (weight < 1 || weight > 100) errors.push(invalid(field, weight, 'must be in the range 1-100'));
}
