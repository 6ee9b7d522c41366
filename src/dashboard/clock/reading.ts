import type { ClockFacts } from '../graph/clock.js';

/** What a clock showed, when, and how fast it goes: all that is needed to know what it shows now, without asking again. */
export interface Reading {
  /** What it showed, in ms. */
  readonly time: number;
  readonly rate: number;
  /** When that was, in ms by the machine's clock. */
  readonly at: number;
}

export const readingOf = ({ time, rate }: ClockFacts, at: number): Reading => ({ time: Date.parse(time), rate, at });

/** What the clock shows now. */
export const timeAt = ({ time, rate, at }: Reading, now: number): number => time + rate * (now - at);

/** Times are told in whole seconds, and messages are on their way for a while. */
const SLACK_MS = 2500;

/**
 * Whether somebody else must have moved the clock, or set it going at another rate: what was just written is from another time
 * than it is by this reading.
 * @param written when the newest change was written, by the cluster's clock; it was told of at once
 */
export function isOff(reading: Reading, written: number, now: number): boolean {
  const off = written - timeAt(reading, now);
  if (reading.rate === 0) return off > 0;
  return Math.abs(off) > SLACK_MS * Math.max(1, reading.rate);
}
