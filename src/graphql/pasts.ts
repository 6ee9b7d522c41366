import { Placements } from '../explain/placements.js';
import type { Registry } from '../registry/registry.js';
import { StatusError } from '../registry/status.js';
import type { Moment } from '../store/log.js';

/** Pasts that are kept for those who leaf through them, or compare them: who looks at one mostly looks again. */
const KEPT = 4;

/** The past as anybody may look at it: what was found of it stays true. */
interface Past {
  readonly registry: Registry;
  readonly placements: Placements;
}

/** Moments that were looked at of late, for all requests. */
export class Pasts {
  readonly #registry: Registry;
  /** By revision and time; the one that was not looked at for longest comes first. */
  readonly #kept = new Map<string, Promise<Past>>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** @throws StatusError 410 (as a rejection) if the log does not reach back to the moment */
  async at(moment: Moment): Promise<Past> {
    try {
      const { revision } = await this.#registry.log.stampOf(moment);
      const key = `${revision} ${typeof moment === 'number' ? '' : Math.min(moment.time, this.#registry.clock.now())}`;
      const past = this.#kept.get(key) ?? this.#registry.past(moment).then(then);
      this.#kept.delete(key);
      this.#kept.set(key, past);
      for (const oldest of this.#kept.keys()) if (this.#kept.size > KEPT) this.#kept.delete(oldest);
      return await past;
    } catch (error) {
      throw error instanceof RangeError ? StatusError.expired(error.message) : error;
    }
  }
}

const then = (registry: Registry): Past => ({ registry, placements: new Placements(registry) });
