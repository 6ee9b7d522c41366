import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { replay } from '../../../src/cluster/session/replay.js';
import { type Cluster, type ClusterOptions, createCluster, resources } from '../../../src/index.js';
import { firstDifference, logOf } from '../../support/whole-log.js';
import { create, END, lacks, phases, pod, RUN, stage, when } from './staged.js';

const { pods } = resources;
const newFile = (name: string) => join(mkdtempSync(join(inject('scratch'), 'stages-')), name);

/** All that is drawn: which stage, when, and what a template draws. */
const mark = (name: string, weight: number) =>
  stage(name, {
    ...when(lacks('.status.reason')),
    weight,
    delay: { durationMilliseconds: 1000, jitterDurationMilliseconds: 60_000 },
    next: {
      statusTemplate: `reason: ${name}\nmessage: '{{ randAlphaNum 8 }} {{ randInt 0 1000 }} {{ uuidv4 }} {{ Now }}'`,
    },
  });
const STAGES = [mark('one', 1), mark('two', 2)];
const PODS = Array.from({ length: 30 }, (_, i) => pod(`pod-${i}`));

const drawn = ({ registry }: Cluster) =>
  registry.all(pods).map(({ name, object: { status } }) => [name, status.reason, status.message]);

test('the same seed gives the same log, in memory and in a file, another seed another one', async () => {
  const logged = async (seed: string, options: ClusterOptions = {}) => {
    const cluster = await create({ seed, ...options });
    await cluster.apply([...STAGES, ...PODS]);
    await cluster.advance('5m');
    expect(cluster.registry.all(pods).every(({ object }) => object.status.reason)).toBe(true);
    return { log: await logOf(cluster.registry), drawn: drawn(cluster) };
  };
  const [one, same, other] = [await logged('a'), await logged('a'), await logged('b')];
  const filed = await logged('a', { data: newFile('cluster.db') });
  expect(firstDifference(one.log, same.log)).toBeUndefined();
  expect(firstDifference(one.log, filed.log)).toBeUndefined();
  expect(new Set(one.drawn.map(([, reason]) => reason)).size).toBe(2);
  expect(other.drawn).not.toEqual(one.drawn);
});

test('a fork goes on as its base does, also in the middle of a delay', async () => {
  const cluster = await create();
  await cluster.apply([...STAGES, ...PODS]);
  await cluster.advance('20s');
  const open = cluster.registry.all(pods).filter(({ object }) => !object.status.reason);
  expect(open.length).toBeGreaterThan(5);
  const fork = await cluster.fork();
  onTestFinished(() => fork.close());
  await cluster.advance('5m');
  await fork.advance('5m');
  expect(drawn(fork)).toEqual(drawn(cluster));
  expect(fork.stages.get('one')!.fired + fork.stages.get('two')!.fired).toBe(open.length);
});

test('a cluster that is opened again goes on where it was', async () => {
  const data = newFile('cluster.db');
  const first = await createCluster({ clock: 'virtual', nodes: 2, data });
  await first.apply([RUN, END, pod('slow', { annotations: { slow: '30s' } })]);
  await first.advance('10s');
  // Time is kept with what is written.
  await first.apply(pod('other', { annotations: { slow: '1h' } }));
  await first.close();
  const second = await create({ data });
  await second.advance('19s');
  expect(phases(second)).toMatchObject({ slow: 'Pending' });
  await second.advance('1s');
  expect(phases(second)).toMatchObject({ slow: 'Running' });
  await second.registry.delete(pods, 'default', 'slow');
  await second.settled();
  expect(phases(second)).toEqual({ other: 'Pending' });
});

test('a cluster that is put back lives by the stages of then', async () => {
  const cluster = await create();
  await cluster.apply([RUN]);
  await cluster.snapshots.take('staged');
  await cluster.apply([END, pod('web')]);
  await cluster.settled();
  await cluster.restore('staged');
  expect(cluster.stages.list()).toMatchObject([{ name: 'run', fired: 0 }]);
  await cluster.apply(pod('again'));
  await cluster.settled();
  await cluster.registry.delete(pods, 'default', 'again');
  await cluster.advance('5m');
  expect(phases(cluster)).toEqual({ again: 'Running' });
  await cluster.restore('initial');
  await cluster.apply(pod('web'));
  await cluster.settled();
  expect([cluster.stages.list(), phases(cluster)]).toEqual([[], { web: 'Running' }]);
});

test('what was recorded comes again', async () => {
  const file = newFile('session.ndjson');
  const cluster = await createCluster({ clock: 'virtual', record: file, nodes: 2 });
  const { url } = await cluster.listen();
  const post = (path: string, body: object) =>
    fetch(url + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  for (const one of STAGES) expect((await post('/apis/kwok.x-k8s.io/v1alpha1/stages', one)).status).toBe(201);
  for (const one of PODS) await post('/api/v1/namespaces/default/pods', one);
  await post('/_kubette/v1/clock/advance', { by: '2m' });
  expect(cluster.stages.get('one')!.fired + cluster.stages.get('two')!.fired).toBe(PODS.length);
  await cluster.close();
  expect(await replay(file)).toMatchObject({ exact: true, complete: true, difference: undefined });
});
