import type { Random } from '../../clock/random.js';

/** Names that may stand before the dot. Objects of some kinds (roles) have others. */
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** A name has 253 characters at most, of which a dot and 16 digits are the suffix. */
const LONGEST = 253 - 17;

/** Names events as client-go does: the object's name, and the time in nanoseconds as a hexadecimal number, each time another. */
export class EventNames {
  readonly #random: Random;
  #last = 0n;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A name for an event about the object called `subject`, seen at `now` (ms since the epoch). */
  next(subject: string, now: number): string {
    const time = BigInt(now) * 1_000_000n;
    this.#last = time > this.#last ? time : this.#last + 1n;
    const usable = subject.length <= LONGEST && SUBDOMAIN.test(subject);
    return `${usable ? subject : this.#random.uuid()}.${this.#last.toString(16)}`;
  }
}
