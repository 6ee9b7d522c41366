import type { AnyDefinition } from './types.js';

/**
 * Objects that a real cluster has from its start, and few clients ever ask for. They are made when somebody first asks for their kind
 * and stored like any others, so that clusters that nobody asks start without them.
 */
export class InherentObjects {
  readonly #makers = new Map<AnyDefinition, () => Promise<void>>();
  readonly #underWay = new Map<AnyDefinition, Promise<void>>();

  /** @param make stores those of the kind that are not there yet; tried again at the next request if it fails */
  provide(kind: AnyDefinition, make: () => Promise<void>): void {
    this.#makers.set(kind, make);
  }

  /** Whether a kind's objects are still to be made. */
  lacks(kind: AnyDefinition): boolean {
    return this.#makers.has(kind);
  }

  /** Resolves when the kind's objects are there; undefined if they are already. */
  needed(kind: AnyDefinition): Promise<void> | undefined {
    const make = this.#makers.get(kind);
    if (!make) return undefined;
    let made = this.#underWay.get(kind);
    if (!made) {
      made = make().then(
        () => void this.#makers.delete(kind),
        error => {
          this.#underWay.delete(kind);
          throw error;
        },
      );
      this.#underWay.set(kind, made);
    }
    return made;
  }
}
