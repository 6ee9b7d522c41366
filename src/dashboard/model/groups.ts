import type { Filter } from './filter.js';
import { compareNames } from './names.js';
import { imaginedRow, type Picture, type Row, UNBOUND } from './picture.js';

/** Nodes that have a label's value in common, and the groups of the next layer within. */
export interface Group {
  /** The values from the outermost layer to this: keys of what is folded, and what `aria-label`s say. */
  readonly path: readonly string[];
  /** The label, and the value that its nodes have; undefined where they have none. */
  readonly label: string;
  readonly value: string | undefined;
  readonly groups: readonly Group[];
  /** Nodes that are not there yet, but would be. */
  readonly isNew?: true;
  /** All nodes within, those of the groups in it too, in the order of the map. */
  readonly rows: readonly Row[];
}

/** The picture's nodes that pass a filter. */
export const fitting = (picture: Picture, filter: Filter | undefined): Row[] =>
  [...picture.rows.values()].filter(row => row.name !== UNBOUND && (!filter || filter(row)));

/** The picture's nodes that pass the filter, in groups by labels, layer by layer; one group of all without labels. */
export function arrange(picture: Picture, filter: Filter | undefined, labels: readonly string[]): Group {
  const rows = fitting(picture, filter);
  rows.sort((a, b) => compareNames(a.name, b.name));
  return { path: [], label: '', value: undefined, ...layer(rows, labels, []) };
}

function layer(
  rows: readonly Row[],
  labels: readonly string[],
  path: readonly string[],
): Pick<Group, 'groups' | 'rows'> {
  const [label, ...inner] = labels;
  if (label === undefined) return { groups: [], rows };
  const byValue = new Map<string | undefined, Row[]>();
  for (const row of rows) {
    const value = row.facts.metadata.labelMap[label];
    const group = byValue.get(value);
    if (group) group.push(row);
    else byValue.set(value, [row]);
  }
  // A label that nobody has is no division.
  if (byValue.size === 1 && byValue.has(undefined)) return layer(rows, inner, path);
  const groups = [...byValue]
    .sort(([a], [b]) => (a === undefined ? 1 : b === undefined ? -1 : compareNames(a, b)))
    .map(([value, members]): Group => {
      const inside = [...path, value ?? ''];
      return { path: inside, label, value, ...layer(members, inner, inside) };
    });
  return { groups, rows: groups.flatMap(group => group.rows) };
}

/** Whether two arrangements have the same nodes in the same order, and the same groups. */
export function isSameArrangement(a: Group, b: Group): boolean {
  return (
    a === b ||
    (a.label === b.label &&
      a.value === b.value &&
      a.rows.length === b.rows.length &&
      a.rows.every((row, i) => row === b.rows[i]) &&
      a.groups.length === b.groups.length &&
      a.groups.every((group, i) => isSameArrangement(group, b.groups[i]!)))
  );
}

/** The same with nodes that would be there, at its end. */
export function withNew(root: Group, names: readonly string[]): Group {
  if (names.length === 0) return root;
  const rows = [...names].sort(compareNames).map(imaginedRow);
  const groups = root.groups.length > 0 ? [...root.groups, { ...EMPTY, path: ['+'], isNew: true as const, rows }] : [];
  return { ...root, groups, rows: [...root.rows, ...rows] };
}

const EMPTY: Group = { path: [], label: '', value: undefined, groups: [], rows: [] };

/** Whether a group is among the folded ones: a set of paths. */
export const isFolded = (folded: ReadonlySet<string>, group: Group): boolean => folded.has(keyOf(group));

/** The same, but that this group is folded if it was not. */
export function toggled(folded: ReadonlySet<string>, group: Group): ReadonlySet<string> {
  const next = new Set(folded);
  if (!next.delete(keyOf(group))) next.add(keyOf(group));
  return next;
}

const keyOf = (group: Group) => group.path.join('/');

/** The labels that nodes can be grouped by, those with few values first. */
export function groupableLabels(picture: Picture): string[] {
  const values = new Map<string, Set<string>>();
  for (const { facts } of picture.rows.values()) {
    for (const [key, value] of Object.entries(facts.metadata.labelMap)) {
      let set = values.get(key);
      if (!set) values.set(key, (set = new Set()));
      if (set.size <= MOST_GROUPS) set.add(value);
    }
  }
  return [...values]
    .filter(([, set]) => set.size <= MOST_GROUPS)
    .sort(([a, x], [b, y]) => x.size - y.size || compareNames(a, b))
    .map(([key]) => key);
}

/** A label with more values than this makes no groups, but a list of nodes. */
const MOST_GROUPS = 200;
