/**
 * A set of field paths, in the very form of FieldsV1: a tree keyed by path elements (`f:spec`, `k:{"name":"x"}`, `v:"a"`, `i:0`).
 * A node is in the set if it has no children or carries the mark `.`; nodes on the way to a member need not be in it.
 * The root stands for the object and is never a member: `{}` at the root is the empty set.
 */
export interface FieldSet {
  readonly [element: string]: FieldSet;
}

interface MutableFieldSet {
  [element: string]: MutableFieldSet;
}

const SELF = '.';
export const EMPTY_SET: FieldSet = {};

export function isEmptySet(set: FieldSet): boolean {
  for (const _ in set) return false;
  return true;
}

/** Whether the node itself is in its set. */
export function isMember(node: FieldSet): boolean {
  return SELF in node || isEmptySet(node);
}

/** The node's children: its keys but for the mark. */
export function* childrenOf(node: FieldSet): Generator<[element: string, child: FieldSet]> {
  for (const element in node) if (element !== SELF) yield [element, node[element]!];
}

/** Builds a set path by path. */
export class FieldSetBuilder {
  readonly #root: MutableFieldSet = {};

  insert(path: readonly string[]): void {
    if (path.length === 0) return;
    let node = this.#root;
    for (let i = 0; i < path.length; i++) {
      const element = path[i]!;
      const last = i === path.length - 1;
      const known = node[element];
      if (!known) node = node[element] = {};
      else {
        // A node that gets its first child, or a parent that becomes a member, must be marked.
        if (last !== isEmptySet(known)) known[SELF] = {};
        node = known;
      }
    }
  }

  get set(): FieldSet {
    return this.#root;
  }
}

/** A node made of its parts; `undefined` where nothing is left of it. */
function node(member: boolean, children: MutableFieldSet): FieldSet | undefined {
  if (isEmptySet(children)) return member ? {} : undefined;
  return member ? { [SELF]: {}, ...children } : children;
}

/** Applies `combine` to two sets, node by node: it says whether a path stays that is in one, the other or both. */
function combine(a: FieldSet, b: FieldSet, keep: (inA: boolean, inB: boolean) => boolean): FieldSet {
  const walk = (x: FieldSet | undefined, y: FieldSet | undefined, root: boolean): FieldSet | undefined => {
    const children: MutableFieldSet = {};
    const visit = (element: string) => {
      const child = walk(x?.[element], y?.[element], false);
      if (child) children[element] = child;
    };
    if (x) for (const [element] of childrenOf(x)) visit(element);
    if (y) for (const [element] of childrenOf(y)) if (!x || !(element in x)) visit(element);
    return node(!root && keep(x !== undefined && isMember(x), y !== undefined && isMember(y)), children);
  };
  return walk(a, b, true) ?? EMPTY_SET;
}

/** Paths in `a` or `b`. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(b)) return a;
  if (isEmptySet(a)) return b;
  return combine(a, b, (inA, inB) => inA || inB);
}

/** Paths in `a` and `b`. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a) || isEmptySet(b)) return EMPTY_SET;
  return combine(a, b, (inA, inB) => inA && inB);
}

/** Paths in `a` that are not in `b`; what is below a path of `b` stays. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a) || isEmptySet(b)) return a;
  return combine(a, b, (inA, inB) => inA && !inB);
}

/** Paths in `a` that are neither in `b` nor below a path of `b`. */
export function without(a: FieldSet, b: FieldSet): FieldSet {
  const walk = (x: FieldSet, y: FieldSet, root: boolean): FieldSet | undefined => {
    const children: MutableFieldSet = {};
    for (const [element, child] of childrenOf(x)) {
      const other = y[element];
      const kept = !other ? child : isMember(other) ? undefined : walk(child, other, false);
      if (kept) children[element] = kept;
    }
    return node(!root && isMember(x), children);
  };
  return isEmptySet(b) ? a : (walk(a, b, true) ?? EMPTY_SET);
}

export function equalSets(a: FieldSet, b: FieldSet): boolean {
  const walk = (x: FieldSet, y: FieldSet): boolean => {
    if (x === y) return true;
    const keys = Object.keys(x);
    return keys.length === Object.keys(y).length && keys.every(key => key in y && walk(x[key]!, y[key]!));
  };
  return walk(a, b);
}

/** Marks the nodes for which `named` says so: fields of structs that stand on the way to members. */
export function withMembers(set: FieldSet, isNamed: (path: readonly string[]) => boolean): FieldSet {
  const path: string[] = [];
  const walk = (x: FieldSet, root: boolean): FieldSet => {
    const children: MutableFieldSet = {};
    for (const [element, child] of childrenOf(x)) {
      path.push(element);
      children[element] = walk(child, false);
      path.pop();
    }
    return node(!root && (isMember(x) || isNamed(path)), children) ?? {};
  };
  return walk(set, true);
}

/** A set as FieldsV1 with its elements in upstream's order. */
export function canonical(set: FieldSet): FieldSet {
  const keys = Object.keys(set);
  if (keys.length === 0) return set;
  const sorted = [...keys].sort(compareElements);
  const result: MutableFieldSet = {};
  for (const key of sorted) result[key] = canonical(set[key]!) as MutableFieldSet;
  return result;
}

/** The mark first, then fields by name, list elements by key, by value, by index. */
function compareElements(a: string, b: string): number {
  const rank = (element: string) => '.fkvi'.indexOf(element[0]!);
  if (a[0] !== b[0]) return rank(a) - rank(b);
  if (a[0] === 'i') return Number(a.slice(2)) - Number(b.slice(2));
  return a < b ? -1 : a > b ? 1 : 0;
}

// ---- path elements ----

export const fieldElement = (name: string) => `f:${name}`;
export const valueElement = (value: unknown) => `v:${JSON.stringify(value)}`;

/** `k:{"containerPort":80,"protocol":"TCP"}`: keys in order. */
export function keyElement(keys: Readonly<Record<string, unknown>>): string {
  return `k:${JSON.stringify(Object.fromEntries(Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1))))}`;
}

/** Every path in the set: members of a node before what is deeper, each level in order. */
export function pathsOf(set: FieldSet): string[][] {
  const paths: string[][] = [];
  const walk = (x: FieldSet, prefix: string[]) => {
    const elements = [...childrenOf(x)].sort(([a], [b]) => compareElements(a, b));
    for (const [element, child] of elements) if (isMember(child)) paths.push([...prefix, element]);
    for (const [element, child] of elements) walk(child, [...prefix, element]);
  };
  walk(set, []);
  return paths;
}

/** A path as messages show it: `.spec.containers[name="x"].image`. */
export function pathText(path: readonly string[]): string {
  return path.map(elementText).join('');
}

function elementText(element: string): string {
  const text = element.slice(2);
  switch (element[0]) {
    case 'f':
      return `.${text}`;
    case 'k': {
      const keys = Object.entries(JSON.parse(text) as Record<string, unknown>);
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
    }
    case 'v':
      return `[=${text}]`;
    default:
      return `[${text}]`;
  }
}
