import { define } from './define.js';
import { type FieldError, invalid, required } from './field-error.js';
import { goKind } from './go-format.js';
import { jsonSyntaxError } from './go-json.js';
import { isObject } from './json.js';
import { AGE, column, NAME, printer } from './printing/printer.js';
import type { Secret } from './types.js';
import { validateKeyedData, validateKeyedDataUpdate } from './validation/keyed-data.js';
import { IMMUTABLE } from './validation/messages.js';
import { keyPairWarnings } from './warnings/key-pair.js';

const SSH = 'kubernetes.io/ssh-auth';
/** The one key that must not be empty either. */
const SSH_KEY = 'ssh-privatekey';

/** Keys that a type of Secret needs; of several lists, one key of each. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  [SSH]: [SSH_KEY],
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
    warnings: keyPairWarnings,
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
  if (type === SSH && data[SSH_KEY] === '') errors.push(required(`data[${SSH_KEY}]`));
  if (type === 'kubernetes.io/basic-auth' && !('username' in data) && !('password' in data)) {
    errors.push(required('data[username]'), required('data[password]'));
  }
  if (type === 'kubernetes.io/service-account-token' && !metadata.annotations?.[SERVICE_ACCOUNT]) {
    errors.push(required(`metadata.annotations[${SERVICE_ACCOUNT}]`));
  }
  for (const key of type.startsWith('kubernetes.io/docker') ? NEEDED[type]! : []) {
    const problem = Object.hasOwn(data, key) ? jsonObjectProblem(data[key]!) : undefined;
    if (problem) errors.push(invalid(`data[${key}]`, '<secret contents redacted>', problem));
  }
  return errors;
}

/** Why a value is not the text of a JSON object, as Go's `json.Unmarshal` says it. */
function jsonObjectProblem(base64: string): string | undefined {
  const text = Buffer.from(base64, 'base64').toString();
  const problem = jsonSyntaxError(text);
  if (problem) return problem;
  const value: unknown = JSON.parse(text);
  if (value === null || isObject(value)) return undefined;
  return `json: cannot unmarshal ${goKind(value)} into Go value of type map[string]interface {}`;
}
