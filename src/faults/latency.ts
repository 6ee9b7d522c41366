import { parseDuration } from '../clock/duration.js';
import type { Random } from '../clock/random.js';
import { isObject } from '../resources/json.js';
import { check, checkMap, DURATION, type Form, RuleError } from './reading.js';
import type { Duration } from './rule.js';

const ANY: Form = [() => true, ''];
const DISTRIBUTIONS = { uniform: ANY, normal: ANY, exponential: ANY, percentiles: ANY };
const WANTED =
  'a duration such as "200ms", or one of { uniform: ["50ms", "2s"] }, { normal: { mean, deviation } }, { exponential: { mean } }, { percentiles: { p50, p99 } }';
const PERCENTILE = /^p(\d{1,2}(?:\.\d+)?|100)$/;

/** @throws RuleError if that says no duration */
export function checkDuration(value: unknown, path: string): void {
  if (typeof value === 'string') {
    check(value, DURATION, path);
    return;
  }
  if (!isObject(value) || Object.keys(value).length !== 1) throw new RuleError(path, WANTED, value);
  checkMap(value, DISTRIBUTIONS, path);
  const { uniform, normal, exponential, percentiles } = value;
  if (uniform !== undefined) {
    const at = `${path}.uniform`;
    if (!Array.isArray(uniform) || uniform.length !== 2) throw new RuleError(at, 'two durations', uniform);
    for (const i of [0, 1]) check(uniform[i], DURATION, `${at}[${i}]`);
    if (ms(uniform[0]) > ms(uniform[1])) throw new RuleError(at, 'two durations, the shorter one first', uniform);
  }
  const parts = { mean: DURATION, ...(normal === undefined ? {} : { deviation: DURATION }) };
  for (const [name, given] of Object.entries({ normal, exponential })) {
    if (given === undefined) continue;
    checkMap(given, parts, `${path}.${name}`);
    for (const part of Object.keys(parts)) check((given as never)[part], DURATION, `${path}.${name}.${part}`);
  }
  if (percentiles !== undefined) checkPercentiles(percentiles, `${path}.percentiles`);
}

function checkPercentiles(value: unknown, path: string): void {
  if (!isObject(value) || Object.keys(value).length === 0)
    throw new RuleError(path, 'a map such as { p50: "20ms", p99: "2s" }', value);
  for (const [key, duration] of Object.entries(value)) {
    if (!PERCENTILE.test(key)) throw new RuleError(`${path}.${key}`, 'one from p0 to p100');
    check(duration, DURATION, `${path}.${key}`);
  }
  const points = pointsOf(value as Record<string, string>);
  if (points.some(([, at], i) => i > 0 && at < points[i - 1]![1]))
    throw new RuleError(path, 'durations that grow with the percentile', value);
}

const ms = (text: string): number => parseDuration(text)!;

/** The percentiles in ascending order, from 0 on. */
function pointsOf(percentiles: Readonly<Record<string, string>>): [share: number, ms: number][] {
  const points = Object.entries(percentiles).map(([key, text]): [number, number] => [
    Number(key.slice(1)) / 100,
    ms(text),
  ]);
  points.sort(([a], [b]) => a - b);
  return points[0]![0] > 0 ? [[0, 0], ...points] : points;
}

/** One of the durations that are meant, in milliseconds. */
export function drawDuration(duration: Duration, dice: Random): number {
  const draw = () => dice.uint32() / 2 ** 32;
  if (typeof duration === 'string') return ms(duration);
  if ('uniform' in duration) {
    const [least, most] = duration.uniform;
    return ms(least) + draw() * (ms(most) - ms(least));
  }
  if ('exponential' in duration) return -Math.log(1 - draw()) * ms(duration.exponential.mean);
  if ('normal' in duration) {
    const { mean, deviation } = duration.normal;
    const normal = Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
    return Math.max(0, ms(mean) + normal * ms(deviation));
  }
  const points = pointsOf(duration.percentiles);
  const share = draw();
  const next = points.findIndex(([at]) => at >= share);
  if (next <= 0) return points.at(next)![1];
  const [from, low] = points[next - 1]!;
  const [to, high] = points[next]!;
  return low + ((share - from) / (to - from)) * (high - low);
}
