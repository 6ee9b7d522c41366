import { type FieldError, forbidden, invalid, notSupported, required } from '../field-error.js';
import type { Handler, Probe } from '../types.js';
import { addProblems, checkNotNegative, POSITIVE } from './messages.js';
import { checkHeaderName, checkPortNumber } from './names.js';
import { checkPortReference } from './ports.js';

const SCHEMES = ['HTTP', 'HTTPS'];

/** In the order in which upstream looks for them: the second that it finds is one too many. */
const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const;

const COUNTS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

export type ProbeKind = 'livenessProbe' | 'readinessProbe' | 'startupProbe';

/** A probe: what it does, and how often. */
export function validateProbe(errors: FieldError[], path: string, probe: Probe, kind: ProbeKind): void {
  validateHandler(errors, path, probe);
  for (const field of COUNTS) checkNotNegative(errors, `${path}.${field}`, probe[field]);
  const { terminationGracePeriodSeconds: grace, successThreshold } = probe;
  if (grace !== undefined && grace <= 0) {
    errors.push(invalid(`${path}.terminationGracePeriodSeconds`, grace, POSITIVE));
  }
  if (kind === 'readinessProbe') {
    if (grace !== undefined) {
      errors.push(invalid(`${path}.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes'));
    }
  } else if (successThreshold !== 1) {
    errors.push(invalid(`${path}.successThreshold`, successThreshold, 'must be 1'));
  }
}

/** What a probe or a hook does: exactly one thing. */
export function validateHandler(errors: FieldError[], path: string, handler: Handler): void {
  let found = 0;
  for (const name of HANDLERS) {
    if (handler[name] === undefined) continue;
    if (found++ > 0) errors.push(forbidden(`${path}.${name}`, 'may not specify more than 1 handler type'));
    else validateAction(errors, path, handler, name);
  }
  if (found === 0) errors.push(required(path, 'must specify a handler type'));
}

function validateAction(errors: FieldError[], path: string, handler: Handler, name: (typeof HANDLERS)[number]): void {
  const field = `${path}.${name}`;
  switch (name) {
    case 'exec':
      if (!handler.exec!.command?.length) errors.push(required(`${field}.command`));
      break;
    case 'httpGet':
      validateHttpGet(errors, field, handler.httpGet!);
      break;
    case 'tcpSocket':
      checkPortReference(errors, `${field}.port`, handler.tcpSocket!.port ?? 0);
      break;
    case 'grpc':
      addProblems(errors, `${field}.port`, handler.grpc!.port ?? 0, checkPortNumber(handler.grpc!.port ?? 0));
      break;
    case 'sleep':
      checkNotNegative(errors, `${field}.seconds`, handler.sleep!.seconds);
  }
}

function validateHttpGet(errors: FieldError[], path: string, action: NonNullable<Handler['httpGet']>): void {
  const { port = 0, scheme = '', httpHeaders = [] } = action;
  if (!action.path) errors.push(required(`${path}.path`));
  checkPortReference(errors, `${path}.port`, port);
  if (!SCHEMES.includes(scheme)) errors.push(notSupported(`${path}.scheme`, scheme, SCHEMES));
  for (const { name = '' } of httpHeaders) addProblems(errors, `${path}.httpHeaders`, name, checkHeaderName(name));
}
