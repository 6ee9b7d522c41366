import type { CronSchedule } from '../../resources/cron-schedule.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** A schedule that is not due within so many years never is: the 30th of February. */
const YEARS = 5;

/** What a clock and a calendar show somewhere. */
export interface LocalTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  /** From Sunday, 0. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The local time at `at` (ms since the epoch) in a zone of the time zone database.
 * @throws RangeError if there is no such zone
 */
export function localTime(at: number, zone: string): LocalTime {
  if (zone === 'UTC') return utcTime(at);
  let format = formats.get(zone);
  if (!format) {
    const [numeric, two] = ['numeric', '2-digit'] as const;
    const clock = { hour: two, minute: two, second: two, hourCycle: 'h23' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, year: numeric, month: two, day: two, ...clock });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  return { year, month, day, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay(), hour, minute, second };
}

function utcTime(at: number): LocalTime {
  const date = new Date(at);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

/** How far, in ms, clocks are before UTC in a zone. */
export function offsetAt(at: number, zone: string): number {
  const { year, month, day, hour, minute, second } = localTime(at, zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / SECOND) * SECOND;
}

/**
 * When a schedule is due next after `after`; undefined if never. Both in ms since the epoch. An hour that clocks skip passes without
 * what was due in it, one that they go through twice brings it twice, as with upstream's library.
 */
export function nextTime(schedule: CronSchedule, after: number, zone: string): number | undefined {
  if (schedule.every !== undefined) return Math.floor(after / SECOND) * SECOND + schedule.every;
  const [minutes, hours, days, months, weekdays] = schedule.fields!;
  const isDay = ({ day, weekday }: LocalTime) => {
    const [ofMonth, ofWeek] = [days.values.has(day), weekdays.values.has(weekday)];
    return days.isOpen || weekdays.isOpen ? ofMonth && ofWeek : ofMonth || ofWeek;
  };
  let at = (Math.floor(after / MINUTE) + 1) * MINUTE;
  const limit = localTime(at, zone).year + YEARS;
  for (let local = localTime(at, zone); local.year <= limit; local = localTime(at, zone)) {
    const { year, month, day, hour, minute } = local;
    if (!months.values.has(month)) at = beginning(year, month + 1, 1, at, zone);
    else if (!isDay(local)) at = beginning(year, month, day + 1, at, zone);
    else if (!hours.values.has(hour)) at += HOUR - minute * MINUTE;
    else if (!minutes.values.has(minute)) at += MINUTE;
    else return at;
  }
  return undefined;
}

/** When a day begins somewhere, after `now`: at midnight, or where clocks skip it, when they have. */
function beginning(year: number, month: number, day: number, now: number, zone: string): number {
  const midnight = Date.UTC(year, month - 1, day);
  let at = midnight - offsetAt(midnight - offsetAt(now, zone), zone);
  // Clocks that were set back on that day, or put forward: the hour that is nearest, and never back.
  if (localTime(at, zone).hour === 23) at += HOUR;
  else if (localTime(at - HOUR, zone).day === localTime(at, zone).day) at -= HOUR;
  return Math.max(at, now + MINUTE);
}
