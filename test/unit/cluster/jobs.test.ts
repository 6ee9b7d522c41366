import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.js';
import { cronJobs, events, jobs, pods } from '../../../src/resources/index.js';
import { holds } from '../../../src/resources/state.js';
import type { Job } from '../../../src/resources/workload-types.js';

/** What upstream's end-to-end tests of sig-apps tell of Jobs and CronJobs, in a whole cluster on a clock that stands still. */
let cluster: Cluster;
beforeEach(async () => {
  cluster = await createCluster({ clock: 'virtual', nodes: 2 });
});
afterEach(() => cluster.close());

interface Facts {
  readonly spec?: object;
  readonly pod?: object;
  readonly annotations?: Record<string, string>;
  readonly command?: readonly string[];
}

const jobSpec = ({ spec, pod, annotations = {}, command }: Facts) => ({
  ...spec,
  template: {
    metadata: { annotations },
    spec: {
      restartPolicy: 'Never',
      containers: [{ name: 'main', image: 'a:1', ...(command ? { command } : {}) }],
      ...pod,
    },
  },
});

const run = (facts: Facts) =>
  cluster.apply({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'work' }, spec: jobSpec(facts) });

const all = () => cluster.registry.all(jobs, 'default').map(({ object }) => object);
const work = (): Job => all()[0]!;
const podsOf = () => cluster.registry.all(pods, 'default').map(({ object }) => object);
const phases = () => podsOf().map(({ status }) => status.phase);
const told = (kind: string) =>
  cluster.registry
    .all(events, 'default')
    .filter(({ object }) => object.involvedObject.kind === kind)
    .map(({ object }) => object.reason);

async function remove(propagationPolicy: 'Background' | 'Foreground' | 'Orphan'): Promise<void> {
  await cluster.registry.delete(jobs, 'default', 'work', { propagationPolicy });
  await cluster.settled();
}

describe('a Job', () => {
  it('runs to completion when its tasks succeed', async () => {
    await run({ spec: { parallelism: 2, completions: 4 } });
    await cluster.settled();
    expect(phases()).toEqual(['Running', 'Running']);
    await cluster.advance('2s');
    expect(phases()).toEqual(Array.from({ length: 4 }, () => 'Succeeded'));
    expect(holds(work(), 'Complete')).toBe(true);
    expect(podsOf().flatMap(({ metadata }) => metadata.finalizers ?? [])).toEqual([]);
  });

  it('runs to completion when tasks fail at first and are restarted in their pods', async () => {
    await run({ pod: { restartPolicy: 'OnFailure' }, command: ['false'] });
    await cluster.advance('5s');
    const [pod] = podsOf();
    expect(pod!.status.containerStatuses![0]!.restartCount).toBe(1);
    await cluster.registry.patch(pods, 'default', pod!.metadata.name, {
      type: 'merge',
      body: { metadata: { annotations: { 'kubette.dev/exit-code': '0' } } },
    });
    await cluster.advance('10s');
    expect(work().status).toMatchObject({ succeeded: 1 });
    expect(work().status.failed).toBeUndefined();
  });

  it('runs to completion when tasks fail at first and other pods take over', async () => {
    await run({ command: ['sh', '-c', 'sleep 1; exit 1'], spec: { backoffLimit: 2 } });
    await cluster.advance('5s');
    expect(phases()).toEqual(['Failed']);
    const annotations = { 'kubette.dev/exit-code': '0' };
    for (const name of ['node-1', 'node-2'])
      await cluster.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name, annotations } });
    await cluster.advance('10s');
    expect(work().status).toMatchObject({ succeeded: 1, failed: 1 });
    expect(holds(work(), 'Complete')).toBe(true);
  });

  it('fails when it exceeds its deadline, and takes its pods along', async () => {
    await run({ spec: { activeDeadlineSeconds: 10, parallelism: 2 }, command: ['sleep', '1h'] });
    await cluster.advance('10s');
    expect(holds(work(), 'Failed')).toBe(true);
    expect(told('Job')).toContain('DeadlineExceeded');
    expect(podsOf()).toEqual([]);
  });

  it('fails when its tasks fail too often, and leaves the failed pods to be looked at', async () => {
    await run({ spec: { backoffLimit: 1 }, command: ['false'] });
    await cluster.advance('1m');
    expect(holds(work(), 'Failed')).toBe(true);
    expect(phases()).toEqual(['Failed', 'Failed']);
    expect(told('Job')).toContain('BackoffLimitExceeded');
  });

  it.each([
    ['Background', 0, undefined],
    ['Foreground', 0, undefined],
    ['Orphan', 2, undefined],
  ] as const)('is deleted (%s), and of its pods %d are left', async (policy, left, finalizers) => {
    await run({ spec: { parallelism: 2 }, command: ['sleep', '1h'] });
    await cluster.settled();
    await remove(policy);
    await cluster.advance('1m');
    expect(all()).toEqual([]);
    expect(podsOf()).toHaveLength(left);
    for (const { metadata } of podsOf()) expect(metadata.finalizers).toBe(finalizers);
  });

  it('counts pods whose node is lost', async () => {
    await run({ command: ['sleep', '1h'] });
    await cluster.settled();
    const node = podsOf()[0]!.spec.nodeName!;
    await cluster.registry.delete(cluster.registry.kinds.byResource('nodes')!, '', node);
    await cluster.advance('2m');
    expect(work().status).toMatchObject({ active: 1, failed: 1 });
    expect(podsOf().find(({ status }) => status.phase === 'Running')!.spec.nodeName).not.toBe(node);
  });

  it('goes with its namespace', async () => {
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'short' } });
    const metadata = { name: 'work', namespace: 'short' };
    await cluster.apply({ apiVersion: 'batch/v1', kind: 'Job', metadata, spec: jobSpec({ command: ['sleep', '1h'] }) });
    await cluster.settled();
    const namespaces = cluster.registry.kinds.byResource('namespaces')!;
    await cluster.registry.delete(namespaces, '', 'short');
    await cluster.advance('2m');
    expect(cluster.registry.get(namespaces, '', 'short')).toBeUndefined();
    expect(cluster.registry.all(pods, 'short')).toEqual([]);
  });
});

