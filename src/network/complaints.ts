import type { Queue, Recorder } from '../controllers/runtime/types.js';
import type { KubeObject } from '../resources/types.js';

/** Until what this machine refused is tried again, ms. */
const RETRY = 10_000;

/** Tells by an Event what is refused to an object, once for as long as it stays the same. */
export class Complaints {
  readonly #reason: string;
  readonly #told = new Map<string, ReadonlySet<string>>();

  /** @param reason the Event's */
  constructor(reason: 'PortUnavailable' | 'ProxyNotAllowed') {
    this.#reason = reason;
  }

  /**
   * @param problems what is refused now, in words
   * @param queue where it is to be tried again later
   */
  tell(key: string, about: KubeObject, problems: readonly string[], recorder: Recorder, queue?: Queue): void {
    const before = this.#told.get(key);
    for (const problem of problems) if (!before?.has(problem)) recorder.event(about, 'Warning', this.#reason, problem);
    if (problems.length === 0) {
      this.#told.delete(key);
      return;
    }
    this.#told.set(key, new Set(problems));
    queue?.addAfter(key, RETRY, 'upkeep');
  }

  forget(key: string): void {
    this.#told.delete(key);
  }
}
