import { addQuantities, formatQuantity, type Quantity, readQuantity } from './quantity.js';
import type { ResourceList } from './types.js';

/** Amounts by resource, to be reckoned with exactly. Nothing here changes what it is given. */
export type Quantities = ReadonlyMap<string, Quantity>;

export const NO_QUANTITIES: Quantities = new Map();

/** A list as objects have it. */
export function quantitiesOf(list: Readonly<ResourceList> | undefined): Quantities {
  const result = new Map<string, Quantity>();
  for (const name in list) result.set(name, readQuantity(list[name]!));
  return result;
}

/** As objects have it: names in order, amounts in their canonical form. */
export function toResourceList(quantities: Quantities): ResourceList {
  return Object.fromEntries([...quantities.keys()].sort().map(name => [name, formatQuantity(quantities.get(name)!)]));
}

/** Both together: of a resource that only one has, as much as that has. */
export const sum = (a: Quantities, b: Quantities): Quantities => combined(a, b, addQuantities);

/** The larger amount of each resource. */
export const larger = (a: Quantities, b: Quantities): Quantities => combined(a, b, (x, y) => (y.nano > x.nano ? y : x));

/** What `a` has more than `b`, and never less than nothing. */
export function excess(a: Quantities, b: Quantities): Quantities {
  const result = new Map<string, Quantity>();
  for (const [name, { nano, format }] of a) {
    const left = nano - (b.get(name)?.nano ?? 0n);
    if (left > 0n) result.set(name, { nano: left, format });
  }
  return result;
}

/** Only the resources that `isWanted`. */
export const masked = (quantities: Quantities, isWanted: (name: string) => boolean): Quantities =>
  new Map([...quantities].filter(([name]) => isWanted(name)));

function combined(a: Quantities, b: Quantities, combine: (x: Quantity, y: Quantity) => Quantity): Quantities {
  if (b.size === 0) return a;
  const result = new Map(a);
  for (const [name, quantity] of b) {
    const other = a.get(name);
    result.set(name, other ? combine(other, quantity) : quantity);
  }
  return result;
}
