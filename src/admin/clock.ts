import { formatTime } from '../clock/clock.js';
import { parseDuration } from '../clock/duration.js';
import type { Registry } from '../registry/registry.js';
import { messageOf, StatusError } from '../registry/status.js';
import type { JsonObject } from '../resources/json.js';
import { type ClockControl, type Conditions, MAX_ADVANCE_MS } from './control.js';
import { type AdminRoute, checkFields } from './rest.js';
import { schemaOf } from './schemas.js';

/** What the clock's routes are made of. */
export interface ClockRoutesOptions {
  readonly registry: Registry;
  readonly clock: ClockControl;
  readonly conditions: Conditions;
  /** Resolves when nothing is left to do but what timers set off. */
  readonly settled: () => Promise<void>;
}

const TOLD = { 200: { description: 'How the clock stands then', schema: schemaOf('Clock') } };

const isText = (value: unknown) => typeof value === 'string';

/** What can be waited for: see `ConditionInput` in explain/condition.ts. */
const WANTED = {
  object: [isText, 'a kind and a name, such as ds/agent'],
  namespace: [isText, 'a name'],
  for: [isText, 'what is to be true of the object, such as rollout or condition=Ready'],
  pods: [(value: unknown) => Number.isInteger(value) && (value as number) >= 0, 'a number of pods'],
  labelSelector: [isText, 'a selector, such as app=agent'],
  fieldSelector: [isText, 'a selector, such as status.phase=Running'],
} as const;

/** `/_kubette/v1/clock`: told, set going and stopped, moved; and `/_kubette/v1/settled`, which waits. */
export function clockRoutes({ registry, clock, conditions, settled }: ClockRoutesOptions): AdminRoute[] {
  const told = async (more: object = {}) => {
    await registry.log.committed();
    const { time, ahead, ...state } = clock.state;
    const aheadSeconds = Math.trunc(ahead / 1000);
    return {
      code: 200,
      body: { ...state, time: formatTime(time), aheadSeconds, revision: registry.revision, ...more },
    };
  };
  return [
    {
      method: 'GET',
      path: ['clock'],
      doc: { summary: 'Tells the time', answers: TOLD },
      answer: () => told(),
    },
    {
      method: 'PATCH',
      path: ['clock'],
      doc: { summary: 'Sets the clock going at a rate, or stops it', body: schemaOf('Rate'), answers: TOLD },
      answer(_, __, body) {
        checkFields(body, { rate: [value => typeof value === 'number', 'a number'] });
        try {
          if (body.rate != null) clock.setRate(body.rate as number);
        } catch (error) {
          throw StatusError.badRequest(messageOf(error));
        }
        return told();
      },
    },
    {
      method: 'POST',
      path: ['clock', 'advance'],
      doc: {
        summary: 'Moves a clock that stands still; answers when all is done that this set off',
        body: schemaOf('Advance'),
        answers: TOLD,
      },
      async answer(_, __, body) {
        const ms = durationIn(body, 'by');
        await moved(() => clock.advance(ms));
        return told();
      },
    },
    {
      method: 'POST',
      path: ['clock', 'rest'],
      doc: {
        summary: 'Moves a clock that stands still until nothing goes on any more',
        body: schemaOf('Limit'),
        answers: TOLD,
      },
      async answer(_, __, body) {
        const ms = durationIn(body, 'limit', '1h');
        const { passed, ...rest } = await moved(() => clock.comeToRest(ms));
        return told({ ...rest, passedSeconds: passed / 1000 });
      },
    },
    {
      method: 'POST',
      path: ['clock', 'run-until'],
      doc: {
        summary: 'Moves a clock that stands still until something has come true, in the words of kubectl',
        body: schemaOf('Wanted'),
        answers: TOLD,
      },
      async answer(_, __, { limit = null, ...wanted }) {
        checkFields(wanted, WANTED);
        const ms = durationIn({ limit }, 'limit', '1h');
        const standing = conditions(wanted);
        const started = clock.state.time;
        const met = await moved(() => clock.runUntil(() => standing().met, ms));
        return told({ met, message: standing().message, passedSeconds: (clock.state.time - started) / 1000 });
      },
    },
    {
      method: 'POST',
      path: ['settled'],
      doc: { summary: 'Answers when nothing is left to do but what the clock will bring', answers: TOLD },
      atOnce: true,
      async answer() {
        await settled();
        return told();
      },
    },
  ];
}

/** @throws StatusError 400 */
function durationIn(body: JsonObject, field: string, absent?: string): number {
  checkFields(body, {
    [field]: [value => typeof value === 'string' && parseDuration(value) !== undefined, 'a duration such as "40s"'],
  });
  const text = (body[field] ?? absent) as string | undefined;
  if (text === undefined) throw StatusError.badRequest(`${field} is missing: a duration such as "40s"`);
  const ms = parseDuration(text)!;
  if (ms > MAX_ADVANCE_MS) throw StatusError.badRequest('the clock can be moved by 24h at most');
  return ms;
}

/** @throws StatusError 409 if the clock runs */
async function moved<T>(move: () => Promise<T>): Promise<T> {
  try {
    return await move();
  } catch (error) {
    throw error instanceof TypeError ? new StatusError(409, 'Conflict', error.message) : error;
  }
}
