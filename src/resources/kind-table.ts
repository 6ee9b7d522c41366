import { apiVersionOf, qualifiedName, type ResourceDefinition } from './definition.js';

const kindKey = (apiVersion: string, kind: string) => `${apiVersion} ${kind}`;
const pathKey = (group: string, version: string, plural: string) => `${group}/${version}/${plural}`;

/** The kinds that are served; grows and shrinks at run time. */
export class KindTable {
  readonly #byResource = new Map<string, ResourceDefinition>();
  readonly #byKind = new Map<string, ResourceDefinition>();
  readonly #byPath = new Map<string, ResourceDefinition>();

  constructor(definitions: Iterable<ResourceDefinition> = []) {
    for (const definition of definitions) this.add(definition);
  }

  /** @throws Error if the resource or the kind is served already */
  add(definition: ResourceDefinition): void {
    const { group, version, kind, plural } = definition;
    const resource = qualifiedName(definition);
    const key = kindKey(apiVersionOf(definition), kind);
    if (this.#byResource.has(resource) || this.#byKind.has(key)) throw new Error(`${resource} is served already`);
    this.#byResource.set(resource, definition);
    this.#byKind.set(key, definition);
    this.#byPath.set(pathKey(group, version, plural), definition);
  }

  /** Takes a kind out; nothing happens if it is not there. */
  remove(definition: ResourceDefinition): void {
    const { group, version, kind, plural } = definition;
    if (this.#byResource.get(qualifiedName(definition)) !== definition) return;
    this.#byResource.delete(qualifiedName(definition));
    this.#byKind.delete(kindKey(apiVersionOf(definition), kind));
    this.#byPath.delete(pathKey(group, version, plural));
  }

  /** By qualified name: `pods`, `daemonsets.apps`. */
  byResource(name: string): ResourceDefinition | undefined {
    return this.#byResource.get(name);
  }

  byKind(apiVersion: string, kind: string): ResourceDefinition | undefined {
    return this.#byKind.get(kindKey(apiVersion, kind));
  }

  /** By the parts of a request's path; the core group is the empty string. */
  byPath(group: string, version: string, plural: string): ResourceDefinition | undefined {
    return this.#byPath.get(pathKey(group, version, plural));
  }

  /** In the order in which they were added. */
  all(): ResourceDefinition[] {
    return [...this.#byResource.values()];
  }
}
