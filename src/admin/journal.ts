import { formatMicroTime } from '../clock/clock.js';
import type { Journal, JournalEntry, JournalMatch, Times } from '../faults/journal.js';
import { RuleError } from '../faults/reading.js';
import { Unmet } from '../faults/unmet.js';
import { StatusError } from '../registry/status.js';
import type { JsonObject } from '../resources/json.js';
import { type AdminRoute, checkFields } from './rest.js';
import { object, schemaOf } from './schemas.js';

/** Parameters of the URL, and what they are called in a match; those that may be given several times. */
const LISTS = { verb: 'verbs', resource: 'resources' };
const TEXTS = ['namespace', 'name', 'user', 'userAgent', 'path', 'fault', 'body'];
const QUERY = {
  verb: 'As roles name it; may be given several times.',
  resource: '`pods`, `daemonsets.apps`, `pods/status`; may be given several times.',
  ...Object.fromEntries(TEXTS.map(name => [name, 'As in a match of docs/journal.md.'])),
  code: 'Of the answer; 0 if there was none. May be given several times.',
};
const REQUESTS = { 200: { description: 'The requests, the oldest first', schema: schemaOf('Journal') } };
const isTimes = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;

/** `/_kubette/v1/journal`: what was asked of the cluster's API; found, verified and forgotten. */
export function journalRoutes(journal: Journal): AdminRoute[] {
  return [
    {
      method: 'GET',
      path: ['journal'],
      doc: { summary: 'Tells what was asked of the API', query: QUERY, answers: REQUESTS },
      answer({ query }) {
        const entries = told(() => journal.find(matchIn(query)));
        return { code: 200, body: { count: entries.length, requests: entries.map(shown) } };
      },
    },
    {
      method: 'DELETE',
      path: ['journal'],
      doc: {
        summary: 'Forgets what was asked',
        answers: {
          200: {
            description: 'How much it was',
            schema: object({ count: { type: 'number', description: 'How many requests.' } }),
          },
        },
      },
      atOnce: true,
      answer: () => ({ code: 200, body: { count: journal.clear() } }),
    },
    {
      method: 'POST',
      path: ['journal', 'verify'],
      doc: {
        summary: 'Answers 409 if there were not so many requests, and says what came closest',
        body: schemaOf('JournalCheck'),
        answers: REQUESTS,
      },
      atOnce: true,
      answer(_, __, body) {
        const entries = told(() => journal.verify((body.match ?? {}) as JournalMatch, timesIn(body)));
        return { code: 200, body: { count: entries.length, requests: entries.map(shown) } };
      },
    },
  ];
}

const shown = ({ time, ...entry }: JournalEntry): object => ({ ...entry, time: formatMicroTime(time) });

/** @throws StatusError 400 for what makes no sense, 409 for what is not so */
function told<T>(look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof RuleError) throw StatusError.badRequest(error.message);
    throw error instanceof Unmet ? new StatusError(409, 'Conflict', error.message) : error;
  }
}

/** `times`, or `least` and `most`. @throws StatusError 400 */
function timesIn(body: JsonObject): { times?: Times } {
  const count = [isTimes, 'a whole number'] as const;
  checkFields(body, { match: [() => true, ''], times: count, least: count, most: count });
  const { times, least, most } = body as { times?: number | null; least?: number | null; most?: number | null };
  if (times != null) return { times };
  if (least == null && most == null) return {};
  return { times: { ...(least == null ? {} : { least }), ...(most == null ? {} : { most }) } };
}

/** @throws StatusError 400 */
function matchIn(query: URLSearchParams): JournalMatch {
  const match: Record<string, unknown> = {};
  for (const key of new Set(query.keys())) {
    const values = query.getAll(key);
    if (Object.hasOwn(LISTS, key)) match[LISTS[key as keyof typeof LISTS]] = values;
    else if (key === 'code') match.code = values.map(Number);
    else if (TEXTS.includes(key)) match[key] = values[0];
    else
      throw StatusError.badRequest(
        `there is no parameter ${JSON.stringify(key)}; there are ${[...Object.keys(LISTS), ...TEXTS, 'code'].join(', ')}`,
      );
  }
  return match;
}
