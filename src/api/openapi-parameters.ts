import type { SchemaObject } from './openapi-schemas.js';

interface Parameter {
  readonly in: 'path' | 'query';
  readonly type: 'string' | 'boolean' | 'integer';
  readonly description: string;
}

const string = { in: 'query', type: 'string' } as const;
const boolean = { in: 'query', type: 'boolean' } as const;
const integer = { in: 'query', type: 'integer' } as const;

const PARAMETERS = {
  name: { in: 'path', type: 'string', description: 'name of the object' },
  namespace: { in: 'path', type: 'string', description: 'namespace of the object' },
  pretty: { ...string, description: 'If true, the answer is indented.' },
  allowWatchBookmarks: { ...boolean, description: 'Send BOOKMARK events, which tell how far the watch is.' },
  continue: { ...string, description: 'Where the list goes on: the token of the page before.' },
  fieldSelector: { ...string, description: 'Only objects whose fields are like this.' },
  labelSelector: { ...string, description: 'Only objects whose labels are like this.' },
  limit: { ...integer, description: 'Objects in one page at most; the answer says how to get the next one.' },
  resourceVersion: { ...string, description: 'The revision that a list must show, or that a watch goes on from.' },
  resourceVersionMatch: { ...string, description: 'How resourceVersion is meant: Exact or NotOlderThan.' },
  sendInitialEvents: {
    ...boolean,
    description: 'Begin the watch with what is there, and mark the end of that with a bookmark.',
  },
  timeoutSeconds: { ...integer, description: 'End the watch after so many seconds.' },
  watch: { ...boolean, description: 'Follow changes: the answer is a stream of events.' },
  dryRun: { ...string, description: 'All: do everything but store the result.' },
  fieldManager: { ...string, description: 'Who makes the change: the name in managedFields.' },
  fieldValidation: {
    ...string,
    description: 'What to do about unknown and duplicate fields: Ignore, Warn (the default) or Strict.',
  },
  force: { ...boolean, description: 'Apply only: take fields over from other managers.' },
  gracePeriodSeconds: { ...integer, description: 'Seconds until the object goes; 0 at once.' },
  orphanDependents: { ...boolean, description: 'Deprecated: use propagationPolicy.' },
  propagationPolicy: { ...string, description: 'What becomes of dependents: Orphan, Background or Foreground.' },
} as const satisfies Readonly<Record<string, Parameter>>;

export type ParameterName = keyof typeof PARAMETERS;

export const READ_PARAMETERS: readonly ParameterName[] = [
  'allowWatchBookmarks',
  'continue',
  'fieldSelector',
  'labelSelector',
  'limit',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'timeoutSeconds',
  'watch',
];

export const WRITE_PARAMETERS: readonly ParameterName[] = ['dryRun', 'fieldManager', 'fieldValidation'];

/** A parameter as OpenAPI 2 or 3 writes it. */
export function parameterObject(name: ParameterName, dialect: 2 | 3): SchemaObject {
  const { in: place, type, description } = PARAMETERS[name];
  const common = { name, in: place, description, ...(place === 'path' ? { required: true } : {}) };
  return dialect === 3 ? { ...common, schema: { type, uniqueItems: true } } : { ...common, type, uniqueItems: true };
}
