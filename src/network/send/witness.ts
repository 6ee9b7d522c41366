import type { Pod } from '../../resources/types.js';

/** Sees which pod takes in what one has sent. Whoever that is and whatever it says, or does not say, this is how one knows. */
export class Witness {
  #taker: Pod | undefined;
  #seen = () => {};

  get taker(): Pod | undefined {
    return this.#taker;
  }

  readonly onTaken = (pod: Pod): void => {
    this.#taker = pod;
    this.#seen();
  };

  /** Until a pod has taken it in, but no longer than so many ms of the machine's time. */
  wait(mostMs: number): Promise<void> {
    if (this.#taker) return Promise.resolve();
    return new Promise(resolve => {
      this.#seen = resolve;
      AbortSignal.timeout(mostMs).addEventListener('abort', () => resolve());
    });
  }
}
