// What real clients do when they are made to fail.
import { CoreV1Api, KubeConfig, makeInformer, type V1ConfigMap } from '@kubernetes/client-node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster, type Fault } from '../../src/index.js';
import { configMaps } from '../../src/resources/index.js';
import { Client } from './kubectl.js';

let cluster: Cluster;
let url: string;
beforeAll(async () => {
  cluster = await createCluster();
  ({ url } = await cluster.listen());
});
afterAll(() => cluster.close());
afterEach(() => cluster.faults.clear());

const configMap = (name: string, a: string): V1ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { a },
});

function config(): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: 'kubette', server: url, skipTLSVerify: true }],
    users: [{ name: 'me' }],
    contexts: [{ name: 'kubette', cluster: 'kubette', user: 'me' }],
    currentContext: 'kubette',
  });
  return config;
}

describe('@kubernetes/client-node', () => {
  const core = () => config().makeApiClient(CoreV1Api);

  /** An informer of what is in a namespace of its own, that goes on after errors as this client's own example does. */
  async function informed(namespace: string) {
    await core().createNamespace({ body: { metadata: { name: namespace } } });
    const write = (name: string, a: string) =>
      cluster.registry.create(configMaps, configMap(name, a) as never, { namespace });
    let lists = 0;
    const informer = makeInformer(config(), `/api/v1/namespaces/${namespace}/configmaps`, () => {
      lists++;
      return core().listNamespacedConfigMap({ namespace });
    });
    const errors: unknown[] = [];
    informer.on('error', error => {
      errors.push(error);
      setTimeout(() => informer.start(), 20);
    });
    const known = () => informer.list().flatMap(({ metadata, data }) => (data?.a ? `${metadata?.name}${data.a}` : []));
    return { informer, write, known, errors, lists: () => lists };
  }

  it.each<[Fault, lists: number, errors: number]>([
    ['gone', 2, 0],
    ['watchGone', 2, 0],
    ['watchEnds', 1, 0],
    ['halfFrame', 1, 1],
    ['connectionReset', 1, 1],
    ['duplicateEvents', 1, 0],
    ['noBookmarks', 1, 0],
    [{ lateEvents: { by: '100ms' } }, 1, 0],
  ])('an informer that meets %j knows all in the end', async (fault, lists, errors) => {
    const name = JSON.stringify(fault)
      .replace(/[^a-z]/gi, '')
      .toLowerCase();
    const match = { verbs: ['watch'], resources: ['configmaps'], namespace: name };
    cluster.faults.add({ name: 'it', match, when: { nth: 1 }, fault });
    const follower = await informed(name);
    await follower.informer.start();
    await expect.poll(() => cluster.faults.get('it')!.matched, { timeout: 10_000 }).toBeGreaterThan(0);
    for (const [i, letter] of ['a', 'b', 'c', 'd'].entries()) await follower.write(letter, String(i));
    await expect.poll(follower.known, { timeout: 10_000 }).toEqual(['a0', 'b1', 'c2', 'd3']);
    expect([follower.lists(), follower.errors.length > 0 ? 1 : 0]).toEqual([lists, errors]);
    if (fault !== 'noBookmarks') cluster.faults.verify();
    await follower.informer.stop();
  });

  it('an informer that misses a deletion keeps what is not there, until it lists again', async () => {
    const follower = await informed('phantom');
    await follower.write('a', '1');
    cluster.faults.add(
      { match: { verbs: ['watch'], namespace: 'phantom' }, when: { nth: 1 }, fault: 'missedEvents' },
      { match: { verbs: ['watch'], namespace: 'phantom' }, when: { nth: 1 }, fault: 'watchGone' },
    );
    await follower.informer.start();
    await expect.poll(() => cluster.faults.get('missedEvents')!.matched, { timeout: 10_000 }).toBe(1);
    await cluster.registry.delete(configMaps, 'phantom', 'a');
    await follower.write('b', '2');
    await expect.poll(follower.known, { timeout: 10_000 }).toEqual(['a1', 'b2']);
    await follower.informer.stop();
  });

  it('an informer goes on after a restart of the server', async () => {
    const follower = await informed('restart');
    await follower.write('a', '1');
    await follower.informer.start();
    await expect.poll(follower.known, { timeout: 10_000 }).toEqual(['a1']);
    cluster.faults.restart({ for: '300ms' });
    await follower.write('b', '2');
    await expect.poll(follower.known, { timeout: 10_000 }).toEqual(['a1', 'b2']);
    expect(follower.errors.length).toBeGreaterThan(0);
    await follower.informer.stop();
  });

  it('tells a conflict and too many requests by their codes', async () => {
    await core().createNamespacedConfigMap({ namespace: 'default', body: configMap('one', '1') });
    cluster.faults.add({ match: { resources: ['configmaps'] }, when: { nth: 1 }, fault: 'conflict' });
    const replace = () =>
      core().replaceNamespacedConfigMap({ namespace: 'default', name: 'one', body: configMap('one', '2') });
    await expect(replace()).rejects.toMatchObject({ code: 409 });
    expect((await replace()).data).toEqual({ a: '2' });
    cluster.faults.add({ match: { resources: ['nodes'] }, fault: { tooManyRequests: { retryAfter: 3 } } });
    await expect(core().listNode()).rejects.toMatchObject({ code: 429, headers: { 'retry-after': '3' } });
  });
});

