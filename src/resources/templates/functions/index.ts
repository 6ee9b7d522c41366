import { BUILTIN } from './builtin.js';
import { COLLECTIONS } from './collections.js';
import type { TemplateFunction } from './function.js';
import { NUMBERS } from './numbers.js';
import { OTHERS } from './others.js';
import { STRINGS } from './strings.js';

export { checkArguments, type Environment, type TemplateFunction } from './function.js';

/** Every function that templates can call: Go's own, sprig's, and kwok's, by name. */
export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map(
  Object.entries({ ...STRINGS, ...NUMBERS, ...COLLECTIONS, ...OTHERS, ...BUILTIN }).map(([name, [params, call]]) => [
    name,
    { params, call },
  ]),
);

/** Functions that change a map in place. */
export const MUTATING: ReadonlySet<string> = new Set(['set', 'unset', 'merge', 'mergeOverwrite']);
