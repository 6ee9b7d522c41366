import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pods } from '../../../../src/resources/index.js';
import { JobCluster } from './job-cluster.js';

let cluster: JobCluster;
beforeEach(async () => {
  cluster = await JobCluster.start();
});
afterEach(async () => {
  expect(cluster.model.errors).toEqual([]);
  await cluster.close();
});

const TRACKED = 'batch.kubernetes.io/job-tracking';
const told = () => cluster.model.events.map(event => event.split(' ')[2]);

describe('a Job', () => {
  it('makes a pod, waits for its end, and is complete', async () => {
    await cluster.create();
    const [pod] = cluster.pods;
    const { uid } = cluster.job.metadata;
    expect(pod!.metadata).toMatchObject({
      generateName: 'work-',
      finalizers: [TRACKED],
      labels: {
        'batch.kubernetes.io/controller-uid': uid,
        'batch.kubernetes.io/job-name': 'work',
        'controller-uid': uid,
        'job-name': 'work',
      },
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'Job', name: 'work', uid, controller: true, blockOwnerDeletion: true },
      ],
    });
    expect(cluster.status).toEqual({
      active: 1,
      ready: 0,
      terminating: 0,
      startTime: expect.any(String),
      uncountedTerminatedPods: {},
    });
    await cluster.model.setPodStatus(pod!.metadata.name, {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
    });
    expect(cluster.status).toMatchObject({ active: 1, ready: 1 });

    await cluster.model.advance(5000);
    await cluster.end(pod!, 0);
    expect(cluster.pods[0]!.metadata.finalizers).toBeUndefined();
    const time = expect.stringMatching(/:05Z$/);
    const condition = { status: 'True', lastProbeTime: time, lastTransitionTime: time };
    const reached = { reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };
    expect(cluster.status).toEqual({
      succeeded: 1,
      ready: 0,
      terminating: 0,
      startTime: expect.any(String),
      completionTime: time,
      uncountedTerminatedPods: {},
      conditions: [
        { type: 'SuccessCriteriaMet', ...condition, ...reached },
        { type: 'Complete', ...condition, ...reached },
      ],
    });
    expect(told()).toEqual(['SuccessfulCreate', 'Completed']);
  });

  it.each([
    { completions: 5, parallelism: 2, waves: [2, 2, 1] },
    { completions: 2, parallelism: 5, waves: [2] },
    { completions: 3, parallelism: undefined, waves: [1, 1, 1] },
    { completions: undefined, parallelism: 3, waves: [3] },
    { completions: 0, parallelism: 1, waves: [] },
  ])('of $completions completions, $parallelism at a time, works in waves of $waves', async ({ waves, ...spec }) => {
    await cluster.create(JSON.parse(JSON.stringify(spec)));
    for (const wave of waves) expect(await cluster.endAll(0)).toBe(wave);
    expect(cluster.conditions).toEqual(['SuccessCriteriaMet CompletionsReached', 'Complete CompletionsReached']);
    expect(cluster.status.succeeded ?? 0).toBe(waves.reduce((a, b) => a + b, 0));
  });

  it('without a number of completions makes no more pods once one has succeeded', async () => {
    await cluster.create({ parallelism: 3 });
    await cluster.end(cluster.active[0]!, 0);
    expect(cluster.active).toHaveLength(2);
    await cluster.end(cluster.active[0]!, 1);
    expect(cluster.active).toHaveLength(1);
    expect(cluster.conditions).toEqual([]);
    await cluster.endAll(0);
    expect(cluster.status).toMatchObject({ succeeded: 2, failed: 1 });
    expect(cluster.conditions.at(-1)).toBe('Complete CompletionsReached');
  });

  it('follows a new parallelism, and lets the least useful pods go uncounted', async () => {
    await cluster.create({ parallelism: 4, completions: 8 });
    await cluster.bind(cluster.active[2]!);
    const kept = cluster.active[2]!.metadata.name;
    await cluster.change({ parallelism: 1 });
    expect(cluster.pods.map(pod => pod.metadata.name)).toEqual([kept]);
    expect(cluster.status).toMatchObject({ active: 1 });
    expect(cluster.status.failed).toBeUndefined();
    await cluster.change({ parallelism: 3 });
    expect(cluster.active).toHaveLength(3);
  });

  it('counts each pod once, also those that others have deleted', async () => {
    await cluster.create({ completions: 3, parallelism: 3 });
    await cluster.model.deletePod(cluster.active[0]!.metadata.name);
    expect(cluster.status).toMatchObject({ active: 2, failed: 1 });
    // The next pod waits, as after any failure.
    expect(cluster.active).toHaveLength(2);
    await cluster.model.advance(10_000);
    await cluster.endAll(0);
    expect(cluster.status).toMatchObject({ succeeded: 3, failed: 1, uncountedTerminatedPods: {} });
  });

  it('of somebody else is left alone', async () => {
    await cluster.create({ managedBy: 'example.org/queue' });
    expect(cluster.pods).toEqual([]);
    expect(cluster.status).toEqual({});
  });

  it('adopts a matching orphan instead of making a pod, and counts it', async () => {
    const labels = { app: 'x' };
    await cluster.model.pod('mine', undefined, { restartPolicy: 'Never' }, { labels });
    await cluster.create({ manualSelector: true, selector: { matchLabels: labels }, template: { labels } });
    expect(cluster.pods.map(({ metadata }) => metadata)).toMatchObject([
      { name: 'mine', finalizers: [TRACKED], ownerReferences: [{ kind: 'Job', name: 'work' }] },
    ]);
    await cluster.endAll(0);
    expect(cluster.conditions.at(-1)).toBe('Complete CompletionsReached');
  });

  it('releases a pod that matches no longer, and makes another', async () => {
    await cluster.create();
    const [pod] = cluster.pods;
    await cluster.model.registry.update(pods, { ...pod!, metadata: { ...pod!.metadata, labels: {} } });
    await cluster.model.settle();
    const { finalizers, ownerReferences } = cluster.model.getPod(pod!.metadata.name)!.metadata;
    expect([finalizers, ownerReferences]).toEqual([undefined, undefined]);
    expect(cluster.active).toHaveLength(2);
    expect(cluster.status).toMatchObject({ active: 1 });
  });

  it.each(['Background', 'Orphan'] as const)('lets go of its pods when it is deleted (%s)', async policy => {
    await cluster.create({ parallelism: 2 });
    await cluster.delete(policy);
    // What becomes of them is the garbage collector's, which is not there.
    expect(cluster.pods.map(pod => pod.metadata.finalizers)).toEqual([undefined, undefined]);
  });
});

