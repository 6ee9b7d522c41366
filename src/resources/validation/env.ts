import { type FieldError, invalid, required } from '../field-error.js';
import type { Container, EnvVar, EnvVarSource, KeySelector } from '../types.js';
import { validateFieldRef, validateResourceRef } from './field-refs.js';
import { addProblems } from './messages.js';
import { checkConfigKey, checkEnvName, checkSubdomain } from './names.js';

/** Fields of a pod that a container may be told. */
const FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

/** Environment variables, one by one and by the map. */
export function validateEnv(errors: FieldError[], path: string, { env, envFrom }: Container): void {
  env?.forEach((variable, i) => {
    validateVariable(errors, `${path}.env[${i}]`, variable);
  });
  envFrom?.forEach(({ prefix, configMapRef, secretRef }, i) => {
    const field = `${path}.envFrom[${i}]`;
    if (prefix) addProblems(errors, `${field}.prefix`, prefix, checkEnvName(prefix));
    if (configMapRef) validateReference(errors, `${field}.configMapRef.name`, configMapRef.name);
    if (secretRef) validateReference(errors, `${field}.secretRef.name`, secretRef.name);
    // Upstream does not say which of them.
    const all = `${path}.envFrom`;
    if (!configMapRef && !secretRef)
      errors.push(invalid(all, '', 'must specify one of: `configMapRef` or `secretRef`'));
    if (configMapRef && secretRef)
      errors.push(invalid(all, '', 'may not have more than one field specified at a time'));
  });
}

function validateReference(errors: FieldError[], field: string, name: string | undefined): void {
  if (name) addProblems(errors, field, name, checkSubdomain(name));
  else errors.push(required(field));
}

function validateVariable(errors: FieldError[], path: string, { name, value, valueFrom }: EnvVar): void {
  if (!name) errors.push(required(`${path}.name`));
  else addProblems(errors, `${path}.name`, name, checkEnvName(name));
  if (valueFrom) validateSource(errors, `${path}.valueFrom`, valueFrom, value);
}

function validateSource(errors: FieldError[], path: string, source: EnvVarSource, value: string | undefined): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source;
  if (fieldRef) validateFieldRef(errors, `${path}.fieldRef`, fieldRef, FIELDS);
  if (resourceFieldRef) validateResourceRef(errors, `${path}.resourceFieldRef`, resourceFieldRef, false);
  if (configMapKeyRef) validateKeySelector(errors, `${path}.configMapKeyRef`, configMapKeyRef);
  if (secretKeyRef) validateKeySelector(errors, `${path}.secretKeyRef`, secretKeyRef);
  const count = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef].filter(Boolean).length;
  if (count === 0) {
    errors.push(
      invalid(
        path,
        '',
        'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
      ),
    );
  } else if (value) errors.push(invalid(path, '', 'may not be specified when `value` is not empty'));
  else if (count > 1) errors.push(invalid(path, '', 'may not have more than one field specified at a time'));
}

function validateKeySelector(errors: FieldError[], path: string, { name = '', key }: KeySelector): void {
  addProblems(errors, `${path}.name`, name, checkSubdomain(name));
  if (!key) errors.push(required(`${path}.key`));
  else addProblems(errors, `${path}.key`, key, checkConfigKey(key));
}
