import { GraphQLError } from 'graphql';
import { Deadline } from '../clock/deadline.js';
import { parseDuration } from '../clock/duration.js';
import { Causes } from '../explain/causes.js';
import { type Outcome, type World, whatIf } from '../explain/what-if.js';
import type { User } from '../registry/types.js';
import type { Moment } from '../store/log.js';
import { badInput } from './errors.js';
import type { ChangeInput, WhatIfChange } from './generated.js';
import { checkTime } from './limits/time.js';
import { ChangeList, checkNumber } from './mutations/change-list.js';
import { Pasts } from './pasts.js';
import { View } from './view.js';
import { Views } from './views.js';

/** What-ifs that may wait for their turn, at most. */
const MAX_WAITING = 32;
/** How far the clock of an imagined world may go. */
const MAX_LIMIT = 24 * 3_600_000;

/** What is to be imagined, and for whom. */
interface Wish {
  readonly user: User | undefined;
  readonly changes: readonly ChangeInput[];
  /** `40s`, `1h30m`. */
  readonly limit: string;
  readonly at: Moment | undefined;
  /** When the request that wishes it is given up. */
  readonly deadline?: Deadline | undefined;
}

/** A world that was imagined, and what came of it there. */
export interface Imagined {
  readonly outcome: Outcome;
  /** What each change did at once. */
  readonly changes: readonly WhatIfChange[];
  /** The views of the user who imagined it, of the cluster as it is, … */
  readonly before: Views;
  /** … and as it would be. */
  readonly after: Views;
  /** Which writes led there. */
  readonly causes: Causes;
}

/**
 * What-ifs of all requests, one after the other: each may take all there is of the machine.
 */
export class WhatIfs {
  readonly #fork: (at: Moment | undefined) => Promise<World>;
  readonly #pasts: Pasts;
  readonly #ms: number;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /**
   * @param fork makes a world of its own, now or at an earlier moment
   * @param pasts of the cluster itself
   * @param ms how long one may take, by the machine's time
   */
  constructor(fork: (at: Moment | undefined) => Promise<World>, pasts: Pasts, ms: number) {
    this.#fork = fork;
    this.#pasts = pasts;
    this.#ms = ms;
  }

  /**
   * @throws GraphQLError with the number of the change that is refused, for what makes no sense, and where it takes too long; StatusError
   */
  async imagine(wish: Wish): Promise<Imagined> {
    checkNumber(wish.changes);
    const limit = parseDuration(wish.limit);
    if (limit === undefined) throw badInput(`${JSON.stringify(wish.limit)} is no duration: use a text such as "40s"`);
    if (limit > MAX_LIMIT) throw badInput('the clock can be moved by 24h at most');
    if (this.#waiting >= MAX_WAITING) throw tooBusy();
    this.#waiting++;
    const turn = this.#last.then(() => this.#imagine(wish, limit));
    this.#last = turn.catch(() => {});
    return turn.finally(() => void this.#waiting--);
  }

  async #imagine({ user, changes, at, deadline }: Wish, limit: number): Promise<Imagined> {
    checkTime(deadline);
    const own = new Deadline(this.#ms);
    const signal = deadline ? AbortSignal.any([own.signal, deadline.signal]) : own.signal;
    const world = await this.#fork(at);
    const { registry } = world;
    const made = new ChangeList(registry, user);
    try {
      const outcome = await whatIf({
        world,
        before: async () => (await this.#pasts.at(registry.revision)).placements,
        change: () => made.make(changes, () => signal.throwIfAborted()),
        again: () => made.again(),
        limit,
        signal,
      });
      const { before, after } = outcome.worlds;
      return {
        outcome,
        changes: made.done,
        before: new Views(new View(before.registry, user, before), this.#pasts),
        after: new Views(new View(registry, user, after), new Pasts(registry)),
        causes: new Causes(registry, before.registry.revision, registry.revision),
      };
    } catch (error) {
      if (!signal.aborted || !isBy(signal.reason, error)) throw error;
      checkTime(deadline);
      throw tooLong(this.#ms);
    }
  }
}

/** Whether an error is the one that was thrown first, or is about it. */
const isBy = (first: unknown, error: unknown): boolean =>
  error === first || (error instanceof GraphQLError && error.originalError === first);

const tooLong = (ms: number) =>
  new GraphQLError(
    `The what-if took longer than ${ms / 1000} seconds, and was given up. Ask for less, or with a lower limit.`,
    {
      extensions: { code: 'WHAT_IF_TIMEOUT', limit: ms },
    },
  );

const tooBusy = () =>
  new GraphQLError('Too many what-ifs are waiting for their turn. Ask again later.', {
    extensions: { code: 'TOO_MANY_WHAT_IFS' },
  });
