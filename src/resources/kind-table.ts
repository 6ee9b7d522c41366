import { apiVersionOf, qualifiedName, type ResourceDefinition } from './definition.js';

/** The kinds that are served; grows and shrinks at run time. */
export class KindTable {
  readonly #byResource = new Map<string, ResourceDefinition>();
  readonly #byKind = new Map<string, ResourceDefinition>();
  constructor(definitions: readonly ResourceDefinition[]) {
    for (const d of definitions) {
      this.#byResource.set(qualifiedName(d), d);
      this.#byKind.set(`${apiVersionOf(d)} ${d.kind}`, d);
    }
  }
  byResource(name: string): ResourceDefinition | undefined {
    return this.#byResource.get(name);
  }
  byKind(apiVersion: string, kind: string): ResourceDefinition | undefined {
    return this.#byKind.get(`${apiVersion} ${kind}`);
  }
  all(): ResourceDefinition[] {
    return [...this.#byResource.values()];
  }
}
