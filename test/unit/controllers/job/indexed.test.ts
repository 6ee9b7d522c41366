import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobSpec } from '../../../../src/resources/workload-types.js';
import { indexOf, JobCluster } from './job-cluster.js';

let cluster: JobCluster;
beforeEach(async () => {
  cluster = await JobCluster.start();
});
afterEach(async () => {
  expect(cluster.model.errors).toEqual([]);
  await cluster.close();
});

const create = (completions: number, parallelism: number, more: Omit<Partial<JobSpec>, 'template'> = {}) =>
  cluster.create({ completionMode: 'Indexed', completions, parallelism, ...more });

const end = (index: number, exitCode = 0) => cluster.end(cluster.podOf(index), exitCode);

describe('an Indexed Job', () => {
  it('tells each pod its part', async () => {
    await create(3, 2);
    const mark = { 'batch.kubernetes.io/job-completion-index': '1' };
    expect(cluster.podOf(1)).toMatchObject({
      metadata: { generateName: 'work-1-', labels: mark, annotations: mark },
      spec: {
        hostname: 'work-1',
        containers: [
          {
            env: [
              {
                name: 'JOB_COMPLETION_INDEX',
                valueFrom: { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-completion-index']" } },
              },
            ],
          },
        ],
      },
    });
    expect(cluster.podOf(1).metadata.annotations).toEqual(mark);
  });

  it('is complete once every index is', async () => {
    await create(6, 3);
    expect(cluster.indexes).toEqual([0, 1, 2]);
    await end(1);
    expect(cluster.indexes).toEqual([0, 2, 3]);
    expect(cluster.status).toMatchObject({ succeeded: 1, completedIndexes: '1' });
    await end(2);
    await end(3);
    expect(cluster.status).toMatchObject({ succeeded: 3, completedIndexes: '1-3' });
    await end(5);
    expect(cluster.status.completedIndexes).toBe('1-3,5');
    await end(0);
    await end(4);
    expect(cluster.status).toMatchObject({ succeeded: 6, completedIndexes: '0-5' });
    expect(cluster.conditions.at(-1)).toBe('Complete CompletionsReached');
  });

  it('tries a failed index again', async () => {
    await create(2, 2);
    await end(0, 1);
    await end(1);
    await cluster.model.advance(10_000);
    expect(cluster.indexes).toEqual([0]);
    await end(0);
    expect(cluster.status).toMatchObject({ succeeded: 2, failed: 1, completedIndexes: '0,1' });
  });

  it('gives up pods that do what others do', async () => {
    await create(2, 2);
    const twin = cluster.podOf(0);
    await cluster.bind(twin);
    const { name: _, generateName: __, uid: ___, resourceVersion: ____, ...metadata } = cluster.podOf(0).metadata;
    await cluster.model.pod('double', undefined, { restartPolicy: 'Never' }, metadata);
    expect(cluster.model.getPod('double')).toBeUndefined();
    expect(cluster.indexes).toEqual([0, 1]);
  });

  it('grows and shrinks with its completions', async () => {
    await create(2, 2);
    await cluster.change({ completions: 4, parallelism: 4 });
    expect(cluster.indexes).toEqual([0, 1, 2, 3]);
    await end(3);
    expect(cluster.status.completedIndexes).toBe('3');
    await cluster.change({ completions: 3, parallelism: 3 });
    expect(cluster.status.completedIndexes).toBeUndefined();
    expect(cluster.indexes).toEqual([0, 1, 2]);
  });
});

describe('a limit for each index', () => {
  const failures = (index: number) =>
    cluster.podOf(index).metadata.annotations!['batch.kubernetes.io/job-index-failure-count'];

  it('fails the Job once all else is done', async () => {
    await create(2, 2, { backoffLimitPerIndex: 1 });
    expect(failures(0)).toBe('0');
    expect(cluster.status.failedIndexes).toBe('');
    await end(0, 1);
    await cluster.model.advance(10_000);
    expect(failures(0)).toBe('1');
    await end(0, 1);
    expect(cluster.status).toMatchObject({ failedIndexes: '0', failed: 2 });
    await cluster.model.advance(100_000);
    expect(cluster.indexes).toEqual([1]);
    await end(1);
    expect(cluster.conditions).toEqual(['FailureTarget FailedIndexes', 'Failed FailedIndexes']);
    expect(cluster.status).toMatchObject({ completedIndexes: '1', failedIndexes: '0', succeeded: 1 });
  });

  it('lets each index wait for itself', async () => {
    await create(2, 2, { backoffLimitPerIndex: 5 });
    await end(0, 1);
    await cluster.model.advance(10_000);
    await end(0, 1);
    await end(1, 1);
    await cluster.model.advance(10_000);
    expect(cluster.indexes).toEqual([1]);
    await cluster.model.advance(10_000);
    expect(cluster.indexes).toEqual([0, 1]);
    expect([failures(0), failures(1)]).toEqual(['2', '1']);
  });

  it('ends the Job at too many failed indexes', async () => {
    await create(4, 4, { backoffLimitPerIndex: 0, maxFailedIndexes: 1 });
    await end(0, 1);
    expect(cluster.conditions).toEqual([]);
    await end(2, 1);
    expect(cluster.conditions).toEqual(['FailureTarget MaxFailedIndexesExceeded', 'Failed MaxFailedIndexesExceeded']);
    expect(cluster.status.failedIndexes).toBe('0,2');
    expect(cluster.pods.map(indexOf).sort()).toEqual([0, 2]);
  });

  it.each([
    ['FailIndex', '0', undefined],
    ['Ignore', '', { 'job-index-failure-count': '0', 'job-index-ignored-failure-count': '1' }],
  ] as const)('a policy of %s', async (action, failedIndexes, counted) => {
    const rules = [{ action, onExitCodes: { operator: 'In', values: [42] } }];
    await create(2, 2, { backoffLimitPerIndex: 3, podFailurePolicy: { rules } });
    await end(0, 42);
    await cluster.model.advance(10_000);
    expect(cluster.status.failedIndexes).toBe(failedIndexes);
    expect(cluster.indexes).toEqual(counted ? [0, 1] : [1]);
    for (const [name, count] of Object.entries(counted ?? {}))
      expect(cluster.podOf(0).metadata.annotations).toHaveProperty([`batch.kubernetes.io/${name}`], count);
  });
});

describe('a success policy', () => {
  it.each([
    { rules: [{ succeededIndexes: '0,2' }], ends: [2, 0], message: 'Matched rules at index 0' },
    { rules: [{ succeededCount: 2 }], ends: [1, 3], message: 'Matched rules at index 0' },
    { rules: [{ succeededIndexes: '1-3', succeededCount: 1 }], ends: [2], message: 'Matched rules at index 0' },
    { rules: [{ succeededIndexes: '3' }, { succeededCount: 1 }], ends: [0], message: 'Matched rules at index 1' },
  ])('$rules is met by $ends, and by nothing less', async ({ rules, ends, message }) => {
    await create(5, 5, { successPolicy: { rules } });
    for (const index of ends) {
      expect(cluster.conditions).toEqual([]);
      await end(index);
    }
    expect(cluster.conditions).toEqual(['SuccessCriteriaMet SuccessPolicy', 'Complete SuccessPolicy']);
    expect(cluster.status.conditions!.at(-1)!.message).toBe(message);
    expect(cluster.active).toEqual([]);
    expect(cluster.status.succeeded).toBe(ends.length);
    expect(cluster.status.failed).toBeUndefined();
  });
});
