import { apiVersionOf, qualifiedName, type ResourceDefinition } from './definition.js';

const kindKey = (apiVersion: string, kind: string) => `${apiVersion} ${kind}`;
const pathKey = (group: string, version: string, plural: string) => `${group}/${version}/${plural}`;

/** The kinds that are served, in each of their versions; grows and shrinks at run time. */
export class KindTable {
  /** The versions that are stored. */
  readonly #byResource = new Map<string, ResourceDefinition>();
  readonly #byKind = new Map<string, ResourceDefinition>();
  readonly #byPath = new Map<string, ResourceDefinition>();

  constructor(definitions: Iterable<ResourceDefinition> = []) {
    for (const definition of definitions) this.add(definition);
  }

  /** @throws Error if the resource, the kind or its path is served already */
  add(definition: ResourceDefinition): void {
    const { group, version, kind, plural } = definition;
    const resource = qualifiedName(definition);
    const key = kindKey(apiVersionOf(definition), kind);
    const path = pathKey(group, version, plural);
    if (this.#byKind.has(key) || this.#byPath.has(path) || (isStored(definition) && this.#byResource.has(resource)))
      throw new Error(`${resource} is served already`);
    if (isStored(definition)) this.#byResource.set(resource, definition);
    this.#byKind.set(key, definition);
    this.#byPath.set(path, definition);
  }

  /** Takes a kind out; nothing happens if it is not there. */
  remove(definition: ResourceDefinition): void {
    const { group, version, kind, plural } = definition;
    const path = pathKey(group, version, plural);
    if (this.#byPath.get(path) !== definition) return;
    if (isStored(definition)) this.#byResource.delete(qualifiedName(definition));
    this.#byKind.delete(kindKey(apiVersionOf(definition), kind));
    this.#byPath.delete(path);
  }

  /** The version that is stored, by qualified name: `pods`, `daemonsets.apps`. */
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

  /** Every kind in every version, in the order in which they were added. */
  all(): ResourceDefinition[] {
    return [...this.#byPath.values()];
  }

  /** The kinds that objects are stored of, each in the version that is stored. */
  stored(): ResourceDefinition[] {
    return [...this.#byResource.values()];
  }
}

const isStored = ({ stored, virtual }: ResourceDefinition) => !stored && !virtual;
