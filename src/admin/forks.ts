import { formatTime } from '../clock/clock.js';
import type { Era } from '../resources/definition.js';
import { parseMoment } from '../store/moment.js';
import type { ForkControl, ForkInfo } from './control.js';
import { type AdminRoute, checkFields } from './rest.js';
import { listOf, object, schemaOf } from './schemas.js';

const ID = { id: 'The id of the fork.' };
const ERAS: readonly unknown[] = ['current', '1.11'] satisfies Era[];

/** `/_kubette/v1/forks`: made, told of and deleted. */
export function forkRoutes(forks: ForkControl): AdminRoute[] {
  return [
    {
      method: 'GET',
      path: ['forks'],
      doc: {
        summary: 'Tells of all forks that are served',
        answers: { 200: { description: 'The oldest first', schema: object({ forks: listOf(schemaOf('Fork')) }) } },
      },
      answer: ({ user }) => ({ code: 200, body: { forks: forks.list(user).map(shown) } }),
    },
    {
      method: 'POST',
      path: ['forks'],
      doc: {
        summary: 'Makes a fork: a whole cluster under a path of its own',
        body: schemaOf('ForkOrder'),
        answers: { 201: { description: 'It is served', schema: schemaOf('Fork') } },
      },
      async answer({ user }, _, body) {
        checkFields(body, {
          at: [value => parseMoment(value) !== undefined, 'a revision, or a time such as 2026-11-24T10:00:00Z'],
          era: [value => ERAS.includes(value), 'current or 1.11'],
          rate: [value => typeof value === 'number' && value >= 0, "how many times as fast as the machine's time"],
          name: [value => typeof value === 'string', 'a text'],
        });
        const { at, era, rate, name } = body as {
          at?: unknown;
          era?: Era | null;
          rate?: number | null;
          name?: string | null;
        };
        const made = await forks.create(
          {
            at: at == null ? undefined : parseMoment(at),
            era: era ?? undefined,
            rate: rate ?? undefined,
            name: name ?? undefined,
          },
          user,
        );
        return { code: 201, body: shown(made) };
      },
    },
    {
      method: 'GET',
      path: ['forks', '*'],
      doc: {
        summary: 'Tells of a fork',
        parameters: ID,
        answers: { 200: { description: 'It is there', schema: schemaOf('Fork') } },
      },
      answer: ({ user }, [id]) => ({ code: 200, body: shown(forks.get(id!, user)) }),
    },
    {
      method: 'DELETE',
      path: ['forks', '*'],
      doc: {
        summary: 'Closes a fork',
        parameters: ID,
        answers: { 200: { description: 'It is gone', schema: schemaOf('Fork') } },
      },
      answer: async ({ user }, [id]) => ({ code: 200, body: shown(await forks.delete(id!, user)) }),
    },
  ];
}

const shown = (fork: ForkInfo): object => ({
  ...fork,
  time: formatTime(fork.time),
  createdAt: formatTime(fork.createdAt),
});
