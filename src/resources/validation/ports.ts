import type { FieldError } from '../field-error.js';
import type { IntOrString } from '../types.js';
import { addProblems } from './messages.js';
import { checkPortName, checkPortNumber } from './names.js';

export const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

/** A port by number or by name. */
export function checkPortReference(errors: FieldError[], field: string, port: IntOrString): void {
  addProblems(errors, field, port, typeof port === 'number' ? checkPortNumber(port) : checkPortName(port));
}
