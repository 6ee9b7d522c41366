import { messageOf, StatusError } from '../registry/status.js';
import type { JsonObject } from '../resources/json.js';
import type { BehaviorControl, BehaviorInfo } from './control.js';
import type { AdminRoute } from './rest.js';
import { listOf, object, schemaOf } from './schemas.js';

const NAME = { name: 'The name of the rule.' };
const RULE = { 200: { description: 'The rule', schema: schemaOf('BehaviorRule') } };
const RULES = {
  200: { description: 'The rules', schema: object({ behaviors: listOf(schemaOf('BehaviorRule')) }) },
};
const BEHAVIORS = { group: '', plural: 'behaviors' };

/** `/_kubette/v1/behaviors`: what pods and nodes are made to do; made, told of and ended. */
export function behaviorRoutes(behaviors: BehaviorControl): AdminRoute[] {
  const find = (name: string): BehaviorInfo => {
    const rule = behaviors.get(name);
    if (!rule) throw StatusError.notFound(BEHAVIORS, name);
    return rule;
  };
  return [
    {
      method: 'GET',
      path: ['behaviors'],
      doc: { summary: 'Tells what pods and nodes are made to do', answers: RULES },
      answer: () => ({ code: 200, body: { behaviors: behaviors.list() } }),
    },
    {
      method: 'POST',
      path: ['behaviors'],
      doc: {
        summary: 'Makes pods or nodes do something, by a rule',
        body: schemaOf('BehaviorRule'),
        answers: { 201: { description: 'The rule', schema: schemaOf('BehaviorRule') } },
      },
      answer: (_, __, body) => ({ code: 201, body: added(behaviors, body) }),
    },
    {
      method: 'DELETE',
      path: ['behaviors'],
      doc: { summary: 'Ends all rules', answers: RULES },
      answer() {
        const ended = behaviors.list();
        behaviors.clear();
        return { code: 200, body: { behaviors: ended } };
      },
    },
    {
      method: 'GET',
      path: ['behaviors', '*'],
      doc: { summary: 'Tells of a rule, and whom it has struck', parameters: NAME, answers: RULE },
      answer: (_, [name]) => ({ code: 200, body: find(name!) }),
    },
    {
      method: 'PUT',
      path: ['behaviors', '*'],
      doc: {
        summary: 'Makes pods or nodes do something, in place of another rule of the name',
        parameters: NAME,
        body: schemaOf('BehaviorRule'),
        answers: RULE,
      },
      answer: (_, [name], body) => ({ code: 200, body: added(behaviors, { ...body, name: name! }) }),
    },
    {
      method: 'DELETE',
      path: ['behaviors', '*'],
      doc: { summary: 'Ends a rule', parameters: NAME, answers: RULE },
      answer(_, [name]) {
        const rule = find(name!);
        behaviors.remove(name!);
        return { code: 200, body: rule };
      },
    },
  ];
}

/** @throws StatusError 400 that says what is wrong with the rule */
function added(behaviors: BehaviorControl, body: JsonObject): BehaviorInfo {
  try {
    return behaviors.add(body as unknown as BehaviorInfo);
  } catch (error) {
    throw error instanceof TypeError ? StatusError.badRequest(messageOf(error)) : error;
  }
}
