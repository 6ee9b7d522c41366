import { inCase } from '../clock/deadline.js';
import type { WebhookCaller } from './admission/webhooks/consultation.js';

/** How long a cluster is waited for that does not settle, by the machine's time: what is asked for may be what it needs. */
const PATIENCE_MS = 30_000;

/** What turns go by. */
export interface TurnsOptions {
  /** Whether requests wait for their turn now. */
  readonly waits: () => boolean;
  /** Resolves when nothing is left to do but what timers set off. */
  readonly settled: () => Promise<void>;
}

/**
 * Lets those in who come from outside to change something: one after the other, in the order in which they came, each once all is done that
 * came of the one before. So what becomes of a request does not depend on how far the controllers had got when its bytes arrived.
 *
 * While somebody outside is asked (a webhook), all are let in as they come: whoever is asked may have to write before an answer is given.
 */
export class Turns {
  readonly #options: TurnsOptions | undefined;
  readonly #waiting: (() => Promise<void>)[] = [];
  #isUnderWay = false;
  /** Questions to somebody outside that are not answered yet. */
  #asked = 0;
  #onAsked = () => {};

  /** Without options nobody ever waits. */
  constructor(options?: TurnsOptions) {
    this.#options = options;
  }

  /** Whether whoever comes now waits for a turn. */
  get waits(): boolean {
    return this.#options?.waits() ?? false;
  }

  /** Does what a request asks for when it is its turn. */
  take<T>(work: () => T | Promise<T>): Promise<T> {
    if (!this.waits || this.#asked > 0) return (async () => work())();
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => (async () => work())().then(resolve, reject));
      if (!this.#isUnderWay) void this.#letIn();
    });
  }

  /** Webhooks that are asked through what is answered may write meanwhile, as may all others. */
  around(caller: WebhookCaller): WebhookCaller {
    const call: WebhookCaller['call'] = async (...args) => {
      this.#asked++;
      this.#onAsked();
      for (const next of this.#waiting.splice(0)) void next();
      try {
        return await caller.call(...args);
      } finally {
        this.#asked--;
      }
    };
    return { ...caller, call };
  }

  async #letIn(): Promise<void> {
    this.#isUnderWay = true;
    while (this.#waiting.length > 0) {
      await this.#settled();
      await this.#waiting.shift()?.();
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

/** Nobody waits. */
export const NO_TURNS = new Turns();
