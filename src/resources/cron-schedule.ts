/** A field of a schedule: what numbers it takes, and what names stand for them, from the least number on. */
interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const FIELDS: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  {
    min: 1,
    max: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const DURATION = /^[-+]?(0|(\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/;
const ZONE = /^(?:CRON_)?TZ=(\S*)\s*/;

/** The numbers that a field takes. */
interface CronField {
  readonly values: ReadonlySet<number>;
  /** It was left open (`*`): of the two fields for days, the other one decides. */
  readonly isOpen: boolean;
}

/** When something is due: at all times that all fields take, or again and again after a pause. */
export interface CronSchedule {
  /** The time zone that the schedule itself names. */
  readonly zone?: string;
  /** Minute, hour, day of the month, month, day of the week (from Sunday, 0). Absent with a pause. */
  readonly fields?: readonly [CronField, CronField, CronField, CronField, CronField];
  /** ms, whole seconds. */
  readonly every?: number;
}

/** What is wrong with a schedule, in the words of the parser that upstream uses. */
class ScheduleProblem extends Error {}

/** What is wrong with a schedule of cron; nothing if it is right. See {@link parseSchedule}. */
export function scheduleProblem(schedule: string): string | undefined {
  try {
    parseSchedule(schedule);
    return undefined;
  } catch (error) {
    if (error instanceof ScheduleProblem) return error.message;
    throw error;
  }
}

/**
 * Reads a schedule of cron: five fields of numbers, names, ranges, lists and steps, or a descriptor (`@daily`, `@every 1h30m`), after an
 * optional `TZ=zone`.
 * @throws Error that says what is wrong with it, in the words of the parser that upstream uses
 */
export function parseSchedule(schedule: string): CronSchedule {
  const zone = ZONE.exec(schedule)?.[1];
  const text = schedule.replace(ZONE, '').trim();
  const named = zone === undefined ? {} : { zone };
  if (text.startsWith('@every ')) return { ...named, every: pause(text) };
  if (text.startsWith('@') && !Object.hasOwn(DESCRIPTORS, text))
    throw new ScheduleProblem(`unrecognized descriptor: ${text}`);
  const fields = (DESCRIPTORS[text] ?? text).split(/\s+/).filter(Boolean);
  if (fields.length !== FIELDS.length) {
    const found = `found ${fields.length}: [${fields.join(' ')}]`;
    throw new ScheduleProblem(`expected exactly ${FIELDS.length} fields, ${found}`);
  }
  return { ...named, fields: fields.map((field, i) => parseField(field, FIELDS[i]!)) as never };
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
const ONE_SECOND = 1000;

/** `@every 1h30m`, in whole seconds, of which there is at least one. */
function pause(text: string): number {
  const duration = text.slice('@every '.length);
  if (!DURATION.test(duration))
    throw new ScheduleProblem(`failed to parse duration ${text}: time: invalid duration ${JSON.stringify(duration)}`);
  let ms = 0;
  for (const [, amount, unit] of duration.matchAll(/([\d.]+)([a-zµμ]+)/g)) ms += Number(amount) * (UNITS[unit!] ?? 0);
  return duration.startsWith('-') ? ONE_SECOND : Math.max(Math.floor(ms / ONE_SECOND) * ONE_SECOND, ONE_SECOND);
}

function parseField(field: string, bounds: Bounds): CronField {
  const ranges = field
    .split(',')
    .filter(Boolean)
    .map(range => parseRange(range, bounds));
  const values = new Set<number>();
  for (const { low, high, step } of ranges) for (let value = low; value <= high; value += step) values.add(value);
  return { values, isOpen: ranges.some(({ isOpen }) => isOpen) };
}

/** `*`, `5`, `1-5`, `mon-fri`, `*\/15`, `10-40/5` */
function parseRange(range: string, bounds: Bounds): { low: number; high: number; step: number; isOpen: boolean } {
  const [limits = '', stepText, ...moreSteps] = range.split('/');
  const [lowText = '', highText, ...moreLimits] = limits.split('-');
  const isStar = lowText === '*' || lowText === '?';
  let low = bounds.min;
  let high = bounds.max;
  if (!isStar) {
    low = number(lowText, bounds, range);
    const last = highText === undefined ? low : number(highText, bounds, range, moreLimits);
    // With a step, a single number is where to begin.
    high = highText === undefined && stepText !== undefined ? bounds.max : last;
  }
  if (moreSteps.length > 0) throw new ScheduleProblem(`too many slashes: ${range}`);
  const step = stepText === undefined ? 1 : number(stepText, { min: 0, max: 0 }, range);
  const refuse = (why: string) => {
    throw new ScheduleProblem(`${why}: ${range}`);
  };
  if (low < bounds.min) refuse(`beginning of range (${low}) below minimum (${bounds.min})`);
  if (high > bounds.max) refuse(`end of range (${high}) above maximum (${bounds.max})`);
  if (low > high) refuse(`beginning of range (${low}) beyond end of range (${high})`);
  if (step === 0) refuse('step of range should be a positive number');
  return { low, high, step, isOpen: isStar && step <= 1 };
}

/** The number that a text says or names. `more`: limits of the range that are too many. */
function number(text: string, { min, names = [] }: Bounds, range: string, more: readonly string[] = []): number {
  if (more.length > 0) throw new ScheduleProblem(`too many hyphens: ${range}`);
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return min + named;
  if (!/^[-+]?\d+$/.test(text)) {
    const why = `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
    throw new ScheduleProblem(`failed to parse int from ${range}: ${why}`);
  }
  const value = Number(text);
  if (value < 0) throw new ScheduleProblem(`negative number (${value}) not allowed: ${range}`);
  return value;
}
