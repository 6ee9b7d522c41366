import type { CronSchedule } from '../../resources/cron-schedule.js';
import type { CronJob } from '../../resources/workload-types.js';
import { nextTime } from './next-time.js';

/** More missed times than this are told of. */
const MANY = 100;

/** What is due of a schedule. Times are ms since the epoch. */
export interface Due {
  /** The last time that was due and has not been seen to. */
  readonly last?: number;
  /** More times have been missed than can be well. */
  readonly isTooMany: boolean;
  /** When to look again; absent if never. */
  readonly next?: number;
}

/**
 * What is due of a CronJob at `now`: only the last of several times that were missed.
 * @throws Error if the schedule is never due
 */
export function dueOf({ metadata, spec, status }: CronJob, schedule: CronSchedule, zone: string, now: number): Due {
  const { startingDeadlineSeconds } = spec;
  const since = Date.parse(status.lastScheduleTime ?? metadata.creationTimestamp);
  const { last: former, missed: all } = missedSince(since, schedule, zone, now);
  const next = nextTime(schedule, former ?? (all === 0 ? since : now), zone);
  // What was due before the deadline is too late anyway.
  const from = startingDeadlineSeconds === undefined ? since : Math.max(since, now - startingDeadlineSeconds * 1000);
  const { last, missed } = missedSince(from, schedule, zone, now);
  return {
    isTooMany: last !== undefined && missed > MANY,
    ...(last === undefined ? {} : { last }),
    ...(next === undefined ? {} : { next }),
  };
}

/**
 * The last time after `from` that was due, and about how many there were. Mirrors `mostRecentScheduleTime`, which does not go through
 * them either, but reckons with the pause between the first two; where that leads past the last one, none is seen to.
 */
function missedSince(
  from: number,
  schedule: CronSchedule,
  zone: string,
  now: number,
): { readonly last?: number; readonly missed: number } {
  const first = nextTime(schedule, from, zone);
  if (first === undefined) throw new Error('time difference between two schedules is less than 1 second');
  if (first > now) return { missed: 0 };
  const second = nextTime(schedule, first, zone);
  if (second === undefined || second > now) return { last: first, missed: 1 };
  const pause = second - first;
  const missed = Math.floor((now - first) / pause) + 1;
  let last: number | undefined;
  let at: number | undefined = nextTime(schedule, first + (missed - 2) * pause, zone);
  for (; at !== undefined && at <= now; at = nextTime(schedule, at, zone)) last = at;
  return last === undefined ? { missed } : { last, missed };
}
