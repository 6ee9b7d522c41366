import type { ForkControl, ForkInfo } from '../../admin/control.js';
import { formatTime } from '../../clock/clock.js';
import type { Era as EraOfCluster } from '../../resources/definition.js';
import { badInput } from '../errors.js';
import type { Era, Fork } from '../generated.js';

/** Ages by their names in the graph. */
export const ERAS = { CURRENT: 'current', V1_11: '1.11' } as const satisfies Record<Era, EraOfCluster>;

/** A fork as the graph tells of it. */
export function forkShown({ revision, time, era, createdAt, ...same }: ForkInfo): Fork {
  return {
    ...same,
    revision: String(revision),
    time: formatTime(time),
    era: era === 'current' ? 'CURRENT' : 'V1_11',
    createdAt: formatTime(createdAt),
  };
}

/** @throws GraphQLError where forks have no place to be served from */
export function canFork(forks: ForkControl | undefined): ForkControl {
  if (!forks) throw badInput('this server has no place for forks');
  return forks;
}
