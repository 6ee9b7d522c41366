import { GraphQLError, Kind, type SelectionSetNode, type ValidationContext, type ValidationRule } from 'graphql';

/**
 * Refuses operations that nest fields deeper than `limit`. A fragment counts where it is spread. Introspection is left to
 * graphql-js's own rule: its usual query is deeper than any other need be.
 */
export function depthLimit(limit: number): ValidationRule {
  return (context: ValidationContext) => {
    const depths = new Map<string, number>();

    function depthOf(selections: SelectionSetNode): number {
      let deepest = 0;
      for (const selection of selections.selections) {
        let depth = 0;
        if (selection.kind === Kind.FIELD) {
          if (selection.name.value.startsWith('__')) continue;
          depth = 1 + (selection.selectionSet ? depthOf(selection.selectionSet) : 0);
        } else if (selection.kind === Kind.INLINE_FRAGMENT) {
          depth = depthOf(selection.selectionSet);
        } else {
          depth = depthOfFragment(selection.name.value);
        }
        deepest = Math.max(deepest, depth);
      }
      return deepest;
    }

    function depthOfFragment(name: string): number {
      const known = depths.get(name);
      if (known !== undefined) return known;
      // A fragment that contains itself is refused by another rule; here it must only come to an end.
      depths.set(name, 0);
      const fragment = context.getFragment(name);
      const depth = fragment ? depthOf(fragment.selectionSet) : 0;
      depths.set(name, depth);
      return depth;
    }

    return {
      OperationDefinition(operation) {
        const depth = depthOf(operation.selectionSet);
        if (depth <= limit) return;
        context.reportError(
          new GraphQLError(`The query is ${depth} fields deep; at most ${limit} are allowed.`, {
            nodes: operation,
            extensions: { code: 'QUERY_TOO_DEEP', limit, depth },
          }),
        );
      },
    };
  };
}
