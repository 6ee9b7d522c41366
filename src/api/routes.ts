import type { AnyDefinition } from '../registry/types.js';
import { isCustom, type Subresource, type Verb } from '../resources/definition.js';
import type { KindTable } from '../resources/kind-table.js';
import type { ResourceAttributes } from '../resources/policy-rules.js';

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

/** What is done to a target, for those who decide by rules about resources. */
export function attributesOf({ definition, namespace, name, subresource }: Target, verb: string): ResourceAttributes {
  const isNamespace = definition.plural === 'namespaces' && definition.group === '';
  return {
    verb,
    group: definition.group,
    resource: definition.plural,
    subresource: subresource?.name ?? '',
    // A namespace counts as being in itself, so that its own roles can speak of it.
    namespace: isNamespace ? name : namespace,
    name,
  };
}

/** What is asked for by this method at this path; undefined if the method means nothing there. */
export function verbOf(method: string, { definition, namespace, name, subresource, watch }: Target): Verb | undefined {
  if (watch) return method === 'GET' ? 'watch' : undefined;
  if (name === '' && !subresource) {
    if (method === 'GET') return 'list';
    // Across namespaces there is nothing to do but to list.
    if (definition.namespaced && namespace === '') return undefined;
    return method === 'POST' ? 'create' : method === 'DELETE' ? 'deletecollection' : undefined;
  }
  switch (method) {
    case 'GET':
      return 'get';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return 'delete';
    case 'POST':
      return subresource ? 'create' : undefined;
    default:
      return undefined;
  }
}

/** An API group in one of its versions. */
export interface GroupVersion {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
}

/** An object, as a path names it. */
interface Parent {
  readonly definition: AnyDefinition;
  readonly name: string;
}

/** A path in its parts. */
interface Place extends Omit<Target, 'definition' | 'subresource'> {
  /** Undefined if there is no such kind. */
  readonly definition: AnyDefinition | undefined;
  readonly plural: string;
  /** What stands behind the name. */
  readonly sub: readonly string[];
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

  /** Whether there is such a group, in any version, that clients have not defined. */
  isBuiltIn(group: string): boolean {
    return this.kinds.all().some(definition => definition.group === group && !isCustom(definition));
  }

  /**
   * Reads the path below a group version.
   * @param at index of the first segment after the group version.
   * @returns undefined if no resource is there.
   */
  target(groupVersion: GroupVersion, segments: readonly string[], at: number): Target | undefined {
    const place = this.#place(groupVersion, segments, at);
    if (!place) return undefined;
    const { definition, namespace, plural, sub, ...rest } = place;
    if (!definition)
      return plural === 'bindings' && rest.name === ''
        ? postedBinding(this.kinds.byPath(groupVersion.group, groupVersion.version, 'pods'), namespace)
        : undefined;
    if (sub.length === 0) return { definition, namespace, ...rest, subresource: undefined };
    const found = subresource(definition, sub[0]!);
    // What is handed on into the cluster has a path of its own.
    if (!found || (sub.length > 1 && found.name !== 'proxy')) return undefined;
    return { definition, namespace, ...rest, subresource: found };
  }

  /** The object of a custom kind whose path goes on to a subresource that the kind has not. */
  parent(groupVersion: GroupVersion, segments: readonly string[], at: number): Parent | undefined {
    const { definition, name = '', sub = [] } = this.#place(groupVersion, segments, at) ?? {};
    return definition && isCustom(definition) && sub.length > 0 ? { definition, name } : undefined;
  }

  #place({ group, version }: GroupVersion, segments: readonly string[], at: number): Place | undefined {
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
    const [plural = '', name = '', ...sub] = segments.slice(i);
    const definition = find(plural);
    // A namespaced kind can be listed across namespaces, and nothing else.
    if (definition && definition.namespaced !== inside && (inside || name !== '')) return undefined;
    return { definition, namespace, plural, name, sub, watch };
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
