import { GraphQLError } from 'graphql';
import { Deadline } from '../clock/deadline.js';
import { parseDuration } from '../clock/duration.js';
import { Causes } from '../explain/causes.js';
import { type Outcome, type World, whatIf } from '../explain/what-if.js';
import type { Registry } from '../registry/registry.js';
import { messageOf } from '../registry/status.js';
import type { User } from '../registry/types.js';
import type { Moment } from '../store/log.js';
import { badInput } from './errors.js';
import type { ChangeInput, DrainInput, DrainStep, WhatIfChange } from './generated.js';
import { checkTime } from './limits/time.js';
import { DEEDS } from './mutations/deeds.js';
import { drain } from './mutations/drain.js';
import { Writer } from './mutations/writer.js';
import { Pasts } from './pasts.js';
import { View } from './view.js';
import { Views } from './views.js';

/** Changes of one what-if, and what-ifs that may wait for their turn, at most. */
const MAX_CHANGES = 5000;
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
    const { changes } = wish;
    if (changes.length > MAX_CHANGES) throw badInput(`at most ${MAX_CHANGES} changes can be made at once`);
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
    const made = new Changes(registry, user);
    try {
      const outcome = await whatIf({
        world,
        before: async () => (await this.#pasts.at(registry.revision)).placements,
        change: async () => {
          for (const change of changes) {
            signal.throwIfAborted();
            await made.make(change);
          }
        },
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
      if (!signal.aborted || error !== signal.reason) throw error;
      checkTime(deadline);
      throw tooLong(this.#ms);
    }
  }
}

/** The changes of one what-if, made in its world in the name of a user. */
class Changes {
  readonly done: { readonly index: number; readonly messages: string[]; readonly warnings: readonly string[] }[] = [];
  /** Nodes that are not empty yet, since disruption budgets refuse, and which change was to empty them. */
  readonly #unfinished = new Map<number, DrainInput>();

  constructor(
    readonly registry: Registry,
    readonly user: User | undefined,
  ) {}

  /** @throws what the change is refused with, and which one it was */
  async make(change: ChangeInput): Promise<void> {
    const index = this.done.length;
    const writer = this.#writer();
    const [[deed, args] = ['', {}], ...more] = Object.entries(change);
    // graphql-js has seen to it; the command line has files of them.
    if (!deed || more.length > 0) throw badInput('each change must be exactly one');
    try {
      const steps = deed === 'drain' ? await this.#drain(writer, index, args as DrainInput) : [];
      if (deed !== 'drain') await (DEEDS[deed as keyof typeof DEEDS] as Deed)(writer, args);
      const { changes, warnings } = await writer.payload();
      this.done.push({ index, messages: [...changes.map(({ message }) => message), ...steps], warnings });
    } catch (error) {
      const done = this.done.flatMap(({ messages }) => messages);
      throw new GraphQLError(messageOf(error), {
        originalError: error as Error,
        extensions: { ...(error instanceof GraphQLError ? error.extensions : {}), change: index, done },
      });
    }
  }

  /** Goes on with nodes that could not be emptied at once; says whether it got any further. */
  async again(): Promise<boolean> {
    let further = false;
    for (const [index, input] of [...this.#unfinished]) {
      const evicted = await this.#drain(this.#writer(), index, input, ({ outcome }) => outcome === 'EVICTED');
      this.done[index]!.messages.push(...evicted);
      further ||= evicted.length > 0;
    }
    return further;
  }

  async #drain(
    writer: Writer,
    index: number,
    input: DrainInput,
    isTold: (step: DrainStep) => boolean = () => true,
  ): Promise<string[]> {
    const { node, force = false, deleteEmptyDirData = false, gracePeriod } = input;
    const steps = await drain(writer, node, { force, deleteEmptyDirData, gracePeriod });
    if (steps.some(({ outcome }) => outcome === 'REFUSED')) this.#unfinished.set(index, input);
    else this.#unfinished.delete(index);
    return steps.filter(isTold).map(({ namespace, pod, message }) => `pod/${pod} in ${namespace}: ${message}`);
  }

  #writer(): Writer {
    return new Writer(new View(this.registry, this.user), { dryRun: false });
  }
}

type Deed = (writer: Writer, args: unknown) => Promise<void>;

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
