import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatTime } from '../../../../src/clock/clock.js';
import { cronJobController } from '../../../../src/controllers/cronjob/index.js';
import { ttlAfterFinishedController } from '../../../../src/controllers/ttl-after-finished/index.js';
import { cronJobs, jobs } from '../../../../src/resources/index.js';
import type { CronJob, JobSpec } from '../../../../src/resources/workload-types.js';
import { ModelCluster } from '../../../support/model-cluster.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let cluster: ModelCluster;
beforeEach(async () => {
  // It is midnight, on the first of January 2025.
  cluster = await ModelCluster.start(cronJobController, ttlAfterFinishedController);
});
afterEach(async () => {
  expect(cluster.errors).toEqual([]);
  await cluster.close();
});

async function create(spec: Partial<CronJob['spec']> = {}, job: Partial<JobSpec> = {}): Promise<void> {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'a:1' }] } };
  await cluster.registry.create(cronJobs, {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'tick', namespace: 'default' },
    spec: {
      schedule: '0 * * * *',
      jobTemplate: { metadata: { labels: { app: 'x' }, annotations: { note: 'y' } }, spec: { template, ...job } },
      ...spec,
    },
    status: {},
  } as never);
  await cluster.settle();
}

const cronJob = () => cluster.registry.get(cronJobs, 'default', 'tick')!.object;
const names = () => cluster.registry.all(jobs, 'default').map(({ name }) => name);
const active = () => (cronJob().status.active ?? []).map(({ name }) => name);
const job = (name: string) => cluster.registry.get(jobs, 'default', name)!.object;
/** The name of the Job of an hour of the first of January. */
const at = (hour: number, minute = 0) => `tick-${Date.UTC(2025, 0, 1, hour, minute) / MINUTE}`;

async function change(spec: Partial<CronJob['spec']>): Promise<void> {
  await cluster.registry.update(cronJobs, { ...cronJob(), spec: { ...cronJob().spec, ...spec } });
  await cluster.settle();
}

async function finish(name: string, type: 'Complete' | 'Failed' = 'Complete'): Promise<void> {
  const time = formatTime(cluster.clock.now());
  const condition = { status: 'True' as const, reason: 'Test', message: 'test', lastTransitionTime: time };
  const first = type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
  const status = {
    startTime: time,
    ...(type === 'Complete' ? { completionTime: time } : {}),
    conditions: [first, type].map(each => ({ type: each, ...condition })),
  };
  await cluster.registry.update(jobs, { ...job(name), status }, { subresource: 'status' });
  await cluster.settle();
}

