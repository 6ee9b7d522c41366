/** A label or annotation to be set; null removes it. */
export interface Entry {
  readonly key: string;
  readonly value: string | null;
}

interface Named {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** What each change needs to know: the arguments of the mutation of that name. */
interface Arguments {
  readonly apply: { readonly manifests: string; readonly force?: boolean };
  readonly patch: Named & { readonly type: 'MERGE' | 'STRATEGIC' | 'JSON'; readonly patch: unknown };
  readonly delete: Named & {
    readonly gracePeriod?: number;
    readonly propagation?: 'BACKGROUND' | 'FOREGROUND' | 'ORPHAN';
  };
  readonly label: Named & { readonly labels: readonly Entry[]; readonly overwrite?: boolean };
  readonly annotate: Named & { readonly annotations: readonly Entry[]; readonly overwrite?: boolean };
  readonly taint: { readonly node: string; readonly taints: readonly string[]; readonly overwrite?: boolean };
  readonly untaint: { readonly node: string; readonly taints: readonly string[] };
  readonly cordon: { readonly node: string };
  readonly uncordon: { readonly node: string };
  readonly drain: { readonly node: string; readonly force?: boolean; readonly deleteEmptyDirData?: boolean };
  readonly restartRollout: Named;
  readonly undoRollout: Named & { readonly toRevision?: number };
  readonly scale: Named & { readonly replicas: number };
  readonly scaleNodes: {
    readonly pool: string;
    readonly add?: number;
    readonly remove?: number;
    readonly labels?: readonly Entry[];
    readonly taints?: readonly string[];
  };
}

export type Verb = keyof Arguments;

/** One change to a cluster, as `ChangeInput` of the graph: under one of its verbs, what that verb needs to know. */
export type Change = { [V in Verb]: { readonly [K in V]: Arguments[V] } }[Verb];

/** A change taken apart, in a form that a `switch` over the verb understands. */
type Told = { [V in Verb]: { readonly verb: V; readonly what: Arguments[V] } }[Verb];

export function told(change: Change): Told {
  const [verb, what] = Object.entries(change)[0]!;
  return { verb, what } as Told;
}

const NAMED = { kind: 'String!', namespace: 'String!', name: 'String!' };

/** The arguments of each mutation, with their types. */
const TYPES: { readonly [V in Verb]: Readonly<Record<keyof Required<Arguments[V]>, string>> } = {
  apply: { manifests: 'String!', force: 'Boolean!' },
  patch: { ...NAMED, type: 'PatchType!', patch: 'JSON!' },
  delete: { ...NAMED, gracePeriod: 'Int', propagation: 'DeletePropagation' },
  label: { ...NAMED, labels: '[EntryInput!]!', overwrite: 'Boolean!' },
  annotate: { ...NAMED, annotations: '[EntryInput!]!', overwrite: 'Boolean!' },
  taint: { node: 'String!', taints: '[String!]!', overwrite: 'Boolean!' },
  untaint: { node: 'String!', taints: '[String!]!' },
  cordon: { node: 'String!' },
  uncordon: { node: 'String!' },
  drain: { node: 'String!', force: 'Boolean!', deleteEmptyDirData: 'Boolean!' },
  restartRollout: NAMED,
  undoRollout: { ...NAMED, toRevision: 'Int' },
  scale: { ...NAMED, replicas: 'Int!' },
  scaleNodes: { pool: 'String!', add: 'Int', remove: 'Int', labels: '[EntryInput!]!', taints: '[String!]!' },
};

export const VERBS = Object.keys(TYPES) as readonly Verb[];

/** The mutation that carries a change out. */
export function mutationOf(change: Change): { query: string; variables: Readonly<Record<string, unknown>> } {
  const { verb, what } = told(change);
  const types: Readonly<Record<string, string>> = TYPES[verb];
  const given = Object.entries(what).filter(([name, value]) => value !== undefined && name in types);
  const declared = given.map(([name]) => `$${name}: ${types[name]}`).join(', ');
  const passed = given.map(([name]) => `${name}: $${name}`).join(', ');
  const answer =
    verb === 'drain'
      ? 'drained steps { namespace pod outcome message }'
      : 'warnings changes { outcome message object { kind name metadata { namespace } } }';
  return {
    query: `mutation Change(${declared}) {\n  ${verb}(${passed}) { ${answer} }\n}`,
    variables: Object.fromEntries(given),
  };
}

/** Changes as a URL holds them; undefined for none. */
export const writeChanges = (changes: readonly Change[]): string | undefined =>
  changes.length > 0 ? JSON.stringify(changes) : undefined;

/** Reads changes from a URL. What is none is left out. */
export function readChanges(text: string | undefined): readonly Change[] {
  if (!text) return [];
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter(isChange) : [];
  } catch {
    return [];
  }
}

function isChange(value: unknown): value is Change {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  return (
    entries.length === 1 &&
    VERBS.includes(entries[0]![0] as Verb) &&
    typeof entries[0]![1] === 'object' &&
    entries[0]![1] !== null
  );
}
