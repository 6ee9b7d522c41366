/** What is wrong with a query: when it is read, or (for `try` and `?` to catch) when it is asked. */
export class JqError extends Error {}

/** What a query consists of. */
export type Query =
  | { readonly type: 'identity' | 'recurse' }
  | { readonly type: 'literal'; readonly value: unknown }
  | { readonly type: 'text'; readonly parts: readonly (string | Query)[] }
  | { readonly type: 'variable'; readonly name: string }
  | { readonly type: 'index'; readonly of: Query; readonly key: Query }
  | { readonly type: 'slice'; readonly of: Query; readonly from: Query | undefined; readonly to: Query | undefined }
  | { readonly type: 'each' | 'try' | 'negative'; readonly of: Query }
  | { readonly type: 'catch'; readonly of: Query; readonly handler: Query }
  | { readonly type: 'array'; readonly of: Query | undefined }
  | { readonly type: 'object'; readonly fields: readonly (readonly [key: Query, value: Query])[] }
  | { readonly type: 'binary'; readonly operator: string; readonly left: Query; readonly right: Query }
  | { readonly type: 'if'; readonly condition: Query; readonly yes: Query; readonly no: Query }
  | { readonly type: 'bind'; readonly of: Query; readonly name: string; readonly body: Query }
  | {
      readonly type: 'reduce';
      readonly of: Query;
      readonly name: string;
      readonly start: Query;
      readonly update: Query;
    }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly Query[] };
