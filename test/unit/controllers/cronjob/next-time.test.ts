import { describe, expect, it } from 'vitest';
import { nextTime } from '../../../../src/controllers/cronjob/next-time.js';
import { parseSchedule } from '../../../../src/resources/cron-schedule.js';

const iso = (at: number | undefined) => at && `${new Date(at).toISOString().slice(0, 19)}Z`;

/** The first `count` times after `from`. */
function times(schedule: string, from: string, count: number, zone = 'UTC'): (string | number | undefined)[] {
  const found: (string | number | undefined)[] = [];
  for (let at: number | undefined = Date.parse(from); found.length < count && at !== undefined; )
    found.push(iso((at = nextTime(parseSchedule(schedule), at, zone))));
  return found;
}

describe('the next time of a schedule', () => {
  // The first of January 2025 is a Wednesday.
  it.each<[string, string, string[]]>([
    ['* * * * *', '2025-01-01T00:00:30Z', ['2025-01-01T00:01:00Z', '2025-01-01T00:02:00Z']],
    ['0 * * * *', '2025-01-01T00:00:00Z', ['2025-01-01T01:00:00Z', '2025-01-01T02:00:00Z']],
    ['*/20 23 * * *', '2025-01-01T23:30:00Z', ['2025-01-01T23:40:00Z', '2025-01-02T23:00:00Z']],
    ['5/25 12 * * *', '2025-01-01T00:00:00Z', ['2025-01-01T12:05:00Z', '2025-01-01T12:30:00Z', '2025-01-01T12:55:00Z']],
    ['30 6-16/4 * * 1-5', '2025-01-03T10:30:00Z', ['2025-01-03T14:30:00Z', '2025-01-06T06:30:00Z']],
    ['0 0 31 * *', '2025-01-31T00:00:00Z', ['2025-03-31T00:00:00Z', '2025-05-31T00:00:00Z']],
    ['0 0 29 2 *', '2025-01-01T00:00:00Z', ['2028-02-29T00:00:00Z']],
    ['0 0 13 * fri', '2025-01-01T00:00:00Z', ['2025-01-03T00:00:00Z', '2025-01-10T00:00:00Z', '2025-01-13T00:00:00Z']],
    ['0 0 */2 * fri', '2025-01-01T00:00:00Z', ['2025-01-03T00:00:00Z', '2025-01-05T00:00:00Z']],
    ['0 0 ? jan,DEC sun', '2025-01-26T00:00:00Z', ['2025-12-07T00:00:00Z']],
    ['@yearly', '2025-01-01T00:00:00Z', ['2026-01-01T00:00:00Z']],
    ['@monthly', '2025-01-01T00:00:00Z', ['2025-02-01T00:00:00Z']],
    ['@weekly', '2025-01-01T00:00:00Z', ['2025-01-05T00:00:00Z']],
    ['@daily', '2025-12-31T00:00:00Z', ['2026-01-01T00:00:00Z']],
    ['@hourly', '2025-01-01T00:59:59Z', ['2025-01-01T01:00:00Z']],
    ['@every 1h30m', '2025-01-01T00:00:10Z', ['2025-01-01T01:30:10Z', '2025-01-01T03:00:10Z']],
    ['@every 10ms', '2025-01-01T00:00:10Z', ['2025-01-01T00:00:11Z']],
  ])('%s after %s: %j', (schedule, from, expected) => expect(times(schedule, from, expected.length)).toEqual(expected));

  it.each<[string, string, string, string[]]>([
    ['0 9 * * *', 'Europe/Berlin', '2025-01-01T00:00:00Z', ['2025-01-01T08:00:00Z', '2025-01-02T08:00:00Z']],
    ['0 9 * * *', 'America/New_York', '2025-07-01T00:00:00Z', ['2025-07-01T13:00:00Z']],
    ['15 0 1 * *', 'Asia/Kolkata', '2025-01-15T00:00:00Z', ['2025-01-31T18:45:00Z']],
    // Clocks go from 2:00 to 3:00: what is due in between is not that day.
    ['30 2 * * *', 'Europe/Berlin', '2025-03-29T12:00:00Z', ['2025-03-31T00:30:00Z']],
    // Clocks go back from 3:00 to 2:00: it is half past two twice.
    ['30 2 * * *', 'Europe/Berlin', '2025-10-25T12:00:00Z', ['2025-10-26T00:30:00Z', '2025-10-26T01:30:00Z']],
    // A day that begins at one o'clock.
    ['@daily', 'Africa/Cairo', '2025-04-24T12:00:00Z', ['2025-04-25T21:00:00Z']],
    ['30 * 25 4 *', 'Africa/Cairo', '2025-04-24T12:00:00Z', ['2025-04-24T22:30:00Z']],
  ])('%s in %s after %s: %j', (schedule, zone, from, expected) =>
    expect(times(schedule, from, expected.length, zone)).toEqual(expected),
  );

  it('may be never', () => expect(times('0 0 30 2 *', '2025-01-01T00:00:00Z', 1)).toEqual([undefined]));

  it('is the first minute that all fields take', () => {
    // Counted minute by minute, through both changes of the clocks.
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'America/Santiago',
      hour: '2-digit',
      minute: '2-digit',
    });
    const from = Date.UTC(2025, 3, 4);
    const all = Array.from({ length: 3 * 1440 }, (_, i) => from + i * 60_000);
    const expected = all.filter(at => /^(00|05|23):(00|45)$/.test(format.format(at))).map(iso);
    // The clocks go back within these days, at midnight: it is eleven twice.
    expect(expected).toHaveLength(20);
    expect(times('0,45 0,5,23 * * *', '2025-04-03T23:59:59Z', expected.length, 'America/Santiago')).toEqual(expected);
  });
});
