import { CelFailure, Duration, Timestamp } from '../values.js';
import type { Row } from './overload.js';

const NANOS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const DURATION = /^([+-]?)(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+)$/;
const MOMENT = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
const SECOND = 1_000_000_000n;

/** A duration of Go's. @throws CelFailure if it is none */
export function durationOf(text: string): Duration {
  const [, sign] = DURATION.exec(text) ?? fail(text, 'google.protobuf.Duration');
  let nanos = 0n;
  for (const [, amount, unit] of text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g)) {
    const [whole = '', fraction = ''] = amount!.split('.');
    nanos += BigInt(whole || '0') * NANOS[unit!]!;
    nanos += (BigInt(fraction || '0') * NANOS[unit!]!) / 10n ** BigInt(fraction.length);
  }
  return new Duration(sign === '-' ? -nanos : nanos);
}

/** Seconds, as protobuf writes a duration. */
export function durationText({ nanos }: Duration): string {
  const fraction = String((nanos < 0n ? -nanos : nanos) % SECOND)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${nanos < 0n && nanos > -SECOND ? '-' : ''}${nanos / SECOND}${fraction ? `.${fraction}` : ''}s`;
}

/** A moment as RFC 3339 writes it. @throws CelFailure if it is none */
export function timestampOf(text: string): Timestamp {
  const [, date, time, fraction = '', zone] = MOMENT.exec(text) ?? fail(text, 'google.protobuf.Timestamp');
  const ms = Date.parse(`${date}T${time}${zone!.toUpperCase()}`);
  if (Number.isNaN(ms)) fail(text, 'google.protobuf.Timestamp');
  return new Timestamp(BigInt(ms) * 1_000_000n + BigInt(fraction.slice(1, 10).padEnd(9, '0') || '0'));
}

export function timestampText(moment: Timestamp): string {
  const fraction = String(((moment.nanos % SECOND) + SECOND) % SECOND)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return dateOf(moment)
    .toISOString()
    .replace(/\.\d+Z$/, fraction ? `.${fraction}Z` : 'Z');
}

function fail(text: string, type: string): never {
  throw new CelFailure(`type conversion error from 'string' to '${type}': "${text}"`);
}

const dateOf = ({ nanos }: Timestamp) =>
  new Date(Number((nanos - (((nanos % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n));

/** The moment as its clocks show it there, in a date whose UTC fields are meant. */
function local(moment: Timestamp, zone: string): Date {
  const date = dateOf(moment);
  const offset = /^([+-]?)(\d{2}):(\d{2})$/.exec(zone);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3]);
    return new Date(date.getTime() + (offset[1] === '-' ? -minutes : minutes) * 60_000);
  }
  try {
    const text = date.toLocaleString('sv-SE', { timeZone: zone });
    return new Date(`${text.replace(' ', 'T')}.${String(date.getUTCMilliseconds()).padStart(3, '0')}Z`);
  } catch {
    throw new CelFailure(`unknown time zone ${zone}`);
  }
}

const dayOfYear = (date: Date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000);

const PARTS: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: date => date.getUTCFullYear(),
  getMonth: date => date.getUTCMonth(),
  getDate: date => date.getUTCDate(),
  getDayOfMonth: date => date.getUTCDate() - 1,
  getDayOfWeek: date => date.getUTCDay(),
  getDayOfYear: dayOfYear,
  getHours: date => date.getUTCHours(),
  getMinutes: date => date.getUTCMinutes(),
  getSeconds: date => date.getUTCSeconds(),
  getMilliseconds: date => date.getUTCMilliseconds(),
};

const UNITS = { getHours: NANOS.h!, getMinutes: NANOS.m!, getSeconds: NANOS.s! };

export const TIME: readonly Row[] = [
  ...Object.entries(PARTS).flatMap(([name, part]): Row[] => [
    [`timestamp.${name}() int`, (moment: Timestamp) => BigInt(part(dateOf(moment)))],
    [`timestamp.${name}(string) int`, (moment: Timestamp, zone: string) => BigInt(part(local(moment, zone)))],
  ]),
  ...Object.entries(UNITS).map(
    ([name, unit]): Row => [`duration.${name}() int`, ({ nanos }: Duration) => nanos / unit],
  ),
  ['duration.getMilliseconds() int', ({ nanos }: Duration) => (nanos / 1_000_000n) % 1000n],
];