describe('a CronJob', () => {
  it('makes a Job when it is due, under a name that tells the time', async () => {
    await create();
    await cluster.advance(HOUR - 1);
    expect(names()).toEqual([]);
    await cluster.advance(1);
    expect(names()).toEqual([at(1)]);
    const { metadata, spec } = job(at(1));
    expect(metadata).toMatchObject({
      labels: { app: 'x' },
      annotations: { note: 'y', 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2025-01-01T01:00:00Z' },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'tick', controller: true }],
    });
    expect(spec.template.spec.containers[0]!.image).toBe('a:1');
    const { uid, resourceVersion } = metadata;
    expect(cronJob().status).toEqual({
      active: [{ apiVersion: 'batch/v1', kind: 'Job', namespace: 'default', name: at(1), uid, resourceVersion }],
      lastScheduleTime: '2025-01-01T01:00:00Z',
    });
    expect(cluster.events).toEqual([`cronjob-controller Normal SuccessfulCreate Created job ${at(1)}`]);
    await cluster.advance(2 * HOUR);
    expect(names()).toEqual([at(1), at(2), at(3)]);
  });

  it('takes note of Jobs that end, and of those that are gone', async () => {
    await create();
    await cluster.advance(2 * HOUR);
    await cluster.advance(MINUTE);
    await finish(at(1));
    expect(active()).toEqual([at(2)]);
    expect(cronJob().status.lastSuccessfulTime).toBe('2025-01-01T02:01:00Z');
    expect(cluster.told('SawCompletedJob')).toEqual([`Saw completed job: ${at(1)}, condition: Complete`]);
    await cluster.registry.delete(jobs, 'default', at(2), { propagationPolicy: 'Background' });
    await cluster.settle();
    expect(active()).toEqual([]);
    expect(cluster.told('MissingJob')).toEqual([`Active job went missing: ${at(2)}`]);
  });

  it('keeps the last Jobs, the good ones apart from the bad ones', async () => {
    await create({ successfulJobsHistoryLimit: 2, failedJobsHistoryLimit: 1 });
    for (let hour = 1; hour <= 7; hour++) {
      await cluster.advance(HOUR);
      await finish(at(hour), hour % 2 === 0 ? 'Failed' : 'Complete');
    }
    expect(names()).toEqual([at(5), at(6), at(7)]);
    expect(cluster.told('SuccessfulDelete')).toHaveLength(4);
  });

  it.each([
    ['Allow', [1, 2, 3]],
    ['Forbid', [1]],
    ['Replace', [3]],
  ])('while a Job runs: %s', async (concurrencyPolicy, hours) => {
    await create({ concurrencyPolicy });
    await cluster.advance(3 * HOUR);
    expect(names()).toEqual(hours.map(hour => at(hour)));
    expect(active()).toEqual(names());
    const message = 'Not starting job because prior execution is running and concurrency policy is Forbid';
    if (concurrencyPolicy === 'Forbid') expect(cluster.told('JobAlreadyActive')).toContain(message);
  });

  it('that forbids two at once makes up for the last one when the first has ended', async () => {
    await create({ concurrencyPolicy: 'Forbid' });
    await cluster.advance(3 * HOUR + MINUTE);
    await finish(at(1));
    expect(active()).toEqual([at(3)]);
  });

  it('does not run while it is suspended, and makes up for the last time afterwards', async () => {
    await create({ suspend: true });
    await cluster.advance(3 * HOUR + MINUTE);
    expect(names()).toEqual([]);
    await change({ suspend: false });
    expect(names()).toEqual([at(3)]);
  });

  it.each([
    [30, []],
    [90, [at(3)]],
  ])('has %d s to start in: %j', async (startingDeadlineSeconds, expected) => {
    await create({ suspend: true });
    await cluster.advance(3 * HOUR + MINUTE);
    await change({ suspend: false, startingDeadlineSeconds });
    expect(names()).toEqual(expected);
    await cluster.advance(HOUR - MINUTE);
    expect(names()).toEqual([...expected, at(4)]);
  });

  it('warns of times that it has missed by the hundred', async () => {
    await create({ schedule: '* * * * *', suspend: true });
    await cluster.advance(3 * HOUR);
    await change({ suspend: false });
    expect(names()).toEqual([at(3)]);
    expect(cluster.told('TooManyMissedTimes')).toEqual([
      'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
    ]);
  });

  it('follows another schedule', async () => {
    await create();
    await cluster.advance(10 * MINUTE);
    await change({ schedule: '*/15 * * * *' });
    await cluster.advance(10 * MINUTE);
    expect(names()).toEqual([at(0, 15)]);
  });

  it('goes by the clock of its zone', async () => {
    await create({ schedule: '30 2 * * *', timeZone: 'Europe/Berlin' });
    await cluster.advance(2 * HOUR);
    expect(names()).toEqual([at(1, 30)]);
    expect(job(at(1, 30)).metadata.annotations).toMatchObject({
      'batch.kubernetes.io/cronjob-scheduled-timestamp': '2025-01-01T02:30:00+01:00',
    });
  });

  it('counts from its beginning if it only knows a pause', async () => {
    await cluster.advance(7 * MINUTE);
    await create({ schedule: '@every 20m' });
    await cluster.advance(45 * MINUTE);
    expect(names()).toEqual([at(0, 27), at(0, 47)]);
  });

  it('says that a schedule is never due', async () => {
    await create({ schedule: '0 0 30 2 *' });
    expect(cluster.told('InvalidSchedule')).toEqual([
      'invalid schedule: 0 0 30 2 * : time difference between two schedules is less than 1 second',
    ]);
  });

  it('leaves a Job of the same name alone that is somebody else’s', async () => {
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'a:1' }] } };
    const metadata = { name: at(1), namespace: 'default' };
    await cluster.registry.create(jobs, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata,
      spec: { template },
      status: {},
    });
    await create();
    await cluster.advance(HOUR);
    expect(cronJob().status).toEqual({});
  });

  it('wonders at Jobs that others made in its name', async () => {
    await create();
    const { uid, name } = cronJob().metadata;
    const metadata = {
      name: 'by-hand',
      namespace: 'default',
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name, uid, controller: true }],
    };
    const { spec } = cronJob().spec.jobTemplate;
    await cluster.registry.create(jobs, { apiVersion: 'batch/v1', kind: 'Job', metadata, spec, status: {} });
    await cluster.settle();
    expect(cluster.told('UnexpectedJob')).toEqual(['Saw a job that the controller did not create or forgot: by-hand']);
    expect(active()).toEqual([]);
  });
});

describe('a Job with a time to live', () => {
  it.each(['Complete', 'Failed'] as const)('goes when it has been over for so long (%s)', async type => {
    await create({}, { ttlSecondsAfterFinished: 100 });
    await cluster.advance(HOUR);
    await cluster.advance(MINUTE);
    await finish(at(1), type);
    await cluster.advance(99_999);
    expect(job(at(1)).metadata.deletionTimestamp).toBeUndefined();
    await cluster.advance(1);
    // Its pods go first, which is the garbage collector's business.
    expect(job(at(1)).metadata).toMatchObject({
      deletionTimestamp: expect.any(String),
      finalizers: ['foregroundDeletion'],
    });
  });

  it('goes by what it says then', async () => {
    await create();
    await cluster.advance(HOUR);
    await finish(at(1));
    await cluster.advance(10 * MINUTE);
    await cluster.registry.update(jobs, { ...job(at(1)), spec: { ...job(at(1)).spec, ttlSecondsAfterFinished: 60 } });
    await cluster.settle();
    expect(job(at(1)).metadata.deletionTimestamp).toBeDefined();
  });
});
