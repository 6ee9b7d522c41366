import type { KubeObject } from '../resources/types.js';
import type { Entry } from '../store/entry.js';
import type { RevisionLog } from '../store/log.js';
import { ObjectIndex } from './object-index.js';

/** The indexes of a log's objects, by resource and name: made when first asked for, and kept with every write. */
export class ObjectIndexes {
  readonly #log: RevisionLog;
  readonly #byResource = new Map<string, Map<string, ObjectIndex<KubeObject>>>();
  #present: ObjectIndexes | undefined;

  constructor(log: RevisionLog) {
    this.#log = log;
    log.onApply(change => {
      for (const index of this.#byResource.get(change.entry.resource)?.values() ?? []) index.apply(change);
    });
  }

  /** Those of the present, of whose log this one is a past: of which new ones are made, where that is less work. */
  set present(present: ObjectIndexes) {
    this.#present = present;
  }

  /** The index of this name, which is made if there is none. */
  get<T extends KubeObject>(
    resource: string,
    name: string,
    keysOf: (object: T) => Iterable<string>,
    existing: () => readonly Entry<T>[],
  ): ObjectIndex<T> {
    const indexes = this.#of(resource);
    let index = indexes.get(name);
    if (!index) {
      const present = this.#present;
      if (present) index = present.#at(resource, name, this.#log.revision);
      index ??= new ObjectIndex<T>(keysOf, existing()) as unknown as ObjectIndex<KubeObject>;
      indexes.set(name, index);
    }
    return index as unknown as ObjectIndex<T>;
  }

  /**
   * Hands those that there are to another log, which begins as this one is at a revision: what is derived from the same state is the same.
   * @param ordered the entries of a resource in the order that they are to have there; as they have it here, if absent
   */
  handOn(to: ObjectIndexes, revision: number, ordered?: (resource: string) => readonly Entry[]): void {
    for (const [resource, indexes] of this.#byResource) {
      for (const name of indexes.keys()) {
        const index = this.#at(resource, name, revision);
        if (index) to.#of(resource).set(name, ordered ? index.ordered(ordered(resource)) : index);
      }
    }
  }

  /** An index as it was at a revision, made of the one that there is; undefined if there is none, or too much came since. */
  #at(resource: string, name: string, revision: number): ObjectIndex<KubeObject> | undefined {
    const there = this.#byResource.get(resource)?.get(name);
    const undoing = there && this.#log.undoing(revision);
    if (!undoing) return undefined;
    const index = there.copy();
    for (const change of undoing) if (change.entry.resource === resource) index.apply(change);
    return index;
  }

  #of(resource: string): Map<string, ObjectIndex<KubeObject>> {
    let indexes = this.#byResource.get(resource);
    if (!indexes) this.#byResource.set(resource, (indexes = new Map()));
    return indexes;
  }
}
