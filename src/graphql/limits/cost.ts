import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../connection.js';

export interface Operation {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  /** The document's fragments, by name. */
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * What an operation may cost at most, in points, told from its text, its variables and `@cost` in the SDL, without running
 * it. An object costs 1, a scalar nothing; a connection its page size times what is asked of one node.
 */
export function costOf({ schema, operation, fragments, variables }: Operation): number {
  const directive = schema.getDirective('cost')!;
  const defaults = new Map(
    operation.variableDefinitions?.map(v => [
      v.variable.name.value,
      v.defaultValue ? valueFromASTUntyped(v.defaultValue) : undefined,
    ]),
  );
  const fragmentCosts = new Map<string, number>();

  /** @param pageSize how many elements lists directly below have: those of a connection. */
  function ofSelections(type: GraphQLNamedType, set: SelectionSetNode, pageSize: number): number {
    let cost = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) cost += ofField(type, selection, pageSize);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        cost += ofSelections(named(selection.typeCondition?.name.value) ?? type, selection.selectionSet, pageSize);
      } else cost += ofFragment(selection.name.value, pageSize);
    }
    return cost;
  }

  function ofFragment(name: string, pageSize: number): number {
    const key = `${name} ${pageSize}`;
    const known = fragmentCosts.get(key);
    if (known !== undefined) return known;
    // A fragment that contains itself has been refused before; here it must only come to an end.
    fragmentCosts.set(key, 0);
    const fragment = fragments.get(name);
    const type = named(fragment?.typeCondition.name.value);
    const cost = fragment && type ? ofSelections(type, fragment.selectionSet, pageSize) : 0;
    fragmentCosts.set(key, cost);
    return cost;
  }

  function ofField(parent: GraphQLNamedType, node: FieldNode, pageSize: number): number {
    const field = fieldOf(parent, node.name.value);
    if (!field) return 0;
    const type = getNamedType(field.type);
    const declared = field.astNode ? getDirectiveValues(directive, field.astNode) : undefined;
    const weight = Number(declared?.weight ?? (isLeafType(type) ? 0 : 1));
    if (!node.selectionSet || !isCompositeType(type)) return weight;
    if (isConnection(type)) return weight + ofSelections(type, node.selectionSet, pageSizeOf(node));
    const size = declared?.sizedBy ? lengthOf(node, String(declared.sizedBy)) : Number(declared?.size ?? 1);
    const elements = isListType(getNullableType(field.type)) ? Math.max(pageSize, size) : 1;
    return elements * (weight + ofSelections(type, node.selectionSet, 1));
  }

  function pageSizeOf(node: FieldNode): number {
    for (const argument of node.arguments ?? []) {
      const name = argument.name.value;
      if (name !== 'first' && name !== 'last') continue;
      const value = valueGiven(argument);
      // Sizes out of range are refused when the field is resolved.
      if (typeof value === 'number') return Math.min(Math.max(value, 1), MAX_PAGE_SIZE);
    }
    return DEFAULT_PAGE_SIZE;
  }

  /** How many elements a list has that is given as an argument; a value in the place of a list is one of one. */
  function lengthOf({ arguments: given = [] }: FieldNode, name: string): number {
    const argument = given.find(one => one.name.value === name);
    const value = argument && valueGiven(argument);
    return Array.isArray(value) ? value.length : 1;
  }

  function valueGiven({ value }: ArgumentNode): unknown {
    if (value.kind !== Kind.VARIABLE) return valueFromASTUntyped(value, variables);
    return variables[value.name.value] ?? defaults.get(value.name.value);
  }

  function fieldOf(parent: GraphQLNamedType, name: string): GraphQLField<unknown, unknown> | undefined {
    return isObjectType(parent) || (isAbstractType(parent) && 'getFields' in parent)
      ? parent.getFields()[name]
      : undefined;
  }

  function named(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : schema.getType(name);
  }

  const root = schema.getRootType(operation.operation);
  return root ? ofSelections(root, operation.selectionSet, 1) : 0;
}

/** The fragments of a document, by name. */
export function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap(d => (d.kind === Kind.FRAGMENT_DEFINITION ? [[d.name.value, d] as const] : [])),
  );
}

/** The error for an operation that may cost too much; undefined for all others. */
export function costError(cost: number, limit: number, operation: OperationDefinitionNode): GraphQLError | undefined {
  if (cost <= limit) return undefined;
  return new GraphQLError(
    `The query may cost ${cost} points; at most ${limit} are allowed. Ask for smaller pages, or for less of each object.`,
    { nodes: operation, extensions: { code: 'QUERY_TOO_COSTLY', limit, cost } },
  );
}

const isConnection = (type: GraphQLNamedType) => isObjectType(type) && type.name.endsWith('Connection');
