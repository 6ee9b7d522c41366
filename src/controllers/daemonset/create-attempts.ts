import type { Registry } from '../../registry/registry.js';
import { messageOf } from '../../registry/status.js';

/** What came of the last attempt to make pods of a set: what it was refused with first, if it was. */
interface Attempt {
  readonly refusal: string | undefined;
}

const attempts = new WeakMap<Registry, CreateAttempts>();

/**
 * What came of each DaemonSet's last attempt to make pods. Events tell of it too, but only so many about one object: where a set has
 * many nodes, pods that were made use up what would have told of those that were refused. One for each registry: the controller notes
 * it and explanations look at it.
 */
export class CreateAttempts {
  /** By the uid of the set. */
  readonly #last: Map<string, Attempt>;

  static of(registry: Registry): CreateAttempts {
    let found = attempts.get(registry);
    if (!found) attempts.set(registry, (found = new CreateAttempts(registry)));
    return found;
  }

  private constructor(registry: Registry, last?: ReadonlyMap<string, Attempt>) {
    this.#last = new Map(last);
    registry.onFork(fork => attempts.set(fork, new CreateAttempts(fork, this.#last)));
  }

  /** @param errors what pods of a set were refused with by now; none if all were made */
  note(uid: string, errors: readonly unknown[]): void {
    this.#last.set(uid, { refusal: errors.length > 0 ? messageOf(errors[0]) : undefined });
  }

  /** Sets that are gone. */
  forget(isThere: (uid: string) => boolean): void {
    for (const uid of this.#last.keys()) if (!isThere(uid)) this.#last.delete(uid);
  }

  /** Undefined if none was made since the controller began. */
  lastOf(uid: string): Attempt | undefined {
    return this.#last.get(uid);
  }
}
