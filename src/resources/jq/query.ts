import { evaluate } from './evaluator.js';
import { FUNCTIONS } from './functions.js';
import type { Query } from './nodes.js';
import { parseQuery } from './parser.js';

export { JqError } from './nodes.js';

/** A query of jq's: paths, `select`, comparisons, what is often needed besides. No definitions, no assignments. */
export class JqQuery {
  readonly #query: Query;

  /** @throws JqError for what makes no sense, or is not known here */
  constructor(source: string) {
    this.#query = parseQuery(source, FUNCTIONS);
  }

  /**
   * All that it gives for JSON data.
   * @throws JqError where jq has an error
   */
  of(value: unknown): unknown[] {
    return evaluate(this.#query, value);
  }
}
