import { execute } from './evaluator.js';
import { type Environment, FUNCTIONS, MUTATING } from './functions/index.js';
import { parseTemplate, type Templates } from './parser.js';

export type { Environment } from './functions/index.js';
export { TemplateError } from './values.js';

/**
 * A template of Go's `text/template`, with sprig's functions and kwok's, for JSON data: what is missing is nil. Bounded in how long it
 * may go on and in what it may make.
 */
export class Template {
  readonly #templates: Templates;
  /** It may change what it is given. */
  #isMutating = false;

  /** @throws TemplateError that says what is wrong with it, in Go's words, and in which line */
  constructor(source: string) {
    this.#templates = parseTemplate(source, name => {
      this.#isMutating ||= MUTATING.has(name);
      return FUNCTIONS.has(name);
    });
  }

  /**
   * What it makes of data, which stay as they are.
   * @throws TemplateError
   */
  render(data: unknown, environment: Environment): string {
    const own = this.#isMutating ? structuredClone(data) : data;
    return execute(this.#templates, own, environment);
  }
}
