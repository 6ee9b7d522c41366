import { type FieldError, invalid, notSupported } from '../field-error.js';
import type { Toleration } from '../types.js';
import { addProblems } from './messages.js';
import { checkLabelValue, checkQualifiedName } from './names.js';
import { checkTaintEffect } from './taints.js';

const OPERATORS = ['Equal', 'Exists'];

/** Tolerations one by one. */
export function validateTolerations(errors: FieldError[], path: string, tolerations: readonly Toleration[]): void {
  for (let i = 0; i < tolerations.length; i++) validateToleration(errors, `${path}[${i}]`, tolerations[i]!);
}

function validateToleration(errors: FieldError[], path: string, toleration: Toleration): void {
  const { key, operator, value = '', effect = '', tolerationSeconds } = toleration;
  if (key) addProblems(errors, `${path}.key`, key, checkQualifiedName(key));
  else if (operator !== 'Exists') {
    errors.push(
      invalid(
        `${path}.operator`,
        operator ?? '',
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      ),
    );
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    errors.push(invalid(`${path}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  }
  switch (operator) {
    case undefined:
    case '':
    case 'Equal':
      // Upstream complains of the operator; the value is what it shows.
      addProblems(errors, `${path}.operator`, value, checkLabelValue(value));
      break;
    case 'Exists':
      if (value)
        errors.push(invalid(`${path}.operator`, toleration, "value must be empty when `operator` is 'Exists'"));
      break;
    default:
      errors.push(notSupported(`${path}.operator`, operator, OPERATORS));
  }
  checkTaintEffect(errors, `${path}.effect`, effect, true);
}
