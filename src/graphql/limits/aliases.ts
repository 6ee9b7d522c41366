import { GraphQLError, type ValidationContext, type ValidationRule } from 'graphql';

/** Refuses documents that ask for more than `limit` fields under another name: the way to ask the same thing a thousand times. */
export function aliasLimit(limit: number): ValidationRule {
  return (context: ValidationContext) => {
    let aliases = 0;
    return {
      Field(field) {
        if (field.alias && field.alias.value !== field.name.value) aliases++;
      },
      Document: {
        leave(document) {
          if (aliases <= limit) return;
          context.reportError(
            new GraphQLError(`The query has ${aliases} aliases; at most ${limit} are allowed.`, {
              nodes: document.definitions[0],
              extensions: { code: 'TOO_MANY_ALIASES', limit, aliases },
            }),
          );
        },
      },
    };
  };
}