describe('kubectl', () => {
  const kubectl = () => new Client('kubectl', url);

  it('tries again after 429, when it may', async () => {
    cluster.faults.add({ match: { resources: ['nodes'] }, when: { times: 1 }, fault: 'tooManyRequests' });
    expect(await kubectl().ok('get nodes -o name')).toContain('node/worker-1');
    expect(cluster.faults.get('tooManyRequests')).toMatchObject({ matched: 2, fired: 1 });
  });

  it('says what the server says', async () => {
    cluster.faults.add({ match: { resources: ['nodes'] }, fault: 'timeout' });
    expect((await kubectl().run(['get', 'nodes'])).stderr).toBe(
      'Error from server (Timeout): Timeout: request did not complete within the allotted timeout\n',
    );
    cluster.faults.clear();
    cluster.faults.add({ match: { resources: ['configmaps'] }, fault: 'conflict' });
    await kubectl().ok('create configmap two');
    expect((await kubectl().run(['label', 'configmap', 'two', 'a=b'])).stderr).toContain(
      'Operation cannot be fulfilled on configmaps "two": the object has been modified',
    );
  });

  it('applies in spite of conflicts', async () => {
    const input = JSON.stringify(configMap('applied', '1'));
    await kubectl().ok('apply -f -', { input });
    cluster.faults.add({ match: { resources: ['configmaps'] }, when: { nth: [1, 2] }, fault: 'conflict' });
    const changed = JSON.stringify(configMap('applied', '2'));
    expect(await kubectl().ok('apply -f -', { input: changed })).toBe('configmap/applied configured\n');
    expect(cluster.faults.get('conflict')).toMatchObject({ matched: 3, fired: 2 });
  });

  it.each<Fault>(['watchEnds', 'watchGone', 'halfFrame'])('waits for a rollout through %s', async fault => {
    const name = String(fault).toLowerCase();
    cluster.faults.add({ match: { verbs: ['watch'], resources: ['daemonsets'] }, when: { nth: 1 }, fault });
    const status = ['rollout', 'status', `daemonset/${name}`, '--timeout=20s'];
    const daemonSet = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name },
      spec: {
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name }, annotations: { 'kubette.dev/ready-delay': '2s' } },
          spec: { containers: [{ name: 'main', image: 'x' }] },
        },
      },
    };
    await cluster.apply(daemonSet);
    expect(await kubectl().ok(status)).toContain(`daemon set "${name}" successfully rolled out`);
    expect(cluster.faults.list()[0]).toMatchObject({ fired: 1 });
  });
});
