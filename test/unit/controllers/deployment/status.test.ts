import { describe, expect, it } from 'vitest';
import { formatTime } from '../../../../src/clock/clock.js';
import { countSets, isComplete, rolloutStatus, untilDeadline } from '../../../../src/controllers/deployment/status.js';
import type { Condition } from '../../../../src/resources/types.js';
import type { ReplicaStatus } from '../../../../src/resources/workload-types.js';
import { type DeploymentFacts, deployment, NOW, set } from './builders.js';

const NOW_TEXT = formatTime(NOW);
const at = (secondsAgo: number) => formatTime(NOW - secondsAgo * 1000);

/** What was said of the progress, `secondsAgo`. */
const progress = (status: Condition['status'], reason: string, secondsAgo: number): Condition => ({
  type: 'Progressing',
  status,
  reason,
  message: 'before',
  lastUpdateTime: at(secondsAgo),
  lastTransitionTime: at(secondsAgo),
});

const counts = (replicas: number, updated: number, ready: number, available: number): ReplicaStatus => ({
  replicas,
  updatedReplicas: updated,
  readyReplicas: ready,
  availableReplicas: available,
});

describe('countSets', () => {
  it('adds up all sets; what is zero is left out', () => {
    const sets = {
      current: set('new', 3, { status: { replicas: 2, readyReplicas: 1, terminatingReplicas: 0 } }),
      old: [set('old', 8, { available: 7, status: { replicas: 8, readyReplicas: 8, terminatingReplicas: 2 } })],
    };
    expect(countSets(deployment(10, { unavailable: 2, status: { collisionCount: 1 } }), sets, NOW)).toEqual({
      observedGeneration: 1,
      replicas: 10,
      updatedReplicas: 2,
      readyReplicas: 9,
      availableReplicas: 7,
      unavailableReplicas: 4,
      terminatingReplicas: 2,
      collisionCount: 1,
      conditions: [
        {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
          lastUpdateTime: NOW_TEXT,
          lastTransitionTime: NOW_TEXT,
        },
      ],
    });
    expect(countSets(deployment(0), { old: [] }, NOW)).toMatchObject({ observedGeneration: 1, terminatingReplicas: 0 });
  });

  it('does not know how many are going as long as a set does not tell', () => {
    const sets = { old: [set('old', 1, { status: { terminatingReplicas: 1 } }), set('older', 0)] };
    expect(countSets(deployment(1), sets, NOW)).not.toHaveProperty('terminatingReplicas');
  });

  it.each([
    { available: 8, status: 'True', reason: 'MinimumReplicasAvailable' },
    { available: 7, status: 'False', reason: 'MinimumReplicasUnavailable' },
  ])('$available of 10 available, where 2 may be missing: $status', ({ available, ...condition }) => {
    const sets = { current: set('new', 10, { available }), old: [] };
    const status = countSets(deployment(10, { unavailable: 2 }), sets, NOW);
    expect(status.conditions).toEqual([expect.objectContaining({ type: 'Available', ...condition })]);
  });
});

describe('TestDeploymentComplete', () => {
  it.each([
    { name: 'not all are available', status: counts(5, 5, 4, 4), complete: false },
    { name: 'all are there', status: counts(5, 5, 5, 5), complete: true },
    { name: 'some are not updated', status: counts(5, 4, 5, 5), complete: false },
    { name: 'old ones still run', status: counts(6, 5, 6, 5), complete: false },
  ])('$name', ({ status, complete }) => {
    expect(isComplete(deployment(5), { ...status, observedGeneration: 1 })).toBe(complete);
    expect(isComplete(deployment(5), { ...status, observedGeneration: 0 })).toBe(false);
  });
});

/** The condition on progress after a look at a rollout of 3 pods, of which the current set has these. */
function progressAfter(
  before: Condition | undefined,
  stored: ReplicaStatus,
  now: ReplicaStatus,
  facts: DeploymentFacts = { progressDeadlineSeconds: 60 },
): Condition | undefined {
  const status = { ...stored, ...(before ? { conditions: [before] } : {}) };
  const sets = { current: set('new', 3, { status: now }), old: [] };
  return rolloutStatus(deployment(3, { ...facts, status }), sets, NOW).conditions?.find(c => c.type === 'Progressing');
}

