import { type FieldError, invalid, notSupported, required } from '../field-error.js';
import type { Container, EnvVar, EnvVarSource, KeySelector } from '../types.js';
import { addProblems } from './messages.js';
import { checkConfigKey, checkEnvName } from './names.js';

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
/** Fields that there are, but not for this. */
const OTHER_FIELDS = new Set([
  'metadata.labels',
  'metadata.annotations',
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
]);
const SUBSCRIPTED = /^metadata\.(?:labels|annotations)\['.+'\]$/;

const RESOURCES = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];

/** Environment variables, one by one and by the map. */
export function validateEnv(errors: FieldError[], path: string, { env, envFrom }: Container): void {
  env?.forEach((variable, i) => {
    validateVariable(errors, `${path}.env[${i}]`, variable);
  });
  envFrom?.forEach(({ prefix, configMapRef, secretRef }, i) => {
    const field = `${path}.envFrom[${i}]`;
    if (prefix) addProblems(errors, `${field}.prefix`, prefix, checkEnvName(prefix));
    if (configMapRef && !configMapRef.name) errors.push(required(`${field}.configMapRef.name`));
    if (secretRef && !secretRef.name) errors.push(required(`${field}.secretRef.name`));
    if (!configMapRef && !secretRef)
      errors.push(invalid(field, '', 'must specify one of: `configMapRef` or `secretRef`'));
    if (configMapRef && secretRef)
      errors.push(invalid(field, '', 'may not have more than one field specified at a time'));
  });
}

function validateVariable(errors: FieldError[], path: string, { name, value, valueFrom }: EnvVar): void {
  if (!name) errors.push(required(`${path}.name`));
  else addProblems(errors, `${path}.name`, name, checkEnvName(name));
  if (valueFrom) validateSource(errors, `${path}.valueFrom`, valueFrom, value);
}

function validateSource(errors: FieldError[], path: string, source: EnvVarSource, value: string | undefined): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source;
  if (fieldRef) validateFieldRef(errors, `${path}.fieldRef`, fieldRef);
  if (resourceFieldRef) {
    const { resource } = resourceFieldRef;
    if (!resource) errors.push(required(`${path}.resourceFieldRef.resource`));
    else if (!RESOURCES.includes(resource) && !/^(?:limits|requests)\.hugepages-/.test(resource)) {
      errors.push(notSupported(`${path}.resourceFieldRef.resource`, resource, RESOURCES));
    }
  }
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

function validateFieldRef(errors: FieldError[], path: string, ref: NonNullable<EnvVarSource['fieldRef']>): void {
  const { fieldPath } = ref;
  if (!fieldPath) errors.push(required(`${path}.fieldPath`));
  else if (FIELDS.includes(fieldPath) || SUBSCRIPTED.test(fieldPath)) return;
  else if (OTHER_FIELDS.has(fieldPath)) errors.push(notSupported(`${path}.fieldPath`, fieldPath, FIELDS));
  else {
    errors.push(
      invalid(`${path}.fieldPath`, fieldPath, `error converting fieldPath: field label not supported: ${fieldPath}`),
    );
  }
}

function validateKeySelector(errors: FieldError[], path: string, { name, key }: KeySelector): void {
  if (!name) errors.push(required(`${path}.name`));
  if (!key) errors.push(required(`${path}.key`));
  else addProblems(errors, `${path}.key`, key, checkConfigKey(key));
}
