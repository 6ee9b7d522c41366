import { equalJson, isObject } from './json.js';

/** What is different at one place of two JSON values. */
export interface JsonDifference {
  /** `spec.template.spec.containers[name=main].image`, `metadata.labels["example.com/pool"]` */
  readonly path: string;
  /** Undefined: it was not there. */
  readonly before: unknown;
  /** Undefined: it is not there any more. */
  readonly after: unknown;
}

/** What items of a list are told apart by, where all have it and no two the same. */
const KEYS = ['name', 'type', 'uid', 'key', 'containerPort', 'port', 'ip', 'mountPath', 'topologyKey'] as const;

/** Nothing is told in more places than this: what is more different is told as a whole. */
const MOST = 200;

/**
 * What is different between two JSON values, by place, in the order of the fields. Items of lists are set against each other by their
 * name, type or other key, if they have one, and else by their number; what is missing is told as a whole.
 */
export function jsonDiff(before: unknown, after: unknown): JsonDifference[] {
  const found: JsonDifference[] = [];
  compare(before, after, '', found);
  return found.length > MOST ? [{ path: '', before, after }] : found;
}

function compare(before: unknown, after: unknown, path: string, found: JsonDifference[]): void {
  if (found.length > MOST || equalJson(before, after)) return;
  if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      compare(own(before, key), own(after, key), `${path}${step(key, path === '')}`, found);
    return;
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    compareLists(before, after, path, found);
    return;
  }
  found.push({ path, before, after });
}

function compareLists(before: readonly unknown[], after: readonly unknown[], path: string, found: JsonDifference[]) {
  const key = KEYS.find(name => tellsApart(before, name) && tellsApart(after, name));
  const named = (list: readonly unknown[]) =>
    new Map(
      list.map((item, i) => [key ? `${key}=${String((item as Record<string, unknown>)[key])}` : String(i), item]),
    );
  const [from, to] = [named(before), named(after)];
  const count = found.length;
  for (const place of new Set([...from.keys(), ...to.keys()]))
    compare(from.get(place), to.get(place), `${path}[${place}]`, found);
  // The same items in another order.
  if (found.length === count) found.push({ path, before, after });
}

const tellsApart = (list: readonly unknown[], key: string): boolean =>
  list.every(item => isObject(item) && ['string', 'number'].includes(typeof own(item, key))) &&
  new Set(list.map(item => (item as Record<string, unknown>)[key])).size === list.length;

const own = (object: Record<string, unknown>, key: string) => (Object.hasOwn(object, key) ? object[key] : undefined);

const step = (key: string, isFirst: boolean): string =>
  /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key) ? `${isFirst ? '' : '.'}${key}` : `[${JSON.stringify(key)}]`;
