import { formatTime } from '../clock/clock.js';
import type { SnapshotControl, SnapshotInfo } from './control.js';
import type { AdminRoute } from './rest.js';
import { listOf, object, schemaOf } from './schemas.js';

const NAME = { name: 'The name of the snapshot.' };
const SNAPSHOT = { 200: { description: 'The snapshot', schema: schemaOf('Snapshot') } };

/** `/_kubette/v1/snapshots`: taken, told of, put back to and deleted; and `/_kubette/v1/reset`. */
export function snapshotRoutes(snapshots: SnapshotControl): AdminRoute[] {
  return [
    {
      method: 'GET',
      path: ['snapshots'],
      doc: {
        summary: 'Tells of all snapshots',
        answers: {
          200: {
            description: 'In the order in which they were taken',
            schema: object({ snapshots: listOf(schemaOf('Snapshot')) }),
          },
        },
      },
      answer: async ({ user }) => ({ code: 200, body: { snapshots: (await snapshots.list(user)).map(shown) } }),
    },
    {
      method: 'GET',
      path: ['snapshots', '*'],
      doc: { summary: 'Tells of a snapshot', parameters: NAME, answers: SNAPSHOT },
      answer: async ({ user }, [name]) => ({ code: 200, body: shown(await snapshots.get(name!, user)) }),
    },
    {
      method: 'PUT',
      path: ['snapshots', '*'],
      doc: {
        summary: 'Keeps how the cluster stands, in place of another snapshot of the name',
        parameters: NAME,
        answers: SNAPSHOT,
      },
      answer: async ({ user }, [name]) => ({ code: 200, body: shown(await snapshots.take(name!, user)) }),
    },
    {
      method: 'DELETE',
      path: ['snapshots', '*'],
      doc: { summary: 'Forgets a snapshot', parameters: NAME, answers: SNAPSHOT },
      answer: async ({ user }, [name]) => ({ code: 200, body: shown(await snapshots.delete(name!, user)) }),
    },
    {
      method: 'POST',
      path: ['snapshots', '*', 'restore'],
      doc: { summary: 'Puts the cluster back to a snapshot', parameters: NAME, answers: SNAPSHOT },
      answer: async ({ user }, [name]) => ({ code: 200, body: shown(await snapshots.restore(name!, user)) }),
    },
    {
      method: 'POST',
      path: ['reset'],
      doc: { summary: 'Puts the cluster back to how it began', answers: SNAPSHOT },
      answer: async ({ user }) => ({ code: 200, body: shown(await snapshots.restore('initial', user)) }),
    },
  ];
}

const shown = (snapshot: SnapshotInfo): object => ({ ...snapshot, time: formatTime(snapshot.time) });
