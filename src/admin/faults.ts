import type { Faults } from '../faults/faults.js';
import { RuleError } from '../faults/reading.js';
import type { FaultReport, FaultRule } from '../faults/rule.js';
import { messageOf, StatusError } from '../registry/status.js';
import type { AdminRoute } from './rest.js';
import { listOf, object, schemaOf } from './schemas.js';

const NAME = { name: 'The name of the rule.' };
const RULE = { 200: { description: 'The rule', schema: schemaOf('Fault') } };
const RULES = { 200: { description: 'The rules', schema: object({ faults: listOf(schemaOf('Fault')) }) } };
const FAULTS = { group: '', plural: 'faults' };

/** `/_kubette/v1/faults`: added, told of and removed. They count for every request that comes from then on. */
export function faultRoutes(faults: Faults): AdminRoute[] {
  const find = (name: string): FaultReport => {
    const rule = faults.get(name);
    if (!rule) throw StatusError.notFound(FAULTS, name);
    return rule;
  };
  return [
    {
      method: 'GET',
      path: ['faults'],
      doc: { summary: 'Tells what goes wrong on demand, and how often it has', answers: RULES },
      answer: () => ({ code: 200, body: { faults: faults.list() } }),
    },
    {
      method: 'POST',
      path: ['faults'],
      doc: {
        summary: 'Makes requests go wrong, by a rule or several',
        body: { anyOf: [schemaOf('FaultRule'), object({ faults: listOf(schemaOf('FaultRule')) })] },
        answers: { 201: { description: 'The rules', schema: object({ faults: listOf(schemaOf('Fault')) }) } },
      },
      atOnce: true,
      answer(_, __, body) {
        return refusing(() => {
          const several = body.faults;
          if (several !== undefined && !Array.isArray(several))
            throw new RuleError('faults', 'a list of rules', several);
          return { code: 201, body: { faults: faults.add(...((several ?? [body]) as FaultRule[])) } };
        });
      },
    },
    {
      method: 'DELETE',
      path: ['faults'],
      doc: { summary: 'Ends all rules', answers: RULES },
      atOnce: true,
      answer() {
        const removed = faults.list();
        faults.clear();
        return { code: 200, body: { faults: removed } };
      },
    },
    {
      method: 'POST',
      path: ['faults', 'restart'],
      doc: {
        summary:
          'Restarts the server, as far as its clients can tell: all connections break, and for a time nobody is answered',
        body: schemaOf('Restart'),
        answers: { 202: { description: 'It will, once this is answered', schema: object({}) } },
      },
      atOnce: true,
      answer({ res }, _, body) {
        refusing(() => faults.checkRestart(body));
        // Whoever asks for it is answered before his connection breaks like the others.
        res.once('finish', () => setImmediate(() => faults.restart(body)));
        return { code: 202, body: {} };
      },
    },
    {
      method: 'GET',
      path: ['faults', '*'],
      doc: { summary: 'Tells of a rule, and how often it has matched and fired', parameters: NAME, answers: RULE },
      answer: (_, [name]) => ({ code: 200, body: find(name!) }),
    },
    {
      method: 'DELETE',
      path: ['faults', '*'],
      doc: { summary: 'Ends a rule', parameters: NAME, answers: RULE },
      atOnce: true,
      answer(_, [name]) {
        const removed = find(name!);
        faults.remove(name!);
        return { code: 200, body: removed };
      },
    },
    {
      method: 'POST',
      path: ['faults', 'verify'],
      doc: { summary: 'Answers 409 if there is a rule that never fired, and says what came closest', answers: RULES },
      atOnce: true,
      answer() {
        try {
          faults.verify();
        } catch (error) {
          throw new StatusError(409, 'Conflict', messageOf(error));
        }
        return { code: 200, body: { faults: faults.list() } };
      },
    },
  ];
}

/** @throws StatusError 400 for what makes no sense */
function refusing<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof RuleError ? StatusError.badRequest(error.message) : error;
  }
}
