import { describe, expect, it } from 'vitest';
import { formatTime } from '../../../../src/clock/clock.js';
import type { ReplicaPod } from '../../../../src/controllers/replicaset/replica-pod.js';
import { type Failure, isToldAlready, statusOf } from '../../../../src/controllers/replicaset/status.js';
import { labelSelectorMatcher } from '../../../../src/resources/selector.js';
import type { Condition } from '../../../../src/resources/types.js';
import type { ReplicaSet, ReplicaStatus } from '../../../../src/resources/workload-types.js';

const NOW = Date.parse('2025-06-01T12:00:00Z');
const template = labelSelectorMatcher({ matchLabels: { app: 'web', tier: 'front' } });

const set = (replicas: number, status: ReplicaStatus = {}, minReadySeconds = 0): ReplicaSet =>
  ({ metadata: { generation: 3 }, spec: { replicas, minReadySeconds }, status }) as unknown as ReplicaSet;

const pod = (readyFor: number | undefined, labels = { app: 'web', tier: 'front' }): ReplicaPod =>
  ({
    labels,
    ready: readyFor !== undefined,
    readySince: readyFor === undefined ? undefined : NOW - readyFor * 1000,
  }) as unknown as ReplicaPod;

const look = (of: ReplicaSet, pods: ReplicaPod[], failure?: Failure, terminating?: number) =>
  statusOf({ set: of, pods, terminating, template, failure, now: NOW });

describe('TestCalculateStatus', () => {
  const bare = { app: 'web', tier: 'back' };
  it.each([
    { name: 'one pod as the template has it', pods: [pod(5)], counts: [1, 1, 1, 1] },
    { name: 'one that has not all labels', pods: [pod(5), pod(5, bare)], counts: [2, 1, 2, 2] },
    { name: 'none that has them', pods: [pod(5, bare), pod(5, bare)], counts: [2, 0, 2, 2] },
    { name: 'one that is not ready', pods: [pod(5), pod(undefined)], counts: [2, 2, 1, 1] },
    { name: 'one that is not ready for long enough', pods: [pod(5), pod(3600)], minReady: 60, counts: [2, 2, 2, 1] },
    { name: 'none', pods: [], counts: [0, 0, 0, 0] },
  ])('$name', ({ pods, minReady, counts }) => {
    const [replicas, fullyLabeledReplicas, readyReplicas, availableReplicas] = counts;
    expect(look(set(2, {}, minReady), pods)).toEqual({
      replicas,
      fullyLabeledReplicas,
      readyReplicas,
      availableReplicas,
      observedGeneration: 3,
    });
  });

  it('counts those on their way out where that is told', () => {
    expect(look(set(1), [pod(1)], undefined, 0).terminatingReplicas).toBe(0);
  });
});

describe('TestCalculateStatusConditions: ReplicaFailure', () => {
  const failure = { error: new Error('no') };
  const condition: Condition = { type: 'ReplicaFailure', status: 'True', reason: 'Before', message: 'before' };

  it.each([
    { name: 'when pods could not be made', replicas: 2, reason: 'FailedCreate' },
    { name: 'when pods could not be deleted', replicas: 0, reason: 'FailedDelete' },
  ])('$name', ({ replicas, reason }) => {
    expect(look(set(replicas), [pod(1)], failure).conditions).toEqual([
      { type: 'ReplicaFailure', status: 'True', reason, message: 'no', lastTransitionTime: formatTime(NOW) },
    ]);
  });

  it('the first failure stays, until there is none', () => {
    const told = set(2, { conditions: [condition] });
    expect(look(told, [pod(1)], failure).conditions).toEqual([condition]);
    expect(look(told, [pod(1)])).not.toHaveProperty('conditions');
  });
});

describe('isToldAlready', () => {
  const wanted: ReplicaStatus = {
    replicas: 1,
    fullyLabeledReplicas: 1,
    readyReplicas: 0,
    availableReplicas: 0,
    terminatingReplicas: 0,
    observedGeneration: 3,
  };
  const stored = { replicas: 1, fullyLabeledReplicas: 1, terminatingReplicas: 0, observedGeneration: 3 };
  it.each<[boolean, string, ReplicaStatus]>([
    [true, 'what is 0 is left out', stored],
    [false, 'another count', { ...stored, readyReplicas: 1 }],
    [false, 'nothing on its way out, not told yet', { ...stored, terminatingReplicas: undefined }],
    [false, 'an older generation', { ...stored, observedGeneration: 2 }],
    [false, 'a condition', { ...stored, conditions: [{ type: 'ReplicaFailure', status: 'True' }] }],
  ])('%s: %s', (told, _, status) => {
    expect(isToldAlready(set(1, status), wanted)).toBe(told);
  });
});
