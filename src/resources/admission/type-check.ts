import { BOOL, type CelType, DYN, INT, listOf, mapOf, STRING } from '../cel/types.js';
import type { ResourceDefinition } from '../definition.js';
import type { KindTable } from '../kind-table.js';
import { type Scalar, type SchemaType, type StructType, structType } from '../schema.js';
import type { ExpressionWarning, PolicySpec, Rule } from './configuration.js';
import { compileExpression, ExpressionError, type Scope } from './environment.js';

/** Against more types a policy is not checked. */
const MAX_TYPES = 10;

/** What the expressions of a policy do not fit, of the types that its rules name. Mirrors upstream's `TypeChecker`. */
export function typeWarnings(spec: PolicySpec, kinds: KindTable): ExpressionWarning[] {
  const { paramKind, validations = [] } = spec;
  const checked = checkedKinds(spec.matchConstraints?.resourceRules ?? [], kinds);
  const params = paramKind && kinds.byKind(paramKind.apiVersion ?? '', paramKind.kind ?? '');
  const warnings: ExpressionWarning[] = [];
  const check = (fieldRef: string, source: string) => {
    const texts = checked.flatMap(kind => {
      const problem = problemWith(source, spec, kind, params);
      return problem === undefined ? [] : [`${kind.group}/${kind.version}, Kind=${kind.kind}: ${problem}\n`];
    });
    if (texts.length > 0) warnings.push({ fieldRef, warning: texts.join('\n') });
  };
  validations.forEach(({ expression = '', messageExpression }, i) => {
    check(`spec.validations[${i}].expression`, expression);
    if (messageExpression) check(`spec.validations[${i}].messageExpression`, messageExpression);
  });
  return warnings;
}

/** The kinds that rules name without wildcards, by group, version and kind. */
function checkedKinds(rules: readonly Rule[], kinds: KindTable): ResourceDefinition[] {
  const found = new Set<ResourceDefinition>();
  const isOpen = (names: readonly string[]) => names.some(name => name.includes('*'));
  for (const { apiGroups = [], apiVersions = [], resources = [] } of rules) {
    if (isOpen(apiGroups) || isOpen(apiVersions)) continue;
    for (const group of [...apiGroups].sort())
      for (const version of [...apiVersions].sort())
        for (const resource of [...resources].sort()) {
          const kind = kinds.byPath(group, version, resource);
          if (kind && found.size < MAX_TYPES) found.add(kind);
        }
  }
  const keyOf = ({ group, version, kind }: ResourceDefinition) => `${group} ${version} ${kind}`;
  return [...found].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function problemWith(
  source: string,
  { variables = [] }: PolicySpec,
  kind: ResourceDefinition,
  params: ResourceDefinition | undefined,
): string | undefined {
  const types = new Map<string, CelType>();
  const scope = (): Scope => ({
    object: typeOf(structType(kind.schema)),
    ...(params ? { params: true, param: typeOf(structType(params.schema)) } : {}),
    authorizer: true,
    variables: new Map(types),
  });
  for (const { name = '', expression = '' } of variables) {
    const made = tryType(expression, scope());
    types.set(name, 'problem' in made ? DYN : made.type);
  }
  const made = tryType(source, scope());
  return 'problem' in made ? made.problem : undefined;
}

function tryType(source: string, scope: Scope): { type: CelType } | { problem: string } {
  try {
    return compileExpression(source, scope);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { problem: error.detail };
  }
}

const SCALARS: Readonly<Partial<Record<Scalar, CelType>>> = {
  string: STRING,
  boolean: BOOL,
  int32: INT,
  int64: INT,
  double: { kind: 'double' },
  bytes: { kind: 'bytes' },
  time: { kind: 'timestamp' },
  microtime: { kind: 'timestamp' },
};

/** The type of a schema's values in expressions. What has several forms can be anything. */
function typeOf(schema: SchemaType): CelType {
  switch (schema.kind) {
    case 'scalar':
      return SCALARS[schema.scalar] ?? DYN;
    case 'list':
      return listOf(typeOf(schema.element));
    case 'map':
      return mapOf(STRING, typeOf(schema.element));
    case 'struct':
      return { kind: 'object', name: schema.name, fields: new Fields(schema) };
  }
}

/** Types can be parts of themselves: their fields are looked at when somebody asks for them. */
class Fields {
  constructor(private readonly struct: StructType) {}

  get(name: string): CelType | undefined {
    const field = this.struct.field(name);
    return field && typeOf(field.type);
  }
}
