/** A pending timer. `cancel()` is safe to call at any time, also after it fired. */
export interface Timer {
  cancel(): void;
}

/**
 * The cluster's only source of time. Nothing else in the project may ask the machine what time it is, so a test
 * can stop time, move it, and get the same run every time.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch, by the cluster's clock. */
  now(): number;
  /** Calls `fire` once, `delay` milliseconds from now (never synchronously). Negative delays count as 0. */
  after(delay: number, fire: () => void): Timer;
}

/** The second that was written last: much happens in the same one. */
let latest = { second: Number.NaN, text: '' };

/** RFC 3339 with whole seconds, as `metav1.Time` is written (`2026-11-24T10:00:00Z`). */
export function formatTime(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== latest.second) latest = { second, text: `${new Date(ms).toISOString().slice(0, 19)}Z` };
  return latest.text;
}

/** RFC 3339 with microseconds, as `metav1.MicroTime` is written (`2026-11-24T10:00:00.000000Z`). */
export function formatMicroTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000Z`;
}
