/** What one request may ask for. The defaults are far above what people and pages ask, far below what hurts. */
export interface Limits {
  /** Bytes of a request's body. */
  readonly bodyBytes: number;
  /** Lexical tokens of a document. */
  readonly tokens: number;
  /** Fields below each other, introspection aside (graphql-js limits that itself). */
  readonly depth: number;
  /** Fields that are given another name than their own. */
  readonly aliases: number;
  /** Points; see directive `@cost` in `schema/schema.graphql`. */
  readonly cost: number;
  /** Bytes of JSON that wait for a reader of a subscription which leaves nothing out. */
  readonly behindBytes: number;
  /** Milliseconds that a request may take as a whole, by the machine's time; what it has begun to write, it writes to its end. */
  readonly requestMs: number;
  /** Milliseconds that one what-if may take, by the machine's time. */
  readonly whatIfMs: number;
}

/** What is allowed unless told otherwise. */
export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 1024 * 1024,
  tokens: 4000,
  depth: 20,
  aliases: 50,
  cost: 100_000,
  behindBytes: 16 * 1024 * 1024,
  requestMs: 60_000,
  whatIfMs: 30_000,
};
