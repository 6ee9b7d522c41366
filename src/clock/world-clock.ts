import type { Clock, Timer } from './clock.js';
import { VirtualClock } from './virtual-clock.js';

/** setTimeout waits no longer than this (25 days). */
const LONGEST_WAIT_MS = 2 ** 31 - 1;
/** How often a clock that waits for work looks whether other timers were set meanwhile. */
const LOOK_EVERY_MS = 100;
/** What a clock has fallen behind by more than this it does not make up for, by the machine's time. */
const ARREARS_MS = 1000;
/** The fastest. */
export const MAX_RATE = 1_000_000;

/** How a clock goes: with the machine's, faster or slower than that, or not at all. */
export interface ClockState {
  readonly mode: 'real' | 'scaled' | 'paused';
  /** How many seconds of it a second of the machine's is; 0 if it stands still. */
  readonly rate: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** By how many milliseconds it leads the machine's time; less than 0 if it lags. */
  readonly ahead: number;
}

/**
 * A clock that can be set going at any rate and stopped again: what it has lost or gained by then stays lost or gained.
 *
 * Up to the machine's own pace timers fire when the machine gets to them, and may be late, as everywhere. A faster clock waits for its
 * timers: it never shows a time after that of a timer that has not fired, and while there is work that one set off it is no faster than the
 * machine. So what must happen within a time does, however fast it goes; where the machine cannot keep up, the clock is slower than it was
 * told.
 */
export class WorldClock extends VirtualClock {
  #rate = 0;
  /** The rate before it was paused. */
  #usual = 1;
  /** It showed this (ms) … */
  #from = 0;
  /** … when the machine showed that. */
  #since = 0;
  /** While there is work to be done that timers set off: since when, by this clock and the machine's, and when it is done. */
  #busy: { readonly from: number; readonly since: number; done?: Promise<void> } | undefined;
  #stepping = false;
  #wake: NodeJS.Timeout | undefined;
  /** The time by this clock at which it is to wake up. */
  #wakeAt = Number.POSITIVE_INFINITY;
  #closed = false;
  /** Resolves when all is done that timers set off; set by whoever knows. */
  settled: () => Promise<void> = () => Promise.resolve();

  /** The machine's own time, until it is told otherwise. */
  static real(): WorldClock {
    const machine = Date.now();
    const clock = new WorldClock(machine);
    clock.#go(1, machine, machine);
    return clock;
  }

