import type { AnyDefinition } from '../registry/types.js';
import type { Subresource } from '../resources/definition.js';
import type { KindTable } from '../resources/kind-table.js';

/** What the path of a request names. */
export interface Target {
  readonly definition: AnyDefinition;
  /** Empty for cluster-scoped kinds and for all namespaces. */
  readonly namespace: string;
  /** Empty for a collection. */
  readonly name: string;
  readonly subresource: Subresource | undefined;
  /** The old form of watching: `/api/v1/watch/…`. */
  readonly watch: boolean;
}

/** An API group in one of its versions. */
export interface GroupVersion {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
}

/** How paths are read. Nothing in here knows a kind: all follows from the table, which may change at any time. */
export class Routes {
  constructor(readonly kinds: KindTable) {}

  /** The group versions that are served, in the order of the table. */
  groupVersions(): GroupVersion[] {
    const found = new Map(this.listed().map(({ group, version }) => [`${group}/${version}`, { group, version }]));
    return [...found.values()];
  }

  /** The definitions of one group version, by plural; empty if it is not served. */
  resources({ group, version }: GroupVersion): AnyDefinition[] {
    const found = this.listed().filter(d => d.group === group && d.version === version);
    return found.sort((a, b) => (a.plural < b.plural ? -1 : 1));
  }

  /** What clients are told of. */
  listed(): AnyDefinition[] {
    return this.kinds.all().filter(({ unlisted }) => !unlisted);
  }

  /** Whether there is such a group, in any version. */
  serves(group: string): boolean {
    return this.kinds.all().some(definition => definition.group === group);
  }

  /**
   * Reads the path below a group version.
   * @param at index of the first segment after the group version.
   * @returns undefined if no resource is there.
   */
  target({ group, version }: GroupVersion, segments: readonly string[], at: number): Target | undefined {
    const find = (plural: string) => this.kinds.byPath(group, version, plural);
    const watch = segments[at] === 'watch';
    let i = watch ? at + 1 : at;

    let namespace = '';
    // `namespaces/x/pods` is inside of a namespace, `namespaces/x` and `namespaces/x/status` are the namespace itself.
    const inside =
      segments[i] === 'namespaces' && segments.length > i + 2 && !isSubresource(find('namespaces'), segments[i + 2]!);
    if (inside) {
      namespace = segments[i + 1]!;
      i += 2;
    }
    const plural = segments[i] ?? '';
    const name = segments[i + 1] ?? '';
    const sub = segments[i + 2] ?? '';
    // What is handed on into the cluster has a path of its own.
    if (segments.length > i + 3 && sub !== 'proxy') return undefined;

    const definition = find(plural);
    if (!definition) return plural === 'bindings' && name === '' ? postedBinding(find('pods'), namespace) : undefined;
    // A namespaced kind can be listed across namespaces, and nothing else.
    if (definition.namespaced !== inside && (inside || name !== '')) return undefined;
    if (sub === '') return { definition, namespace, name, subresource: undefined, watch };
    const found = subresource(definition, sub);
    return found && { definition, namespace, name, subresource: found, watch };
  }
}

/** `POST …/bindings` is an older way to say `POST …/pods/{name}/binding`: the name is in the body. */
function postedBinding(pods: AnyDefinition | undefined, namespace: string): Target | undefined {
  const binding = pods && subresource(pods, 'binding');
  return binding && { definition: pods, namespace, name: '', subresource: binding, watch: false };
}

function isSubresource(definition: AnyDefinition | undefined, name: string): boolean {
  return definition !== undefined && subresource(definition, name) !== undefined;
}

function subresource(definition: AnyDefinition, name: string): Subresource | undefined {
  return definition.subresources.find(s => s.name === name);
}
