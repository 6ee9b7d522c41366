import { compareText } from '../resources/compare.js';
import type { KubeObject } from '../resources/types.js';
import type { Entry } from '../store/entry.js';

/** The same name in two worlds. At least one of them has it. */
export interface Pair<T extends KubeObject> {
  readonly before: Entry<T> | undefined;
  readonly after: Entry<T> | undefined;
}

/** Goes through two lists of one kind, both in the registry's order, and pairs what has the same namespace and name. */
export function* sideBySide<T extends KubeObject>(
  before: readonly Entry<T>[],
  after: readonly Entry<T>[],
): Iterable<Pair<T>> {
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [a, b] = [before[i], after[j]];
    const order = !a ? 1 : !b ? -1 : a === b ? 0 : compareKeys(a, b);
    if (order <= 0) i++;
    if (order >= 0) j++;
    yield { before: order <= 0 ? a : undefined, after: order >= 0 ? b : undefined };
  }
}

const compareKeys = (a: Entry, b: Entry): number =>
  compareText(`${a.namespace}/`, `${b.namespace}/`) || compareText(a.name, b.name);
