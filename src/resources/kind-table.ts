import { apiVersionOf, qualifiedName, type ResourceDefinition } from './definition.js';

const kindKey = (apiVersion: string, kind: string) => `${apiVersion} ${kind}`;
const pathKey = (group: string, version: string, plural: string) => `${group}/${version}/${plural}`;

/** The kinds that are served, in each of their versions; grows and shrinks at run time. */
export class KindTable {
  /** The versions that are stored. */
  readonly #byResource = new Map<string, ResourceDefinition>();
  readonly #byKind = new Map<string, ResourceDefinition>();
  readonly #byPath = new Map<string, ResourceDefinition>();
  readonly #onRemove = new Set<(definition: ResourceDefinition) => void>();

  constructor(definitions: Iterable<ResourceDefinition> = []) {
    for (const definition of definitions) this.add(definition);
  }

  /** @throws Error if the resource, the kind or its path is served already */
  add(definition: ResourceDefinition): void {
    const { group, version, kind, plural } = definition;
    const resource = qualifiedName(definition);
    if (this.collides(definition)) throw new Error(`${resource} is served already`);
    if (isStored(definition)) this.#byResource.set(resource, definition);
    if (definition.unserved) return;
    this.#byKind.set(kindKey(apiVersionOf(definition), kind), definition);
    this.#byPath.set(pathKey(group, version, plural), definition);
  }

  /** Whether the resource, the kind or its path is served already. */
  collides(definition: ResourceDefinition): boolean {
    const { group, version, kind, plural } = definition;
    return (
      this.#byKind.has(kindKey(apiVersionOf(definition), kind)) ||
      this.#byPath.has(pathKey(group, version, plural)) ||
      (isStored(definition) && this.#byResource.has(qualifiedName(definition)))
    );
  }

  /** Takes a kind out; nothing happens if it is not there. */
  remove(definition: ResourceDefinition): void {
    const { group, version, kind, plural } = definition;
    const path = pathKey(group, version, plural);
    const resource = qualifiedName(definition);
    if (this.#byResource.get(resource) === definition) this.#byResource.delete(resource);
    if (this.#byPath.get(path) !== definition) return;
    this.#byKind.delete(kindKey(apiVersionOf(definition), kind));
    this.#byPath.delete(path);
    for (const listener of this.#onRemove) listener(definition);
  }

  /** Hears of each version that is served no more, or not as it was. */
  onRemove(listener: (definition: ResourceDefinition) => void): void {
    this.#onRemove.add(listener);
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
