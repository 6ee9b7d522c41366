import type { JournalEntry, JournalMatch } from './journal.js';
import { type Asked, Matcher, told, whyNot } from './matching.js';
import { checkVerbs, REQUEST } from './read-rule.js';
import { checkMap, type Form, TEXT } from './reading.js';
import type { FaultMatch } from './rule.js';

const isCode = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < 600;
const MATCH: Readonly<Record<string, Form>> = {
  ...REQUEST,
  code: [
    value => isCode(value) || (Array.isArray(value) && value.length > 0 && value.every(isCode)),
    'a code, or a list of these; 0 for no answer',
  ],
  fault: TEXT,
  body: TEXT,
};

/** A match of the journal made ready to be held against entries. */
export class JournalMatcher {
  readonly #match: JournalMatch;
  readonly #request: FaultMatch;
  readonly #matcher: Matcher;

  /** @throws RuleError (a TypeError) for a match that makes no sense */
  constructor(match: JournalMatch) {
    checkMap(match, MATCH, 'match');
    checkVerbs(match, 'match');
    const { code: _, fault: __, body: ___, ...request } = match;
    this.#match = match;
    this.#request = request;
    this.#matcher = new Matcher(request);
  }

  /** What of the match is not so of an entry, in words. */
  misses(entry: JournalEntry): string[] {
    const { code, fault, body } = this.#match;
    const asked = askedOf(entry);
    const missed = this.#matcher.misses(asked).map(part => whyNot(this.#request, part, asked));
    const codes = code === undefined ? undefined : [code].flat();
    if (codes && !codes.includes(entry.code)) missed.push(`code ${codes.join(', ')}: it is ${entry.code}`);
    if (fault !== undefined && !entry.faults.includes(fault))
      missed.push(`fault ${fault}: it is ${entry.faults.join(', ') || 'none'}`);
    if (body !== undefined && !entry.body?.includes(body))
      missed.push(`body ${body}: it is ${entry.body === undefined ? 'not kept' : 'another'}`);
    return missed;
  }
}

/** An entry in words: `update daemonsets.apps default/agent (by admin, kubectl/v1.35) → 409`. */
export function described(entry: JournalEntry): string {
  return `${told(askedOf(entry))} → ${entry.code === 0 ? 'broken off' : entry.code}`;
}

function askedOf({ verb, url, resource, namespace, name, user, userAgent }: JournalEntry): Asked {
  const [kind = '', subresource = ''] = resource.split('/');
  const dot = kind.indexOf('.');
  const [plural, group] = dot < 0 ? [kind, ''] : [kind.slice(0, dot), kind.slice(dot + 1)];
  return {
    verb,
    path: url.split('?', 1)[0]!,
    resource: resource === '' ? undefined : { group, plural, subresource, namespace, name },
    user,
    userAgent,
    labels: () => ({ labels: undefined }),
    resumed: false,
    usual: true,
  };
}
