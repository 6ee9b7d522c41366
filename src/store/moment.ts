import type { Moment } from './log.js';

/** RFC 3339: a date alone would be read in another way than a time. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** The moment that is meant by a revision (`1200`, also as text) or a time (`2026-11-24T10:00:00Z`); undefined if it is neither. */
export function parseMoment(at: unknown): Moment | undefined {
  const text = String(at);
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const time = TIME.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : { time };
}