describe('a CronJob', () => {
  const every = (spec: object, facts: Facts) =>
    cluster.apply({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'tick' },
      spec: { schedule: '* * * * *', ...spec, jobTemplate: { spec: jobSpec(facts) } },
    });
  const tick = () => cluster.registry.get(cronJobs, 'default', 'tick')!.object;
  const SLOW = { command: ['sleep', '5m'] };

  it.each([
    ['Allow', 3, 3],
    ['Forbid', 1, 1],
    ['Replace', 1, 1],
  ])('whose Jobs take long: %s has %d of them after three minutes', async (concurrencyPolicy, running, there) => {
    await every({ concurrencyPolicy }, SLOW);
    await cluster.advance('3m');
    expect(tick().status.active).toHaveLength(running);
    expect(all()).toHaveLength(there);
    // Who was replaced took his pods along.
    await cluster.advance('30s');
    expect(phases()).toEqual(Array.from({ length: running }, () => 'Running'));
  });

  it('keeps the last Job that succeeded, and the last that failed', async () => {
    const limits = { successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 1 };
    await every(limits, { command: ['true'] });
    await cluster.advance('3m');
    await every(limits, { command: ['false'], spec: { backoffLimit: 0 } });
    await cluster.advance('3m');
    expect(all().map(job => holds(job, 'Complete'))).toEqual([true, false]);
    expect(phases()).toEqual(['Succeeded', 'Failed']);
    expect(tick().status.active).toBeUndefined();
  });

  it('emits no warnings in ordinary times', async () => {
    await every({}, { command: ['sleep', '90'] });
    await cluster.advance('5m');
    expect(new Set(told('CronJob'))).toEqual(new Set(['SuccessfulCreate', 'SawCompletedJob']));
  });

  it('goes with all that is its own', async () => {
    await every({}, SLOW);
    await cluster.advance('2m');
    await cluster.registry.delete(cronJobs, 'default', 'tick', { propagationPolicy: 'Foreground' });
    await cluster.advance('1m');
    expect(cluster.registry.get(cronJobs, 'default', 'tick')).toBeUndefined();
    expect([...all(), ...podsOf()]).toEqual([]);
  });
});
