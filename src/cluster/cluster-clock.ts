import type { ClockControl } from '../admin/control.js';
import type { Clock, Timer } from '../clock/clock.js';
import { parseDuration } from '../clock/duration.js';
import { VirtualClock } from '../clock/virtual-clock.js';
import { type ClockState, stateOf, WorldClock } from '../clock/world-clock.js';
import type { Runtime } from '../controllers/runtime/runtime.js';
import type { Rest } from '../controllers/runtime/types.js';
import type { ClusterOptions } from './options.js';

/** The clock of a cluster, and what moves it: always together with the controllers, whose work it waits for on its way. */
export class ClusterClock implements Clock, ClockControl {
  readonly #clock: Clock;
  #runtime: Runtime;
  /** Rises when the cluster is put back to a snapshot: what moved it until then is over. */
  #life = 0;
  /** Moves are made one after the other, in the order in which they were asked for. */
  #lastMove: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock, runtime: Runtime) {
    this.#clock = clock;
    this.#runtime = runtime;
    if (clock instanceof WorldClock) clock.settled = () => this.#runtime.settled();
  }

  /** Ends what moves it, which fails. */
  breakOff(): void {
    this.#life++;
  }

  /** Goes on from a state that it was in before, if it is not one of your own; all timers are forgotten. */
  putBack(state: ClockState): void {
    if (this.#clock instanceof WorldClock) this.#clock.putBack(state);
  }

  /** Waits for other controllers from now on. */
  goWith(runtime: Runtime): void {
    this.#runtime = runtime;
  }

  now(): number {
    return this.#clock.now();
  }

  after(delay: number, fire: () => void): Timer {
    return this.#clock.after(delay, fire);
  }

  get state(): ClockState {
    return stateOf(this.#clock);
  }

  /** How many seconds of it a second of the machine's is; 0 if it stands still. */
  get rate(): number {
    return this.state.rate;
  }

  /**
   * Sets it going from the time that it shows, so many times as fast as the machine's; 0 stops it.
   * @throws RangeError for what is no rate; TypeError if the clock is one of your own
   */
  setRate(rate: number): void {
    this.#own().setRate(rate);
  }

  /** Stops it. @throws TypeError if the clock is one of your own */
  pause(): void {
    this.#own().pause();
  }

  /** Lets it go on as fast as before it was paused. @throws TypeError if the clock is one of your own */
  resume(): void {
    this.#own().resume();
  }

  /**
   * Moves a clock that stands still by `duration` (ms, or `40s`, `1h30m`), stopping at every timer on the way until all that it set off
   * is done.
   * @throws TypeError if the clock runs, or for a duration that is none
   */
  async advance(duration: number | string): Promise<void> {
    const ms = durationOf(duration);
    this.#standing();
    await this.#inTurn(() => this.#moveUntil(() => false, ms));
  }

  /**
   * Moves a clock that stands still from timer to timer until something has come true, and answers whether it has.
   * @param limit how far at most (ms, or `40s`, `1h30m`)
   * @throws TypeError if the clock runs, or for a duration that is none
   */
  async runUntil(predicate: () => boolean | Promise<boolean>, limit: number | string = '1h'): Promise<boolean> {
    const ms = durationOf(limit);
    this.#standing();
    return this.#inTurn(() => this.#moveUntil(predicate, ms));
  }

  /** See `Cluster.comeToRest`. */
  async comeToRest(limit: number | string = '1h', signal?: AbortSignal): Promise<Rest> {
    const ms = durationOf(limit);
    this.#standing();
    return this.#inTurn(async () => {
      const started = this.now();
      let goingOn: string[] = [];
      const atRest = await this.#moveUntil(
        () => {
          goingOn = this.#runtime.awaited();
          return goingOn.length === 0;
        },
        ms,
        signal,
      );
      return { atRest, passed: this.now() - started, goingOn };
    });
  }

  /** Cancels all timers. */
  close(): void {
    if (this.#clock instanceof WorldClock) this.#clock.close();
  }

  /**
   * Moves from timer to timer, each time once all is done that is to be done then, and answers whether the predicate has come true by
   * `ms` later.
   * @throws the signal's reason; an Error if the cluster is reset meanwhile
   */
  async #moveUntil(predicate: () => boolean | Promise<boolean>, ms: number, signal?: AbortSignal): Promise<boolean> {
    const end = this.now() + ms;
    const life = this.#life;
    const settled = async () => {
      await unlessAborted(this.#runtime.settled(), signal);
      if (life !== this.#life) throw new Error('the cluster was reset meanwhile');
    };
    await settled();
    for (;;) {
      if (await predicate()) return true;
      // It may have been set going meanwhile.
      const clock = this.#standing();
      const due = clock.nextDue();
      if (due === undefined || due > end) {
        clock.moveTo(end);
        return false;
      }
      clock.moveTo(due);
      await settled();
    }
  }

  #inTurn<T>(move: () => Promise<T>): Promise<T> {
    const moved = this.#lastMove.then(move);
    this.#lastMove = moved.catch(() => {});
    return moved;
  }

  #own(): WorldClock {
    if (this.#clock instanceof WorldClock) return this.#clock;
    throw new TypeError('this cluster was given a clock, and leaves it to whoever gave it');
  }

  #standing(): VirtualClock {
    if (this.#clock instanceof VirtualClock && this.state.mode === 'paused') return this.#clock;
    throw new TypeError(
      "only a clock that stands still can be moved: cluster.clock.pause(), or createCluster({ clock: 'virtual' })",
    );
  }
}

/** @throws TypeError for a duration that is none */
export function durationOf(duration: number | string): number {
  const ms = typeof duration === 'number' ? duration : parseDuration(duration);
  if (ms === undefined || !(ms >= 0))
    throw new TypeError(`${JSON.stringify(duration)} is no duration: use milliseconds or a text such as "40s"`);
  return ms;
}

/** @throws the signal's reason (as a rejection) once it is aborted */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  signal.throwIfAborted();
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/**
 * The clock that a cluster is to have.
 * @param start of a virtual clock, if the cluster has a past
 */
export function clockFor({ clock = 'real', rate }: ClusterOptions, start?: number): Clock {
  if (typeof clock === 'object') return clock;
  const made = clock === 'real' ? WorldClock.real() : new WorldClock(start);
  if (rate !== undefined) made.setRate(rate);
  return made;
}
