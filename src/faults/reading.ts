import { parseDuration } from '../clock/duration.js';
import { isObject, type JsonObject } from '../resources/json.js';

/** A rule that makes no sense: says where, what would do, and what stands there. */
export class RuleError extends TypeError {
  constructor(
    readonly path: string,
    wanted: string,
    value?: unknown,
  ) {
    super(`${path} must be ${wanted}${value === undefined ? '' : `, not ${JSON.stringify(value)}`}`);
    this.name = 'RuleError';
  }
}

/** Whether a value will do, and what would; or a check that throws a {@link RuleError} which says that. */
export type Form =
  | readonly [fits: (value: unknown) => boolean, wanted: string]
  | ((value: unknown, path: string) => void);

const isText = (value: unknown): value is string => typeof value === 'string';
const isFilled = (value: unknown): boolean => isText(value) && value !== '';
const isCount = (value: unknown): boolean => isWhole(value) && value >= 1;
const isWhole = (value: unknown): value is number => Number.isInteger(value);

export const TEXT: Form = [isFilled, 'a text'];
export const BOOLEAN: Form = [value => typeof value === 'boolean', 'true or false'];
export const COUNT: Form = [isCount, 'a whole number from 1'];
export const COUNTS: Form = [
  value => isCount(value) || (Array.isArray(value) && value.length > 0 && value.every(isCount)),
  'a whole number from 1, or a list of these',
];
export const SHARE: Form = [
  value => typeof value === 'number' && value >= 0 && value <= 1,
  'a share from 0 to 1, such as 0.3',
];
export const SECONDS: Form = [value => isWhole(value) && value >= 0, 'a whole number of seconds'];
export const DURATION: Form = [
  value => isText(value) && parseDuration(value) !== undefined,
  'a duration such as "200ms" or "1m30s"',
];
export const TEXTS: Form = [
  value => Array.isArray(value) && value.length > 0 && value.every(isFilled),
  'a list of texts',
];
export const oneOf = (...choices: readonly unknown[]): Form => [
  value => choices.includes(value),
  `one of ${choices.map(choice => JSON.stringify(choice)).join(', ')}`,
];

/** @throws RuleError if it will not do */
export function check(value: unknown, form: Form, path: string): void {
  if (typeof form === 'function') form(value, path);
  else if (!form[0](value)) throw new RuleError(path, form[1], value);
}

/** Looks through a map, so that nothing is overlooked for being spelt wrongly. @throws RuleError */
export function checkMap(value: unknown, known: Readonly<Record<string, Form>>, path: string): JsonObject {
  if (!isObject(value)) throw new RuleError(path, 'a map', value);
  for (const [key, given] of Object.entries(value)) {
    const at = path ? `${path}.${key}` : key;
    if (!Object.hasOwn(known, key)) {
      const there = Object.keys(known).join(', ');
      throw new RuleError(at, there ? `one of what there is: ${there}` : 'absent: there is nothing to be said of it');
    }
    if (given !== undefined) check(given, known[key]!, at);
  }
  return value;
}
