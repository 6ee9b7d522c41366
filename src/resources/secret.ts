import { define } from './define.js';
import { type FieldError, invalid, required } from './field-error.js';
import { AGE, column, NAME, printer } from './printing/printer.js';
import type { Secret } from './types.js';
import { validateKeyedData, validateKeyedDataUpdate } from './validation/keyed-data.js';
import { IMMUTABLE } from './validation/messages.js';

/** Keys that a type of Secret needs; of several lists, one key of each. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

const SERVICE_ACCOUNT = 'kubernetes.io/service-account.name';

export const secrets = define<Secret>({
  kind: 'Secret',
  plural: 'secrets',
  selectableFields: { type: o => o.type ?? '' },
  strategy: {
    setDefaults(object) {
      object.type ||= 'Opaque';
      if (!object.stringData) return;
      const data: Record<string, string> = { ...object.data };
      for (const [key, value] of Object.entries(object.stringData)) data[key] = Buffer.from(value).toString('base64');
      object.data = data;
      // Write-only: what was written as text is read as base64.
      delete object.stringData;
    },
    validate,
    validateUpdate(object, old) {
      const errors = object.type === old.type ? [] : [invalid('type', object.type, IMMUTABLE)];
      return [...errors, ...validateKeyedDataUpdate(object, old, ['data']), ...validate(object)];
    },
  },
  printer: printer<Secret>(
    NAME,
    column('Type', 'What the secret is for, and so which keys it has.', o => o.type ?? ''),
    column('Data', 'How many keys there are.', o => Object.keys(o.data ?? {}).length),
    AGE,
  ),
});

function validate(object: Secret): FieldError[] {
  const errors = validateKeyedData(object, ['data'], ['data']);
  const { type = '', data = {}, metadata } = object;
  for (const key of NEEDED[type] ?? []) if (!Object.hasOwn(data, key)) errors.push(required(`data[${key}]`));
  if (type === 'kubernetes.io/basic-auth' && !('username' in data) && !('password' in data)) {
    errors.push(required('data[username]'), required('data[password]'));
  }
  if (type === 'kubernetes.io/service-account-token' && !metadata.annotations?.[SERVICE_ACCOUNT]) {
    errors.push(required(`metadata.annotations[${SERVICE_ACCOUNT}]`));
  }
  for (const key of type.startsWith('kubernetes.io/docker') ? NEEDED[type]! : []) {
    if (key in data && !isJson(data[key]!))
      errors.push(invalid(`data[${key}]`, '<secret contents redacted>', 'invalid json'));
  }
  return errors;
}

function isJson(base64: string): boolean {
  try {
    JSON.parse(Buffer.from(base64, 'base64').toString());
    return true;
  } catch {
    return false;
  }
}
