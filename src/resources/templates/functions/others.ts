import { createHash } from 'node:crypto';
import { isObject, sortKeys } from '../../json.js';
import { format, goQuote } from '../format.js';
import { formatLayout, formatRfc3339, parseGoDuration } from '../time.js';
import {
  Float,
  isNil,
  kindName,
  MOST_CHARACTERS,
  numberIn,
  TemplateError,
  Time,
  toJson,
  typeName,
  type Value,
} from '../values.js';
import { amount, type Environment, type FunctionTable, toInt } from './function.js';

/** The time that a value stands for; now, where it stands for none. */
const timeOf = (value: Value, { now }: Environment): number => {
  if (value instanceof Time) return value.ms;
  const seconds = numberIn(value);
  return seconds === undefined ? now : seconds * 1000;
};

function later(by: Value, time: Value, environment: Environment): Time {
  return new Time(timeOf(time, environment) + (parseGoDuration(by as string) ?? 0));
}

const DATES: FunctionTable = {
  now: ['', (_, { now }) => new Time(now)],
  date: ['sa', ([layout, time], environment) => formatLayout(timeOf(time, environment), layout as string)],
  htmlDate: ['a', ([time], environment) => formatLayout(timeOf(time, environment), '2006-01-02')],
  dateModify: ['sa', ([by, time], environment) => later(by, time, environment)],
  date_modify: ['sa', ([by, time], environment) => later(by, time, environment)],
  toDate: ['ss', ([, text]) => new Time(Date.parse(text as string) || 0)],
  unixEpoch: ['a', ([time], environment) => String(Math.floor(timeOf(time, environment) / 1000))],
};

/** JSON as Go's encoder writes it, keys in order. */
function json(value: Value, escapes: boolean, space?: number): string {
  const text = JSON.stringify(sortKeys(toJson(value)), null, space);
  return escapes
    ? text.replace(/[<>&\u2028\u2029]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : text;
}

/** Numbers that come out of JSON are floats in Go. */
function fromJson(text: string): Value {
  const floats = (value: unknown): Value => {
    if (typeof value === 'number') return new Float(value);
    if (Array.isArray(value)) return value.map(floats);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, floats(item)]));
  };
  return floats(JSON.parse(text));
}

/** @throws TemplateError for what is no JSON, where `must` says so; else it is nothing */
function read(text: string, must: boolean): Value {
  try {
    return fromJson(text);
  } catch (error) {
    if (must) throw new TemplateError(String((error as Error).message));
    return undefined;
  }
}

const hash = (name: string) => (text: string) => createHash(name).update(text).digest('hex');

const ENCODINGS: FunctionTable = {
  toJson: ['a', ([value]) => json(value, true)],
  mustToJson: ['a', ([value]) => json(value, true)],
  toPrettyJson: ['a', ([value]) => json(value, true, 2)],
  toRawJson: ['a', ([value]) => json(value, false)],
  fromJson: ['s', ([text]) => read(text as string, false)],
  mustFromJson: ['s', ([text]) => read(text as string, true)],
  b64enc: ['s', ([text]) => Buffer.from(text as string).toString('base64')],
  b64dec: ['s', ([text]) => Buffer.from(text as string, 'base64').toString()],
  sha1sum: ['s', ([text]) => hash('sha1')(text as string)],
  sha256sum: ['s', ([text]) => hash('sha256')(text as string)],
  sha512sum: ['s', ([text]) => hash('sha512')(text as string)],
  adler32sum: [
    's',
    ([text]) => {
      let [a, b] = [1, 0];
      for (const byte of Buffer.from(text as string)) [a, b] = [(a + byte) % 65521, (b + ((a + byte) % 65521)) % 65521];
      return String(b * 65536 + a);
    },
  ],
};

const DIGITS = '0123456789';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ASCII = String.fromCharCode(...Array.from({ length: 95 }, (_, i) => 32 + i));

const drawn =
  (alphabet: string) =>
  (count: Value, { dice }: Environment) => {
    let text = '';
    for (let left = amount(count, 65_536); left > 0; left--) text += alphabet[dice.below(alphabet.length)];
    return text;
  };

const RANDOM: FunctionTable = {
  randInt: [
    'ii',
    ([from, to], { dice }) => {
      const [low, high] = [toInt(from), toInt(to)];
      if (high <= low) throw new TemplateError('invalid argument to Intn');
      return low + dice.below(high - low);
    },
  ],
  randNumeric: ['i', ([count], environment) => drawn(DIGITS)(count, environment)],
  randAlpha: ['i', ([count], environment) => drawn(LETTERS)(count, environment)],
  randAlphaNum: ['i', ([count], environment) => drawn(LETTERS + DIGITS)(count, environment)],
  randAscii: ['i', ([count], environment) => drawn(ASCII)(count, environment)],
  uuidv4: ['', (_, { dice }) => dice.uuid()],
  shuffle: [
    's',
    ([text], { dice }) => {
      const characters = [...(text as string)];
      for (let i = characters.length - 1; i > 0; i--) {
        const other = dice.below(i + 1);
        [characters[i], characters[other]] = [characters[other]!, characters[i]!];
      }
      return characters.join('');
    },
  ],
};

const TYPES: FunctionTable = {
  typeOf: ['a', ([value]) => typeName(value)],
  typeIs: ['sa', ([type, value]) => typeName(value) === type],
  kindOf: ['a', ([value]) => kindName(value)],
  kindIs: ['sa', ([kind, value]) => kindName(value) === kind],
};

/** The conditions that a healthy node reports, as kwok has them. */
const NODE_CONDITIONS = [
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['NetworkUnavailable', 'False', 'RouteCreated', 'RouteController created a route'],
] as const;

/** Text in quotes, whatever it is: what is no text, as JSON. */
function quoted(value: Value): string {
  if (typeof value === 'string') return json(value, true);
  return goQuote(isNil(value) ? 'null' : value instanceof Time ? format(value) : json(value, true));
}

function yaml(value: Value, indent: number, environment: Environment): string {
  const text = environment.yaml(toJson(value));
  if (indent <= 0) return text;
  const pad = ' '.repeat(amount(indent, 1000) * 2);
  if (pad.length * text.split('\n').length > MOST_CHARACTERS) throw new TemplateError('the text is too long');
  return `\n${text}`.replaceAll('\n', `\n${pad}`);
}

/** What kwok adds to Go's functions and sprig's. */
const KWOK: FunctionTable = {
  Now: ['', (_, { now }) => formatRfc3339(now)],
  StartTime: ['', (_, { startTime }) => formatRfc3339(startTime)],
  Quote: ['a', ([value]) => quoted(value)],
  YAML: ['ai?', ([value, indent], environment) => yaml(value, toInt(indent), environment)],
  Version: ['', (_, { version }) => version],
  NodeConditions: [
    '',
    () => NODE_CONDITIONS.map(([type, status, reason, message]) => ({ type, status, reason, message })),
  ],
  NodeIP: ['', (_, environment) => environment.nodeIP()],
  NodeIPWith: ['a', ([node], environment) => environment.nodeIP(node as string)],
  NodeName: ['', (_, environment) => environment.nodeName()],
  NodePort: ['', (_, environment) => environment.nodePort()],
  PodIP: ['', (_, environment) => environment.podIP()],
  PodIPWith: ['abaaa', ([node, hostNetwork], environment) => environment.podIP(node as string, hostNetwork === true)],
};

export const OTHERS: FunctionTable = { ...DATES, ...ENCODINGS, ...RANDOM, ...TYPES, ...KWOK };