describe('failures', () => {
  it('are waited for, longer each time, until there are too many', async () => {
    await cluster.create({ backoffLimit: 3 });
    for (const pause of [10_000, 20_000, 40_000]) {
      await cluster.endAll(1);
      await cluster.model.advance(pause - 1);
      expect(cluster.active).toHaveLength(0);
      await cluster.model.advance(1);
      expect(cluster.active).toHaveLength(1);
    }
    await cluster.endAll(1);
    expect(cluster.conditions).toEqual(['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded']);
    expect(cluster.status).toMatchObject({ failed: 4, ready: 0, terminating: 0 });
    expect(cluster.status.completionTime).toBeUndefined();
    expect(cluster.model.told('BackoffLimitExceeded')).toEqual(['Job has reached the specified backoff limit']);
  });

  it('before a success are forgotten', async () => {
    await cluster.create({ completions: 3 });
    await cluster.endAll(1);
    await cluster.model.advance(10_000);
    await cluster.endAll(1);
    await cluster.model.advance(20_000);
    await cluster.endAll(0);
    expect(cluster.active).toHaveLength(1);
    await cluster.endAll(1);
    await cluster.model.advance(10_000);
    expect(cluster.active).toHaveLength(1);
  });

  it('end all that is at work', async () => {
    await cluster.create({ completions: 3, parallelism: 3, backoffLimit: 0 });
    await cluster.bind(cluster.active[1]!);
    const bound = cluster.active[1]!.metadata.name;
    await cluster.end(cluster.active[0]!, 1);
    // One pod was not bound yet and is gone at once; the other takes its time, and the Job with it.
    expect(cluster.pods.filter(pod => pod.metadata.deletionTimestamp).map(pod => pod.metadata.name)).toEqual([bound]);
    expect(cluster.status).toMatchObject({ failed: 3, terminating: 1 });
    expect(cluster.conditions).toEqual(['FailureTarget BackoffLimitExceeded']);
    await cluster.model.deletePod(bound, 0);
    expect(cluster.conditions).toEqual(['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded']);
    expect(told().filter(reason => reason === 'SuccessfulDelete')).toHaveLength(2);
  });

  it('are restarts where containers are restarted', async () => {
    await cluster.create({ backoffLimit: 2, pod: { restartPolicy: 'OnFailure' } });
    const { name } = cluster.pods[0]!.metadata;
    const restarted = (restartCount: number) =>
      cluster.model.setPodStatus(name, {
        phase: 'Running',
        containerStatuses: [{ name: 'main', image: 'a:1', imageID: '', ready: false, restartCount }],
      });
    await restarted(1);
    expect(cluster.conditions).toEqual([]);
    await restarted(2);
    expect(cluster.conditions).toEqual(['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded']);
  });
});

