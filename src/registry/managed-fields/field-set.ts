import { compareText } from '../../resources/compare.js';
import { sortKeys } from '../../resources/json.js';
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
/** The set of no fields. */
export const EMPTY_SET: FieldSet = {};

/** Whether a node has no children: at the root, whether the set is empty. */
export function isEmptySet(set: FieldSet): boolean {
  for (const _ in set) return false;
  return true;
}

/** Whether the node itself is in its set. */
export function isMember(node: FieldSet): boolean {
  return SELF in node || isEmptySet(node);
}

/** The node's children: its keys but for the mark. */
function* childrenOf(node: FieldSet): Generator<[element: string, child: FieldSet]> {
  for (const element in node) if (element !== SELF) yield [element, node[element]!];
}

/** Builds a set path by path. */
export class FieldSetBuilder {
  readonly #root: MutableFieldSet = {};
  /** The path inserted last and the nodes along it: neighbours share most of the way. */
  readonly #path: string[] = [];
  readonly #nodes: MutableFieldSet[] = [this.#root];

  insert(path: readonly string[]): void {
    let depth = 0;
    while (depth < path.length - 1 && depth < this.#path.length && path[depth] === this.#path[depth]) depth++;
    let node = this.#nodes[depth]!;
    // A member that stood without children, and now gets its first, must be marked.
    if (depth > 0 && depth < path.length && isEmptySet(node)) node[SELF] = {};
    for (; depth < path.length; depth++) {
      const element = path[depth]!;
      const known = node[element];
      const last = depth === path.length - 1;
      if (!known) node = node[element] = {};
      else {
        if (last !== isEmptySet(known)) known[SELF] = {};
        node = known;
      }
      this.#path[depth] = element;
      this.#nodes[depth + 1] = node;
    }
    this.#path.length = path.length;
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

// The operations below walk only where both sets have a node, and share the rest.

/** Paths in `a` or `b`. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(b)) return a;
  if (isEmptySet(a)) return b;
  const walk = (x: FieldSet, y: FieldSet, root: boolean): FieldSet => {
    if (x === y) return x;
    const children: MutableFieldSet = {};
    for (const [element, child] of childrenOf(x)) {
      const other = y[element];
      children[element] = (other ? walk(child, other, false) : child) as MutableFieldSet;
    }
    for (const [element, child] of childrenOf(y)) if (!x[element]) children[element] = child as MutableFieldSet;
    return node(!root && (isMember(x) || isMember(y)), children) ?? EMPTY_SET;
  };
  return walk(a, b, true);
}

/** Paths in `a` and `b`. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const walk = (x: FieldSet, y: FieldSet, root: boolean): FieldSet | undefined => {
    const children: MutableFieldSet = {};
    for (const [element, child] of childrenOf(x)) {
      const both = y[element] && walk(child, y[element], false);
      if (both) children[element] = both as MutableFieldSet;
    }
    return node(!root && isMember(x) && isMember(y), children);
  };
  return walk(a, b, true) ?? EMPTY_SET;
}

/** Paths in `a` that are not in `b`; what is below a path of `b` stays. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a) || isEmptySet(b)) return a;
  return filter(a, b, (x, y) => isMember(x) && !isMember(y)) ?? EMPTY_SET;
}

/** Paths in `a` that are neither in `b` nor below a path of `b`. */
export function without(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a) || isEmptySet(b)) return a;
  return filter(a, b, (x, y) => (isMember(y) ? undefined : isMember(x))) ?? EMPTY_SET;
}

/**
 * `a` with its members kept where `keep` says so, in the nodes that `b` has too; `undefined` takes away the node with all below it.
 * The node itself where all stays.
 */
function filter(
  a: FieldSet,
  b: FieldSet,
  keep: (x: FieldSet, y: FieldSet) => boolean | undefined,
): FieldSet | undefined {
  const walk = (x: FieldSet, y: FieldSet, root: boolean): FieldSet | undefined => {
    const member = root ? false : keep(x, y);
    if (member === undefined) return undefined;
    const children: MutableFieldSet = {};
    let changed = !root && member !== isMember(x);
    for (const [element, child] of childrenOf(x)) {
      const kept = y[element] ? walk(child, y[element], false) : child;
      changed ||= kept !== child;
      if (kept) children[element] = kept as MutableFieldSet;
    }
    return changed ? node(member, children) : x;
  };
  return walk(a, b, true);
}

/** Whether two sets have the same members. */
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

/** A set as FieldsV1 with its elements in upstream's order; itself where they are. */
export function canonical(set: FieldSet): FieldSet {
  const keys = Object.keys(set);
  const inOrder = keys.every((key, i) => i === 0 || compareElements(keys[i - 1]!, key) <= 0);
  if (!inOrder) keys.sort(compareElements);
  const result: MutableFieldSet = {};
  let changed = !inOrder;
  for (const key of keys) {
    const child = canonical(set[key]!);
    changed ||= child !== set[key];
    result[key] = child as MutableFieldSet;
  }
  return changed ? result : set;
}

/** The mark first, then fields by name, list elements by key or value in the order of their text, or by index as numbers. */
function compareElements(a: string, b: string): number {
  if (a[0] === 'i' && b[0] === 'i') return Number(a.slice(2)) - Number(b.slice(2));
  return compareText(a, b);
}

// ---- path elements ----

/** `f:spec`: a field of a struct, or a key of a map. */
export const fieldElement = (name: string) => `f:${name}`;
/** `v:"a"`: an element of a set, by its value. */
export const valueElement = (value: unknown) => `v:${JSON.stringify(value)}`;

/** `k:{"containerPort":80,"protocol":"TCP"}`: keys in order. */
export function keyElement(keys: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(keys);
  return `k:${JSON.stringify(names.length > 1 ? sortKeys(keys) : keys)}`;
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
