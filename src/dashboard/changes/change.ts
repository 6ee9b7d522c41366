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

/** What each change needs to know. */
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
  readonly pauseRollout: Named;
  readonly resumeRollout: Named;
  readonly setImage: Named & { readonly container: string; readonly image: string };
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

/** All of them; the type sees to it that none is left out. */
const VERBS: Readonly<Record<Verb, true>> = {
  apply: true,
  patch: true,
  delete: true,
  label: true,
  annotate: true,
  taint: true,
  untaint: true,
  cordon: true,
  uncordon: true,
  drain: true,
  restartRollout: true,
  undoRollout: true,
  pauseRollout: true,
  resumeRollout: true,
  setImage: true,
  scale: true,
  scaleNodes: true,
};

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
    Object.hasOwn(VERBS, entries[0]![0]) &&
    typeof entries[0]![1] === 'object' &&
    entries[0]![1] !== null
  );
}
