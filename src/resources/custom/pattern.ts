import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';

type Library = typeof import('re2js');
let library: Library | undefined;

/**
 * The `re2js` package, from the first pattern on. Go's regular expressions are RE2's, which take time in proportion to the text,
 * whatever the pattern: a schema or a rule that took JavaScript's could stop the server for hours.
 */
function re2(): Library {
  library ??= createRequire(import.meta.url)('re2js') as Library;
  return library;
}

const compiled = new Map<string, Pattern | PatternError>();
/** Patterns are few and come from schemas; who makes new ones for ever starts over. */
const MOST = 4096;

/** Why a text is no regular expression, in Go's words. */
export class PatternError extends Error {}

/** A regular expression of Go's. */
export class Pattern {
  readonly #expression: RE2JS;

  constructor(expression: RE2JS) {
    this.#expression = expression;
  }

  /** Whether it matches anywhere in `text`. */
  test(text: string): boolean {
    return this.#expression.test(text);
  }

  /** The first match. */
  find(text: string): string | undefined {
    return this.findAll(text, 1)[0];
  }

  /** The first `limit` matches that do not overlap. An empty one right behind another counts for nothing. */
  findAll(text: string, limit = Number.POSITIVE_INFINITY): string[] {
    const found: string[] = [];
    const matcher = this.#expression.matcher(text);
    let end = -1;
    while (found.length < limit && matcher.find()) {
      const isEmpty = matcher.start() === matcher.end();
      if (!isEmpty || matcher.start() !== end) found.push(matcher.group() ?? '');
      end = matcher.end();
    }
    return found;
  }

  /** The text with all matches replaced by what `by` makes of a match and its groups, by number and by name. */
  replaceAll(
    text: string,
    by: (groups: readonly (string | null)[], named: Readonly<Record<string, string>>) => string,
  ): string {
    return this.#expression.matcher(text).replaceAll((...args: unknown[]) => {
      const end = args.findIndex(arg => typeof arg === 'number');
      const named = args.at(-1);
      return by(
        args.slice(0, end) as (string | null)[],
        (typeof named === 'object' && named ? named : {}) as Record<string, string>,
      );
    });
  }
}

/** The pattern that a text says, or why it says none. Each is compiled once. */
export function patternOf(source: string): Pattern | PatternError {
  let known = compiled.get(source);
  if (known === undefined) {
    if (compiled.size >= MOST) compiled.clear();
    known = compile(source);
    compiled.set(source, known);
  }
  return known;
}

function compile(source: string): Pattern | PatternError {
  const { RE2JS, RE2JSException } = re2();
  try {
    return new Pattern(RE2JS.compile(source));
  } catch (error) {
    if (error instanceof RE2JSException) return new PatternError(error.message);
    throw error;
  }
}
