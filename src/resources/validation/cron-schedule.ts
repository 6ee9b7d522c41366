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

const DESCRIPTORS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];
const DURATION = /^[-+]?(0|(\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/;

/**
 * What is wrong with a schedule of cron, in the words of the parser that upstream uses: five fields of numbers, names, ranges,
 * lists and steps, or a descriptor (`@daily`, `@every 1h30m`), after an optional `TZ=zone`. Nothing if it is right.
 */
export function scheduleProblem(schedule: string): string | undefined {
  const text = schedule.replace(/^(CRON_)?TZ=\S*\s*/, '').trim();
  if (text.startsWith('@')) return descriptorProblem(text);
  const fields = text.split(/\s+/).filter(Boolean);
  if (fields.length !== FIELDS.length) {
    return `expected exactly ${FIELDS.length} fields, found ${fields.length}: [${fields.join(' ')}]`;
  }
  for (const [i, field] of fields.entries()) {
    for (const range of field.split(',').filter(Boolean)) {
      const problem = rangeProblem(range, FIELDS[i]!);
      if (problem) return problem;
    }
  }
  return undefined;
}

function descriptorProblem(text: string): string | undefined {
  if (DESCRIPTORS.includes(text)) return undefined;
  const every = '@every ';
  if (!text.startsWith(every)) return `unrecognized descriptor: ${text}`;
  const duration = text.slice(every.length);
  return DURATION.test(duration)
    ? undefined
    : `failed to parse duration ${text}: time: invalid duration ${JSON.stringify(duration)}`;
}

/** `*`, `5`, `1-5`, `mon-fri`, `*\/15`, `10-40/5` */
function rangeProblem(range: string, bounds: Bounds): string | undefined {
  const [limits = '', stepText, ...moreSteps] = range.split('/');
  const [lowText = '', highText, ...moreLimits] = limits.split('-');
  let low = bounds.min;
  let high = bounds.max;
  if (lowText !== '*' && lowText !== '?') {
    const first = number(lowText, bounds, range);
    if (typeof first === 'string') return first;
    const last = highText === undefined ? first : number(highText, bounds, range);
    if (moreLimits.length > 0) return `too many hyphens: ${range}`;
    if (typeof last === 'string') return last;
    low = first;
    // With a step, a single number is where to begin.
    high = highText === undefined && stepText !== undefined ? bounds.max : last;
  }
  if (moreSteps.length > 0) return `too many slashes: ${range}`;
  const step = stepText === undefined ? 1 : number(stepText, { min: 0, max: 0 }, range);
  if (typeof step === 'string') return step;
  if (low < bounds.min) return `beginning of range (${low}) below minimum (${bounds.min}): ${range}`;
  if (high > bounds.max) return `end of range (${high}) above maximum (${bounds.max}): ${range}`;
  if (low > high) return `beginning of range (${low}) beyond end of range (${high}): ${range}`;
  return step === 0 ? `step of range should be a positive number: ${range}` : undefined;
}

/** The number that a text says or names; what is wrong with it otherwise. */
function number(text: string, { min, names = [] }: Bounds, range: string): number | string {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return min + named;
  if (!/^[-+]?\d+$/.test(text)) {
    return `failed to parse int from ${range}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  }
  const value = Number(text);
  return value < 0 ? `negative number (${value}) not allowed: ${range}` : value;
}
