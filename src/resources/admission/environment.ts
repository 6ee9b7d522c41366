import type { LazyMap } from '../cel/dynamic.js';
import { CelError, compile } from '../cel/program.js';
import { BOOL, type CelType, DYN, formatType, INT, listOf, mapOf, STRING } from '../cel/types.js';
import type { Value } from '../cel/values.js';

/** What an expression of admission can look at besides the request and its objects. */
export interface Scope {
  readonly params?: boolean;
  readonly authorizer?: boolean;
  /** Types of the policy's own variables. */
  readonly variables?: ReadonlyMap<string, CelType>;
  /** Types of objects and parameters, where it is known what they are. */
  readonly object?: CelType;
  readonly param?: CelType;
}

/** The values of all variables, by name; worked out when looked at. */
export type Activation = LazyMap;

/** What is wrong with an expression. */
export class ExpressionError extends Error {
  /** @param detail what is wrong, without what was done to find it out */
  constructor(
    readonly detail: string,
    prefix = '',
  ) {
    super(prefix + detail);
  }
}

/** An expression of an admission policy or webhook, ready to be evaluated. */
export interface Expression {
  readonly source: string;
  readonly type: CelType;
  /**
   * @param spent hears what it has cost, also if it fails
   * @throws CelFailure what the expression cannot do with these values
   * @throws CostExceeded
   */
  run(activation: Activation, limit: number, spent: (cost: number) => void): Value;
}

const object = (name: string, fields: Record<string, CelType>): CelType => ({
  kind: 'object',
  name,
  fields: new Map(Object.entries(fields)),
});
const opaque = (name: string): CelType => ({ kind: 'opaque', name });
const TEXTS = mapOf(STRING, STRING);
const TIME: CelType = { kind: 'timestamp' };

const KIND = object('kubernetes.GroupVersionKind', { group: STRING, version: STRING, kind: STRING });
const RESOURCE = object('kubernetes.GroupVersionResource', { group: STRING, version: STRING, resource: STRING });
const REQUEST = object('kubernetes.AdmissionRequest', {
  kind: KIND,
  resource: RESOURCE,
  subResource: STRING,
  requestKind: KIND,
  requestResource: RESOURCE,
  requestSubResource: STRING,
  name: STRING,
  namespace: STRING,
  operation: STRING,
  userInfo: object('kubernetes.UserInfo', {
    username: STRING,
    uid: STRING,
    groups: listOf(STRING),
    extra: mapOf(STRING, listOf(STRING)),
  }),
  dryRun: BOOL,
  options: DYN,
});
const NAMESPACE = object('kubernetes.Namespace', {
  metadata: object('kubernetes.NamespaceMetadata', {
    name: STRING,
    generateName: STRING,
    namespace: STRING,
    labels: TEXTS,
    annotations: TEXTS,
    UID: STRING,
    creationTimestamp: TIME,
    deletionGracePeriodSeconds: INT,
    deletionTimestamp: TIME,
    generation: INT,
    resourceVersion: STRING,
  }),
  spec: object('kubernetes.NamespaceSpec', { finalizers: listOf(STRING) }),
  status: object('kubernetes.NamespaceStatus', { phase: STRING }),
});

function variablesOf({ params, authorizer, variables, object: type = DYN, param = DYN }: Scope): Map<string, CelType> {
  const declared = new Map<string, CelType>([
    ['object', type],
    ['oldObject', type],
    ['request', REQUEST],
    ['namespaceObject', NAMESPACE],
  ]);
  if (params) declared.set('params', param);
  if (authorizer) {
    declared.set('authorizer', opaque('kubernetes.authorization.Authorizer'));
    declared.set('authorizer.requestResource', opaque('kubernetes.authorization.ResourceCheck'));
  }
  if (variables) declared.set('variables', { kind: 'object', name: 'kubernetes.variables', fields: variables });
  return declared;
}

/**
 * @param results what it may evaluate to; anything, if left out
 * @throws ExpressionError in upstream's words
 */
export function compileExpression(source: string, scope: Scope, results?: readonly CelType[]): Expression {
  const declared = variablesOf(scope);
  let program: ReturnType<typeof compile>;
  try {
    program = compile(source, declared);
  } catch (error) {
    throw error instanceof CelError ? new ExpressionError(error.message, 'compilation failed: ') : error;
  }
  if (results && !results.some(({ kind }) => kind === program.type.kind)) {
    const names = results.map(type => (type.kind === 'null' ? 'null_type' : formatType(type)));
    throw new ExpressionError(`must evaluate to ${names.length === 1 ? names[0] : `one of [${names.join(' ')}]`}`);
  }
  const names = [...declared.keys()];
  return {
    source,
    type: program.type,
    run: (activation, limit, spent) =>
      program.run(
        // What is not looked at need not be worked out.
        names.map(name => (program.uses(name) ? (activation.get(name) ?? null) : null)),
        limit,
        spent,
      ),
  };
}

/** The types that conditions, messages and audit annotations evaluate to. */
export const CONDITION: readonly CelType[] = [BOOL];
export const MESSAGE: readonly CelType[] = [STRING];
export const ANNOTATION: readonly CelType[] = [STRING, { kind: 'null' }];
