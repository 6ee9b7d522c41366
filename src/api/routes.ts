import type { AnyDefinition } from '../registry/types.js';
import { apiVersionOf, type Subresource } from '../resources/definition.js';

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

/** The group versions that are served, and how their paths are read. Nothing in here knows a kind. */
export class Routes {
  /** `apps/v1` → plural → definition. */
  readonly #versions = new Map<string, Map<string, AnyDefinition>>();

  constructor(kinds: Iterable<AnyDefinition>) {
    for (const definition of kinds) {
      const version = apiVersionOf(definition);
      let resources = this.#versions.get(version);
      if (!resources) {
        resources = new Map();
        this.#versions.set(version, resources);
      }
      resources.set(definition.plural, definition);
    }
  }

  /** `v1`, `apps/v1`, … in the order of the table. */
  groupVersions(): string[] {
    return [...this.#versions.keys()];
  }

  /** The definitions of one group version, by plural; empty if it is not served. */
  resources(groupVersion: string): AnyDefinition[] {
    return [...(this.#versions.get(groupVersion)?.values() ?? [])].sort((a, b) => (a.plural < b.plural ? -1 : 1));
  }

  serves(groupVersion: string): boolean {
    return this.#versions.has(groupVersion);
  }

  /**
   * Reads the path below a group version.
   * @param at index of the first segment after the group version.
   * @returns undefined if no resource is there.
   */
  target(groupVersion: string, segments: readonly string[], at: number): Target | undefined {
    const resources = this.#versions.get(groupVersion);
    if (!resources) return undefined;
    const watch = segments[at] === 'watch';
    let i = watch ? at + 1 : at;

    let namespace = '';
    // `namespaces/x/pods` is inside of a namespace, `namespaces/x` and `namespaces/x/status` are the namespace itself.
    const inside =
      segments[i] === 'namespaces' &&
      segments.length > i + 2 &&
      !isSubresource(resources.get('namespaces'), segments[i + 2]!);
    if (inside) {
      namespace = segments[i + 1]!;
      i += 2;
    }
    const plural = segments[i];
    const name = segments[i + 1] ?? '';
    const sub = segments[i + 2] ?? '';
    if (segments.length > i + 3) return undefined;

    const definition =
      resources.get(plural ?? '') ?? (sub === '' && name === '' ? posted(resources, plural) : undefined);
    if (!definition || definition.namespaced !== inside) {
      // A namespaced kind can be listed across namespaces, and nothing else.
      if (!definition?.namespaced || inside || name !== '') return undefined;
    }
    if (definition.plural !== plural) {
      return { definition, namespace, name, subresource: subresource(definition, plural!.slice(0, -1)), watch };
    }
    if (sub === '') return { definition, namespace, name, subresource: undefined, watch };
    const found = subresource(definition, sub);
    return found && { definition, namespace, name, subresource: found, watch };
  }
}

/** `POST …/bindings` is an older way to say `POST …/pods/{name}/binding`: the name is in the body. */
function posted(resources: Map<string, AnyDefinition>, plural: string | undefined): AnyDefinition | undefined {
  return plural === 'bindings' ? resources.get('pods') : undefined;
}

function isSubresource(definition: AnyDefinition | undefined, name: string): boolean {
  return definition !== undefined && subresource(definition, name) !== undefined;
}

function subresource(definition: AnyDefinition, name: string): Subresource | undefined {
  return definition.subresources.find(s => s.name === name);
}
