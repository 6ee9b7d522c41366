import { compareText } from './compare.js';
import { type FieldError, invalid } from './field-error.js';
import { SelectorError } from './selector-error.js';
import { SelectorParser } from './selector-parser.js';
import type { LabelSelector } from './types.js';
import { checkLabelValue, checkQualifiedName } from './validation/names.js';

export { SelectorError } from './selector-error.js';

/** The labels of an object; objects without labels have none. */
export type Labels = Readonly<Record<string, string>> | undefined;

/** The value of a label, by a key that may also be the name of something every object has. */
export const labelOf = (labels: Labels, key: string): string | undefined =>
  labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;

export interface LabelMatcher {
  matches(labels: Labels): boolean;
}

/** How a requirement is written in a selector's text; `exists` and `!` have no operator there. */
export type SelectorOperator = 'in' | 'notin' | '=' | '==' | '!=' | 'gt' | 'lt' | 'exists' | '!';

/** One condition on one label. `values` are sorted and without duplicates. */
export interface Requirement {
  readonly key: string;
  readonly operator: SelectorOperator;
  readonly values: readonly string[];
}

/** A selector made ready to be asked: all requirements must hold. */
export interface Selector extends LabelMatcher {
  /** By key. */
  readonly requirements: readonly Requirement[];
  /** As kubectl and the API write it: `app=web,tier in (back,front)`; empty for a selector that selects everything. */
  toString(): string;
}

/**
 * Reads the text form of a label selector: `a=b,c!=d,e in (x,y),!f,g>1`. The empty text selects everything.
 * Mirrors `labels.Parse`, its wording of errors included.
 * @throws SelectorError
 */
export function parseLabelSelector(text: string): Selector {
  return new Requirements(new SelectorParser(text, checkKey, checkedRequirement).parse());
}

const OPERATORS: Readonly<Record<string, SelectorOperator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
};

/**
 * Makes a selector object ready. No selector selects nothing, an empty one everything; one that validation would have
 * refused selects nothing. Mirrors `LabelSelectorAsSelector`.
 */
export function labelSelectorMatcher(selector: LabelSelector | undefined): Selector {
  if (!selector) return NOTHING;
  const requirements: Requirement[] = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({
    key,
    operator: '=',
    values: [value],
  }));
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const known = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator]! : undefined;
    const takesValues = known === 'in' || known === 'notin';
    if (!known || takesValues !== values.length > 0) return NOTHING;
    requirements.push({ key, operator: known, values: sorted(values) });
  }
  return new Requirements(requirements);
}

/** A selector object as kubectl prints it: `app=web`, `<none>` if it selects everything or is not there. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  return labelSelectorMatcher(selector).toString() || '<none>';
}

/** `a=1,b=2`, sorted by key, as kubectl prints labels and node selectors; `<none>` if there are none. */
export function formatLabels(labels: Labels): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.length > 0 ? pairs.sort().join(',') : '<none>';
}

class Requirements implements Selector {
  readonly requirements: readonly Requirement[];

  constructor(requirements: readonly Requirement[]) {
    this.requirements = [...requirements].sort((a, b) => compareText(a.key, b.key));
  }

  matches(labels: Labels): boolean {
    for (const requirement of this.requirements) if (!isMet(requirement, labels)) return false;
    return true;
  }

  toString(): string {
    return this.requirements.map(format).join(',');
  }
}

const NOTHING: Selector = { requirements: [], matches: () => false, toString: () => '' };

function isMet({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = labelOf(labels, key);
  switch (operator) {
    case 'in':
    case '=':
    case '==':
      return value !== undefined && values.includes(value);
    case 'notin':
    case '!=':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case 'gt':
    case 'lt':
      return value !== undefined && compareIntegers(value, operator === 'gt' ? '>' : '<', values[0]!);
  }
}

/** Compares two texts as whole numbers of 64 bits; false if one of them is none. */
export function compareIntegers(left: string, operator: '>' | '<', right: string): boolean {
  if (!isInteger(left) || !isInteger(right)) return false;
  return operator === '>' ? BigInt(left) > BigInt(right) : BigInt(left) < BigInt(right);
}

/** Whether Go's `ParseInt` takes `text` for a whole number of 64 bits. */
export function isInteger(text: string): boolean {
  if (!/^[-+]?\d{1,40}$/.test(text)) return false;
  return BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

function format({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${values.join(',')})`;
    case 'gt':
      return `${key}>${values[0]}`;
    case 'lt':
      return `${key}<${values[0]}`;
    default:
      return `${key}${operator}${values[0]}`;
  }
}

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

// ---- what the parser asks of a requirement ----

function checkKey(key: string): void {
  const problems = checkQualifiedName(key);
  // The parser's own check of a key knows no path, which upstream prints so.
  if (problems.length > 0) throw new SelectorError(invalid('<nil>', key, problems.join('; ')).message);
}

function checkedRequirement(key: string, operator: SelectorOperator, given: Iterable<string>): Requirement {
  const values = sorted(given);
  const errors: FieldError[] = [];
  if ((operator === 'in' || operator === 'notin') && values.length === 0) {
    errors.push(invalid('values', values, "for 'in', 'notin' operators, values set can't be empty"));
  }
  if (operator === 'gt' || operator === 'lt') {
    for (const [i, value] of values.entries()) {
      if (!isInteger(value))
        errors.push(invalid(`values[${i}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer"));
    }
  }
  for (const [i, value] of values.entries()) {
    const problems = checkLabelValue(value);
    if (problems.length > 0) errors.push(invalid(`values[${i}][${key}]`, value, problems.join('; ')));
  }
  if (errors.length > 0) throw new SelectorError(aggregate(errors));
  return { key, operator, values };
}

/** Several errors as Go's aggregates print them. */
function aggregate(errors: readonly FieldError[]): string {
  const messages = [...new Set(errors.map(error => error.message))];
  return messages.length === 1 ? messages[0]! : `[${messages.join(', ')}]`;
}

// ---- field selectors ----

export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/**
 * Reads the text form of a field selector: `metadata.name=a,status.phase!=Running`; `\\`, `\,` and `\=` stand for
 * themselves in values. The empty text selects everything. Mirrors `fields.ParseSelector`.
 * @throws SelectorError
 */
export function parseFieldSelector(text: string): FieldRequirement[] {
  return splitTerms(text)
    .sort()
    .filter(term => term !== '')
    .map(term => {
      const parts = /^([^=!]*(?:!(?!=)[^=!]*)*)(!=|==|=)(.*)$/s.exec(term);
      if (!parts) throw new SelectorError(`invalid selector: '${text}'; can't understand '${term}'`);
      return { field: parts[1]!, operator: parts[2] === '!=' ? '!=' : '=', value: unescapeValue(parts[3]!) };
    });
}

/** Splits at commas that no backslash escapes. */
function splitTerms(text: string): string[] {
  return text.match(/(?:\\[\s\S]|[^,\\]|\\$)+/g) ?? [];
}

function unescapeValue(value: string): string {
  let result = '';
  for (let i = 0; i < value.length; i++) {
    const c = value[i]!;
    if (c === '\\') {
      const next = value[++i] ?? '';
      if (next === '' || !'\\,='.includes(next))
        throw new SelectorError(`invalid field selector: invalid escape sequence: \\${next}`);
      result += next;
    } else if (c === ',' || c === '=') {
      // Upstream prints the number of the character.
      throw new SelectorError(`invalid field selector: unescaped character in value: ${c.charCodeAt(0)}`);
    } else result += c;
  }
  return result;
}
