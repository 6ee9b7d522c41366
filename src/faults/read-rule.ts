import { messageOf } from '../registry/status.js';
import { isObject, type JsonObject } from '../resources/json.js';
import { parseLabelSelector } from '../resources/selector.js';
import { FAULTS, type Place, placeOf } from './catalogue.js';
import { COUNT, COUNTS, check, checkMap, DURATION, type Form, RuleError, SHARE, TEXT, TEXTS } from './reading.js';
import type { FaultMatch, FaultName, FaultWhen, ReadFault } from './rule.js';

const RESOURCE_VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const VERBS = new Set([...RESOURCE_VERBS, 'head', 'post', 'put', 'options', '*']);

/** What requests are told by, whether they are to come or were. */
export const REQUEST: Readonly<Record<string, Form>> = {
  verbs: TEXTS,
  resources: TEXTS,
  namespace: TEXT,
  name: TEXT,
  user: TEXT,
  userAgent: TEXT,
  path: [value => typeof value === 'string' && /^[/*]/.test(value), 'a path such as /api/v1/nodes or /apis/*'],
};
const WHEN = { nth: COUNTS, every: COUNT, share: SHARE, times: COUNT, after: DURATION, for: DURATION };
const ANY: Form = [() => true, ''];
const RULE: Readonly<Record<string, Form>> = { name: TEXT, match: ANY, when: ANY, fault: ANY };

const SUFFERERS: Readonly<Record<Place, string>> = {
  request: 'requests',
  commit: 'whatever is written to the disk',
  webhook: 'webhooks, which match.webhook tells',
};

/** A rule that was found to be right. */
export interface ReadRule {
  readonly name: string | undefined;
  readonly match: FaultMatch;
  readonly when: FaultWhen;
  readonly fault: ReadFault;
}

/**
 * Reads a rule.
 * @param path where it stands, for what is wrong with it
 * @throws RuleError
 */
export function readRule(value: unknown, path = ''): ReadRule {
  const at = (part: string) => (path ? `${path}.${part}` : part);
  const { name, match, when, fault } = checkMap(value, RULE, path);
  if (fault === undefined) throw new RuleError(at('fault'), `one of ${Object.keys(FAULTS).join(', ')}`);
  const read = readFault(fault, at('fault'));
  const found = readMatch(match ?? {}, at('match'));
  const place = placeOf(read.kind);
  for (const part of Object.keys(found))
    if (place === 'commit' || (part === 'webhook') !== (place === 'webhook'))
      throw new RuleError(at(`match.${part}`), `absent: ${read.kind} happens to ${SUFFERERS[place]}`);
  const { verbs: possible } = FAULTS[read.kind];
  const verbs = found.verbs;
  if (possible && verbs && !verbs.some(verb => verb === '*' || possible.includes(verb)))
    throw new RuleError(at('match.verbs'), `among those that ${read.kind} happens to (${possible.join(', ')})`, verbs);
  return {
    name: name as string | undefined,
    match: found,
    when: checkMap(when ?? {}, WHEN, at('when')) as FaultWhen,
    fault: read,
  };
}

/** @throws RuleError */
function readMatch(value: unknown, path: string): FaultMatch {
  const match = checkMap(value, { ...REQUEST, labels: TEXT, webhook: TEXT }, path) as FaultMatch;
  checkVerbs(match, path);
  if (match.labels !== undefined) {
    try {
      parseLabelSelector(match.labels);
    } catch (error) {
      throw new RuleError(`${path}.labels`, `a label selector such as app=web (${messageOf(error)})`, match.labels);
    }
  }
  return match;
}

/** @throws RuleError for a verb that there is not */
export function checkVerbs({ verbs }: Pick<FaultMatch, 'verbs'>, path: string): void {
  verbs?.forEach((verb, i) => {
    if (!VERBS.has(verb)) throw new RuleError(`${path}.verbs[${i}]`, `one of ${[...VERBS].join(', ')}`, verb);
  });
}

/** Reads a fault: its name, or `{ name: settings }`. @throws RuleError */
export function readFault(value: unknown, path: string): ReadFault {
  const [name, settings] = partsOf(value, path);
  if (!Object.hasOwn(FAULTS, name)) throw new RuleError(path, `one of ${Object.keys(FAULTS).join(', ')}`, name);
  const { fields, required = [] } = FAULTS[name as FaultName];
  checkMap(settings, fields, `${path}.${name}`);
  for (const field of required) check(settings[field], fields[field]!, `${path}.${name}.${field}`);
  return { kind: name, ...settings } as ReadFault;
}

function partsOf(value: unknown, path: string): [name: string, settings: JsonObject] {
  if (typeof value === 'string') return [value, {}];
  const [entry, ...more] = isObject(value) ? Object.entries(value) : [];
  if (!entry || more.length > 0)
    throw new RuleError(
      path,
      `the name of a fault, or { name: settings } for one (${Object.keys(FAULTS).join(', ')})`,
      value,
    );
  const [name, settings] = entry;
  if (!isObject(settings)) throw new RuleError(`${path}.${name}`, 'a map', settings);
  return [name, settings];
}
