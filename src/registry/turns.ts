import { inCase } from '../clock/deadline.js';
import type { WebhookCaller } from './admission/webhooks/consultation.js';
import { StatusError } from './status.js';
import type { User } from './types.js';

/** How long a cluster is waited for that does not settle, by the machine's time: what is asked for may be what it needs. */
const PATIENCE_MS = 30_000;

/** What turns go by. */
export interface TurnsOptions {
  /** Whether requests wait for their turn now. */
  readonly waits: () => boolean;
  /** Resolves when nothing is left to do but what timers set off. */
  readonly settled: () => Promise<void>;
}

/** A request that may change something, as it can be made again. */
export interface Deed {
  readonly method: string;
  /** With its parameters. */
  readonly path: string;
  readonly user?: User | undefined;
  /** Headers that count for what comes of it. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer | object;
  /** What came of it. @param failure what was thrown, if anything was */
  outcome(failure: unknown, result: unknown): Outcome;
}

/** The answer to a request. */
export interface Outcome {
  readonly code: number;
  /** Why it was refused. */
  readonly message?: string | undefined;
  readonly body?: readonly Buffer[] | undefined;
}

/** Hears of every request the moment it is let in, and of what came of it. */
export type Witness = (deed: Deed) => (outcome: Outcome) => void;

/** The outcome of what failed. */
export const failed = (failure: unknown): Outcome =>
  failure instanceof StatusError ? { code: failure.code, message: failure.message } : { code: 500 };

/**
 * Lets those in who come from outside to change something: one after the other, in the order in which they came, each once all is done that
 * came of the one before. So what becomes of a request does not depend on how far the controllers had got when its bytes arrived.
 *
 * While somebody outside is asked (a webhook), all are let in as they come: whoever is asked may have to write before an answer is given.
 */
export class Turns {
  readonly #options: TurnsOptions | undefined;
  readonly #waiting: { enter(): Promise<void>; refuse(error: unknown): void }[] = [];
  #isUnderWay = false;
  #ended = false;
  /** Questions to somebody outside that are not answered yet. */
  #asked = 0;
  #onAsked = () => {};
  witness: Witness | undefined;

  /** Without options nobody ever waits. */
  constructor(options?: TurnsOptions) {
    this.#options = options;
  }

  /** Whether anybody cares about turns: whoever comes now waits for one, or is noted down. */
  get matter(): boolean {
    return this.witness !== undefined || this.#wait;
  }

  get #wait(): boolean {
    return this.#options?.waits() ?? false;
  }

  /** Does what a request asks for when it is its turn. @throws StatusError 503 (as a rejection) if that never comes */
  take<T>(work: () => T | Promise<T>, deed?: Deed): Promise<T> {
    const carryOut = deed && this.witness ? () => this.#witnessed(work, deed) : async () => work();
    if (!this.#wait || this.#asked > 0) return carryOut();
    if (this.#ended) return Promise.reject(noMore());
    return new Promise((resolve, refuse) => {
      this.#waiting.push({ enter: () => carryOut().then(resolve, refuse), refuse });
      if (!this.#isUnderWay) void this.#letIn();
    });
  }

  /** Whoever waits is refused. */
  end(): void {
    this.#ended = true;
    for (const { refuse } of this.#waiting.splice(0)) refuse(noMore());
  }

  /** Webhooks that are asked through what is answered may write meanwhile, as may all others. */
  around(caller: WebhookCaller): WebhookCaller {
    const call: WebhookCaller['call'] = async (...args) => {
      this.#asked++;
      this.#onAsked();
      for (const next of this.#waiting.splice(0)) void next.enter();
      try {
        return await caller.call(...args);
      } finally {
        this.#asked--;
      }
    };
    return { ...caller, call };
  }

  async #witnessed<T>(work: () => T | Promise<T>, deed: Deed): Promise<T> {
    const tell = this.witness!(deed);
    try {
      const result = await work();
      tell(deed.outcome(undefined, result));
      return result;
    } catch (error) {
      tell(deed.outcome(error, undefined));
      throw error;
    }
  }

  async #letIn(): Promise<void> {
    this.#isUnderWay = true;
    while (this.#waiting.length > 0) {
      await this.#settled();
      await this.#waiting.shift()?.enter();
    }
    this.#isUnderWay = false;
  }

  /** Resolves when the cluster has settled, nobody needs to wait any more, or it is high time. */
  async #settled(): Promise<void> {
    let cancel = () => {};
    const enough = new Promise<void>(resolve => {
      this.#onAsked = resolve;
      cancel = inCase(PATIENCE_MS, resolve);
    });
    await Promise.race([this.#options!.settled(), enough]);
    cancel();
    this.#onAsked = () => {};
  }
}

const noMore = () => new StatusError(503, 'ServiceUnavailable', 'the cluster is not there any more');

/** Nobody waits. */
export const NO_TURNS = new Turns();
