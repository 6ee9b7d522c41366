import { TemplateError, Time, type Value } from './values.js';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Longer ones first, where one begins like another. */
const LAYOUT =
  /January|Jan|Monday|Mon|MST|Z07:00:00|Z07:00|Z0700|Z07|-07:00:00|-07:00|-0700|-07|2006|[.,]0+(?!\d)|[.,]9+(?!\d)|__2|002|_2|01|02|03|04|05|06|15|PM|pm|1|2|3|4|5/g;

/** A time by one of Go's layouts (`2006-01-02T15:04:05Z07:00`), in UTC. */
export function formatLayout(ms: number, layout: string): string {
  const time = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  const [month, day, weekday] = [time.getUTCMonth(), time.getUTCDate(), time.getUTCDay()];
  const [hour, minute, second] = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()];
  const year = time.getUTCFullYear();
  const dayOfYear = Math.floor((Date.UTC(year, month, day) - Date.UTC(year, 0, 1)) / 86_400_000) + 1;
  const fraction = String(time.getUTCMilliseconds()).padStart(3, '0');
  const known: Record<string, string> = {
    January: MONTHS[month]!,
    Jan: MONTHS[month]!.slice(0, 3),
    Monday: DAYS[weekday]!,
    Mon: DAYS[weekday]!.slice(0, 3),
    MST: 'UTC',
    '2006': String(year).padStart(4, '0'),
    '06': two(year % 100),
    '01': two(month + 1),
    '1': String(month + 1),
    '02': two(day),
    _2: String(day).padStart(2),
    '2': String(day),
    '002': String(dayOfYear).padStart(3, '0'),
    __2: String(dayOfYear).padStart(3),
    '15': two(hour),
    '03': two(hour % 12 || 12),
    '3': String(hour % 12 || 12),
    '04': two(minute),
    '4': String(minute),
    '05': two(second),
    '5': String(second),
    PM: hour < 12 ? 'AM' : 'PM',
    pm: hour < 12 ? 'am' : 'pm',
  };
  return layout.replace(LAYOUT, piece => {
    if (/^Z07/.test(piece)) return 'Z';
    if (piece.startsWith('-07')) return piece.replace('7', '0');
    if (/^[.,]0/.test(piece)) return piece[0] + fraction.padEnd(piece.length - 1, '0').slice(0, piece.length - 1);
    if (/^[.,]9/.test(piece)) {
      const shown = fraction.slice(0, piece.length - 1).replace(/0+$/, '');
      return shown === '' ? '' : piece[0] + shown;
    }
    return known[piece] ?? piece;
  });
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** A duration as Go's `time.ParseDuration` reads it (`-1.5h`, `300ms`, `0`), in ms; undefined if `text` is none. */
export function parseGoDuration(text: string): number | undefined {
  if (/^[-+]?0$/.test(text)) return 0;
  if (!/^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return undefined;
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g))
    ms += Number(amount) * UNITS[unit!]!;
  return text.startsWith('-') ? -ms : ms;
}

const RFC3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:[Zz]|[-+]\d\d:\d\d)$/;

/** A time as Go's `time.RFC3339Nano` reads it, in ms since the epoch; undefined if `text` is none. */
export function parseRfc3339(text: string): number | undefined {
  const ms = RFC3339.test(text) ? Date.parse(text.replace(',', '.')) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** As Go's `time.RFC3339Nano`: the fraction without zeros at its end. */
export const formatRfc3339 = (ms: number): string => new Date(ms).toISOString().replace(/\.?0*Z$/, 'Z');

/** What a method of `time.Time` answers; undefined if it is not known here. */
export function timeMethod({ ms }: Time, name: string, [layout]: readonly Value[]): Value {
  switch (name) {
    case 'UTC':
    case 'Local':
      return new Time(ms);
    case 'Unix':
      return Math.floor(ms / 1000);
    case 'UnixMilli':
      return Math.floor(ms);
    case 'Year':
      return new Date(ms).getUTCFullYear();
    case 'Format':
      if (typeof layout !== 'string') throw new TemplateError('wrong type for value; expected string');
      return formatLayout(ms, layout);
    default:
      return undefined;
  }
}