  override now(): number {
    if (this.#rate === 0) return super.now();
    let time = this.#reached();
    if (this.#rate <= 1) return time;
    if (this.#busy) time = Math.min(time, this.#busy.from + Date.now() - this.#busy.since);
    return Math.max(super.now(), Math.min(time, this.nextDue() ?? time));
  }

  override after(delay: number, fire: () => void): Timer {
    const timer = super.after(delay, fire);
    this.#schedule();
    return {
      cancel: () => {
        timer.cancel();
        if (this.pending === 0) this.#sleep();
      },
    };
  }

  get rate(): number {
    return this.#rate;
  }

  /**
   * Goes on from the time that it shows now, `rate` times as fast as the machine's; 0 stops it.
   * @throws RangeError for what is no rate
   */
  setRate(rate: number): void {
    checkRate(rate);
    if (rate === this.#rate) return;
    this.#go(rate, this.now(), Date.now());
  }

  pause(): void {
    this.setRate(0);
  }

  /** Goes on as fast as before it was paused. */
  resume(): void {
    if (this.#rate === 0) this.setRate(this.#usual);
  }

  /** Goes on from a later time, whatever is due by then: for a cluster whose past reaches beyond what the clock shows. */
  leapTo(at: number): void {
    if (at > this.now()) this.#go(this.#rate, at, Date.now());
  }

  /**
   * Goes on as it stood when it was in a state before, be that earlier than now; one that went with the machine does so again, as far ahead
   * of it as then. All timers are forgotten: what they were set for is no more.
   */
  putBack({ rate, time, ahead }: ClockState): void {
    const machine = Date.now();
    const at = rate === 1 ? machine + ahead : time;
    this.#busy = undefined;
    this.beginAt(at);
    this.#go(rate, at, machine);
  }

  /** Forgets all timers, for good. */
  close(): void {
    this.#closed = true;
    this.#sleep();
  }

  #go(rate: number, from: number, since: number): void {
    if (rate > 0) this.#usual = rate;
    this.#rate = rate;
    this.#from = from;
    this.#since = since;
    this.standAt(from);
    this.#sleep();
    this.#schedule();
  }

  /** What it would show if nobody had to be waited for. */
  #reached(): number {
    return Math.floor(this.#from + (Date.now() - this.#since) * this.#rate);
  }

  #sleep(): void {
    clearTimeout(this.#wake);
    this.#wake = undefined;
    this.#wakeAt = Number.POSITIVE_INFINITY;
  }

  /** Sees to it that it wakes up when the next timer is due. */
  #schedule(): void {
    if (this.#closed || this.#rate === 0 || this.#stepping) return;
    const due = this.nextDue();
    if (due === undefined || due >= this.#wakeAt) return;
    clearTimeout(this.#wake);
    this.#wakeAt = due;
    const wait = Math.ceil((due - this.#from) / this.#rate - (Date.now() - this.#since));
    this.#wake = setTimeout(() => this.#awake(), Math.min(Math.max(wait, 0), LONGEST_WAIT_MS));
  }

  #awake(): void {
    this.#sleep();
    if (this.#rate > 1) {
      void this.#step();
      return;
    }
    try {
      this.moveTo(this.#reached());
    } finally {
      this.#schedule();
    }
  }

  /** Goes from timer to timer until it has caught up with its rate. */
  async #step(): Promise<void> {
    this.#stepping = true;
    while (!this.#closed && this.#rate > 1) {
      const due = this.nextDue();
      if (due === undefined || due > this.#reached()) break;
      this.#busy ??= { from: due, since: Date.now() };
      this.moveTo(due);
      await this.#workDone();
      const arrears = Date.now() - this.#since - (super.now() - this.#from) / this.#rate;
      if (arrears > ARREARS_MS) this.#since += arrears - ARREARS_MS;
    }
    this.#busy = undefined;
    this.#stepping = false;
    this.#schedule();
  }

  /** Resolves when all is done that is to be done, or, before that, when the machine's pace has brought the next timer. */
  async #workDone(): Promise<void> {
    const busy = this.#busy!;
    // Requests are answered in between, also where there is always something to catch up with.
    busy.done ??= new Promise(resolve => {
      const done = () => {
        this.#busy = undefined;
        resolve();
      };
      setImmediate(() => this.settled().then(done, done));
    });
    while (this.#busy === busy && !this.#closed && (this.nextDue() ?? Infinity) > this.now()) {
      const wait = (this.nextDue() ?? Infinity) - this.now();
      let timeout: NodeJS.Timeout | undefined;
      const passed = new Promise<void>(resolve => {
        timeout = setTimeout(resolve, Math.min(wait, LOOK_EVERY_MS));
      });
      await Promise.race([busy.done, passed]);
      clearTimeout(timeout);
    }
  }
}

/** @throws RangeError for what is no rate */
export function checkRate(rate: number): void {
  if (!(rate >= 0 && rate <= MAX_RATE))
    throw new RangeError(`a rate must be a number from 0 to ${MAX_RATE}, not ${rate}`);
}

/** How a clock goes; one that is nobody's to set is taken for the machine's. */
export function stateOf(clock: Clock): ClockState {
  const rate = clock instanceof WorldClock ? clock.rate : clock instanceof VirtualClock ? 0 : 1;
  const time = clock.now();
  return { mode: rate === 0 ? 'paused' : rate === 1 ? 'real' : 'scaled', rate, time, ahead: time - Date.now() };
}
