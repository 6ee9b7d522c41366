import { Float, MOST_ITEMS, TemplateError, type Value } from '../values.js';
import { type FunctionTable, toFloat, toInt } from './function.js';

const ints = (args: readonly Value[]): number[] => args.map(toInt);
const floats = (args: readonly Value[]): number[] => args.map(toFloat);

/** @throws TemplateError for the division that Go panics at */
function divided(a: number, b: number): { quotient: number; rest: number } {
  if (b === 0) throw new TemplateError('runtime error: integer divide by zero');
  return { quotient: Math.trunc(a / b) + 0, rest: (a % b) + 0 };
}

function rounded(value: number, digits: number, from = 0.5): number {
  const scale = 10 ** digits;
  const scaled = scale * value;
  const part = scaled - Math.trunc(scaled);
  return (part >= from ? Math.ceil(scaled) : Math.floor(scaled)) / scale;
}

/** From `from` to before `to`. @throws TemplateError if that are too many */
function steps(from: number, to: number, step: number): number[] {
  const count = step === 0 ? 0 : Math.max(0, Math.ceil((to - from) / step));
  if (count > MOST_ITEMS) throw new TemplateError(`${count} is too many`);
  return Array.from({ length: count }, (_, i) => from + i * step);
}

/** As the shell's `seq`: to, from and to, or from, step and to; the end is part of it. */
function sequence(args: readonly number[]): string {
  if (args.length === 0 || args.length > 3) return '';
  const [from, to] = args.length === 1 ? [1, args[0]!] : [args[0]!, args.at(-1)!];
  const step = args.length === 3 ? args[1]! : to < from ? -1 : 1;
  if (args.length === 3 && (to - from) * step < 0) return '';
  return steps(from, to + Math.sign(step), step).join(' ');
}

/** Sprig's functions for numbers. */
export const NUMBERS: FunctionTable = {
  int: ['a', ([value]) => toInt(value)],
  int64: ['a', ([value]) => toInt(value)],
  float64: ['a', ([value]) => new Float(toFloat(value))],
  atoi: ['s', ([text]) => (/^[-+]?\d+$/.test(text as string) ? Number(text) : 0)],
  add: ['a*', args => ints(args).reduce((sum, n) => sum + n, 0)],
  add1: ['a', ([value]) => toInt(value) + 1],
  sub: ['aa', ([a, b]) => toInt(a) - toInt(b)],
  mul: ['aa*', args => ints(args).reduce((product, n) => product * n, 1)],
  div: ['aa', ([a, b]) => divided(toInt(a), toInt(b)).quotient],
  mod: ['aa', ([a, b]) => divided(toInt(a), toInt(b)).rest],
  max: ['aa*', args => Math.max(...ints(args))],
  biggest: ['aa*', args => Math.max(...ints(args))],
  min: ['aa*', args => Math.min(...ints(args))],
  addf: ['a*', args => new Float(floats(args).reduce((sum, n) => sum + n, 0))],
  add1f: ['a', ([value]) => new Float(toFloat(value) + 1)],
  subf: ['aa*', args => new Float(floats(args).reduce((rest, n) => rest - n))],
  mulf: ['aa*', args => new Float(floats(args).reduce((product, n) => product * n, 1))],
  divf: ['aa*', args => new Float(floats(args).reduce((rest, n) => rest / n))],
  maxf: ['aa*', args => new Float(Math.max(...floats(args)))],
  minf: ['aa*', args => new Float(Math.min(...floats(args)))],
  floor: ['a', ([value]) => new Float(Math.floor(toFloat(value)))],
  ceil: ['a', ([value]) => new Float(Math.ceil(toFloat(value)))],
  round: [
    'aii?',
    ([value, digits, from]) =>
      new Float(rounded(toFloat(value), toInt(digits), from === undefined ? 0.5 : toFloat(from))),
  ],
  until: ['i', ([count]) => steps(0, toInt(count), toInt(count) < 0 ? -1 : 1)],
  untilStep: ['iii', ([from, to, step]) => steps(toInt(from), toInt(to), toInt(step))],
  seq: ['i*', args => sequence(ints(args))],
};
