import { formatTime } from '../clock/clock.js';
import type { SnapshotControl, SnapshotInfo } from './control.js';
import type { AdminRoute } from './rest.js';

/** `/_kubette/v1/snapshots`: taken, told of, put back to and deleted; and `/_kubette/v1/reset`. */
export function snapshotRoutes(snapshots: SnapshotControl): AdminRoute[] {
  return [
    {
      method: 'GET',
      path: ['snapshots'],
      answer: async ({ user }) => ({ code: 200, body: { snapshots: (await snapshots.list(user)).map(shown) } }),
    },
    {
      method: 'GET',
      path: ['snapshots', '*'],
      answer: async ({ user }, [name]) => ({ code: 200, body: shown(await snapshots.get(name!, user)) }),
    },
    {
      method: 'PUT',
      path: ['snapshots', '*'],
      answer: async ({ user }, [name]) => ({ code: 200, body: shown(await snapshots.take(name!, user)) }),
    },
    {
      method: 'DELETE',
      path: ['snapshots', '*'],
      answer: async ({ user }, [name]) => ({ code: 200, body: shown(await snapshots.delete(name!, user)) }),
    },
    {
      method: 'POST',
      path: ['snapshots', '*', 'restore'],
      answer: async ({ user }, [name]) => ({ code: 200, body: shown(await snapshots.restore(name!, user)) }),
    },
    {
      method: 'POST',
      path: ['reset'],
      answer: async ({ user }) => ({ code: 200, body: shown(await snapshots.restore('initial', user)) }),
    },
  ];
}

const shown = (snapshot: SnapshotInfo): object => ({ ...snapshot, time: formatTime(snapshot.time) });