describe('a deadline', () => {
  it('ends the Job and its pods', async () => {
    await cluster.create({ activeDeadlineSeconds: 30 });
    await cluster.model.advance(29_999);
    expect(cluster.conditions).toEqual([]);
    await cluster.model.advance(1);
    expect(cluster.conditions).toEqual(['FailureTarget DeadlineExceeded', 'Failed DeadlineExceeded']);
    expect(cluster.model.told('DeadlineExceeded')).toEqual(['Job was active longer than specified deadline']);
    expect(cluster.pods).toEqual([]);
    expect(cluster.status).toMatchObject({ failed: 1 });
  });

  it('does not count the time of a pause', async () => {
    await cluster.create({ activeDeadlineSeconds: 30, suspend: true });
    await cluster.model.advance(60_000);
    await cluster.change({ suspend: false });
    await cluster.model.advance(29_999);
    expect(cluster.conditions).toEqual([]);
    await cluster.model.advance(1);
    expect(cluster.conditions.at(-1)).toBe('Failed DeadlineExceeded');
  });
});

describe('a suspended Job', () => {
  it('has no pods and does not begin', async () => {
    await cluster.create({ suspend: true, parallelism: 2 });
    expect(cluster.pods).toEqual([]);
    expect(cluster.status.startTime).toBeUndefined();
    expect(cluster.status.conditions).toMatchObject([
      { type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' },
    ]);
    await cluster.change({ suspend: false });
    expect(cluster.active).toHaveLength(2);
    expect(cluster.status).toMatchObject({
      startTime: expect.any(String),
      conditions: [{ type: 'Suspended', status: 'False', reason: 'JobResumed', message: 'Job resumed' }],
    });
    expect(told()).toEqual(['Suspended', 'SuccessfulCreate', 'SuccessfulCreate', 'Resumed']);
  });

  it('gives up its pods, which count for nothing', async () => {
    await cluster.create({ parallelism: 2 });
    await cluster.change({ suspend: true });
    expect(cluster.pods).toEqual([]);
    expect(cluster.status.failed).toBeUndefined();
    expect(cluster.conditions).toEqual(['Suspended JobSuspended']);
  });
});

describe('a pod failure policy', () => {
  const disrupted = [{ type: 'DisruptionTarget', status: 'True' as const }];
  const onExit = (action: string, values: number[], more = {}) => ({
    rules: [{ action, onExitCodes: { operator: 'In', values, ...more } }],
  });

  it.each([
    {
      rule: 'FailJob',
      policy: onExit('FailJob', [42]),
      ends: 'Failed PodFailurePolicy',
      message: /^Container main for pod default\/work-\w+ failed with exit code 42 matching FailJob rule at index 0$/,
    },
    {
      rule: 'FailJob by condition',
      policy: { rules: [{ action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget' }] }] },
      ends: 'Failed PodFailurePolicy',
      message: /^Pod default\/work-\w+ has condition DisruptionTarget matching FailJob rule at index 0$/,
    },
    { rule: 'Ignore', policy: onExit('Ignore', [42]), failed: undefined },
    { rule: 'Count', policy: onExit('Count', [42]), failed: 1 },
    { rule: 'none that matches', policy: onExit('FailJob', [7]), failed: 1 },
    { rule: 'of another container', policy: onExit('FailJob', [42], { containerName: 'other' }), failed: 1 },
  ])('with $rule', async ({ policy, ends, message, failed }) => {
    await cluster.create({
      podFailurePolicy: policy,
      pod: {
        containers: [
          { name: 'main', image: 'a:1' },
          { name: 'other', image: 'a:1' },
        ],
      },
    });
    const [pod] = cluster.active;
    await cluster.end({ ...pod!, spec: { ...pod!.spec, containers: pod!.spec.containers.slice(0, 1) } }, 42, disrupted);
    if (ends) {
      expect(cluster.conditions.at(-1)).toBe(ends);
      expect(cluster.status.conditions!.at(-1)!.message).toMatch(message);
      return;
    }
    expect(cluster.conditions).toEqual([]);
    expect(cluster.status.failed).toBe(failed);
    await cluster.model.advance(10_000);
    expect(cluster.active).toHaveLength(1);
  });
});

describe('the policy of replacement', () => {
  it.each([
    ['TerminatingOrFailed', 1, 1],
    ['Failed', 0, undefined],
  ] as const)('%s: %d new pods while the old one goes', async (podReplacementPolicy, active, failed) => {
    await cluster.create({ podReplacementPolicy });
    await cluster.bind(cluster.active[0]!);
    const { name } = cluster.pods[0]!.metadata;
    await cluster.model.deletePod(name, 30);
    await cluster.model.advance(10_000);
    expect(cluster.active).toHaveLength(active);
    expect(cluster.status).toMatchObject({ terminating: 1 });
    expect(cluster.status.failed).toBe(failed);
    await cluster.end(cluster.model.getPod(name)!, 137);
    await cluster.model.advance(10_000);
    expect(cluster.active).toHaveLength(1);
    expect(cluster.status).toMatchObject({ terminating: 0, failed: 1 });
  });
});