describe('TestSyncRolloutStatus', () => {
  const some = counts(3, 3, 1, 1);
  const more = counts(3, 3, 2, 2);
  const every = counts(3, 3, 3, 3);

  it.each<[name: string, facts: DeploymentFacts]>([
    ['without a deadline', {}],
    ['with one that never comes', { progressDeadlineSeconds: 2 ** 31 - 1 }],
  ])('%s, progress is not spoken of', (_, facts) => {
    expect(progressAfter(progress('True', 'ReplicaSetUpdated', 5), some, more, facts)).toBeUndefined();
  });

  it('a rollout that has ended is not begun anew by pods that come and go', () => {
    const done = progress('True', 'NewReplicaSetAvailable', 1000);
    expect(progressAfter(done, every, some)).toBe(done);
  });

  it('progress renews the time of the last update, and keeps that of the last transition', () => {
    expect(progressAfter(progress('True', 'ReplicaSetUpdated', 5), some, more)).toEqual({
      type: 'Progressing',
      status: 'True',
      reason: 'ReplicaSetUpdated',
      message: 'ReplicaSet "new" is progressing.',
      lastUpdateTime: NOW_TEXT,
      lastTransitionTime: at(5),
    });
  });

  it('progress after a failure is a transition', () => {
    const after = progressAfter(progress('False', 'ProgressDeadlineExceeded', 500), some, more);
    expect(after).toMatchObject({ status: 'True', reason: 'ReplicaSetUpdated', lastTransitionTime: NOW_TEXT });
  });

  it('without progress nothing changes before the deadline', () => {
    const before = progress('True', 'ReplicaSetUpdated', 60);
    expect(progressAfter(before, some, some)).toBe(before);
  });

  it('after the deadline the rollout has failed', () => {
    expect(progressAfter(progress('True', 'ReplicaSetUpdated', 61), some, some)).toEqual({
      type: 'Progressing',
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: 'ReplicaSet "new" has timed out progressing.',
      lastUpdateTime: NOW_TEXT,
      lastTransitionTime: NOW_TEXT,
    });
  });

  it('what has failed stays so', () => {
    const before = progress('False', 'ProgressDeadlineExceeded', 500);
    expect(progressAfter(before, some, some)).toBe(before);
  });

  it('a rollout that is complete says so once', () => {
    const after = progressAfter(progress('True', 'ReplicaSetUpdated', 5), more, every);
    expect(after).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: 'ReplicaSet "new" has successfully progressed.',
      lastTransitionTime: at(5),
    });
  });

  it('speaks of the Deployment while there is no current set', () => {
    const status = rolloutStatus(deployment(0, { progressDeadlineSeconds: 60 }), { old: [] }, NOW);
    expect(status.conditions?.map(c => c.message)).toContain('Deployment "web" has successfully progressed.');
  });
});

describe('the failure of a set', () => {
  const failed = (message: string, since: number) => ({
    conditions: [
      { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message, lastTransitionTime: at(since) },
    ] satisfies Condition[],
  });
  const failureOf = (...args: Parameters<typeof rolloutStatus>) =>
    rolloutStatus(...args).conditions?.find(c => c.type === 'ReplicaFailure');

  it("becomes the Deployment's, that of the current set before others", () => {
    const sets = {
      current: set('new', 3, { status: failed('quota', 30) }),
      old: [set('old', 1, { status: failed('old quota', 90) })],
    };
    expect(failureOf(deployment(3), sets, NOW)).toEqual({
      type: 'ReplicaFailure',
      status: 'True',
      reason: 'FailedCreate',
      message: 'quota',
      lastUpdateTime: at(30),
      lastTransitionTime: at(30),
    });
    expect(failureOf(deployment(3), { old: sets.old }, NOW)).toMatchObject({ message: 'old quota' });
  });

  it('ends with it', () => {
    const told = deployment(3, { status: failed('quota', 30) });
    expect(failureOf(told, { current: set('new', 3), old: [] }, NOW)).toBeUndefined();
  });
});

describe('TestRequeueStuckDeployment: until the deadline', () => {
  const stuck = counts(3, 3, 2, 2);
  it.each([
    { name: 'no deadline', facts: {}, condition: progress('True', 'ReplicaSetUpdated', 30), after: undefined },
    { name: 'no condition', facts: { progressDeadlineSeconds: 60 }, condition: undefined, after: undefined },
    {
      name: 'failed already',
      facts: { progressDeadlineSeconds: 60 },
      condition: progress('False', 'ProgressDeadlineExceeded', 30),
      after: undefined,
    },
    {
      name: 'half of it is over',
      facts: { progressDeadlineSeconds: 60 },
      condition: progress('True', 'ReplicaSetUpdated', 30),
      after: 30_000,
    },
  ])('$name', ({ facts, condition, after }) => {
    const status = { ...stuck, ...(condition ? { conditions: [condition] } : {}) };
    expect(untilDeadline(deployment(3, facts), status, NOW)).toBe(after);
  });

  it('complete', () => {
    const status = {
      ...counts(3, 3, 3, 3),
      observedGeneration: 1,
      conditions: [progress('True', 'ReplicaSetUpdated', 30)],
    };
    expect(untilDeadline(deployment(3, { progressDeadlineSeconds: 60 }), status, NOW)).toBeUndefined();
  });
});
