import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/clock/virtual-clock.js';
import type { ClusterOptions } from '../../../src/cluster/options.js';
import { type Cluster, createCluster } from '../../../src/index.js';
import { daemonSets, nodes, pods } from '../../../src/resources/index.js';
import type { Pod } from '../../../src/resources/types.js';

const clusters: Cluster[] = [];
afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.close();
});

async function start(options: ClusterOptions = {}): Promise<Cluster> {
  const cluster = await createCluster({ clock: 'virtual', nodes: 3, ...options });
  clusters.push(cluster);
  await cluster.settled();
  return cluster;
}

async function fork(cluster: Cluster, ...options: Parameters<Cluster['fork']>): Promise<Cluster> {
  const made = await cluster.fork(...options);
  clusters.push(made);
  return made;
}

const agent = (image = 'agent:1', more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'main', image }] } },
    ...more,
  },
});

const podsOf = ({ registry }: Cluster): Pod[] => registry.all(pods).map(({ object }) => object);
/** Where pods run, and of which image, whatever their names. */
const placed = (cluster: Cluster) =>
  podsOf(cluster)
    .map(({ spec, status }) => `${spec.nodeName} ${spec.containers[0]!.image} ${status.phase}`)
    .sort();
/** The log from a revision on, as bytes. */
const written = async ({ registry }: Cluster, after: number) =>
  (await registry.log.backend.read(after, 10_000)).map(row => `${row.type} ${row.json.bytes.toString()}`);

async function taint({ registry }: Cluster, node: string, key: string): Promise<void> {
  const { object } = registry.get(nodes, '', node)!;
  await registry.update(nodes, { ...object, spec: { ...object.spec, taints: [{ key, effect: 'NoExecute' }] } });
}

describe('a fork of a cluster', () => {
  it('begins as its base is, writes nothing by itself, and is served and explained like any other', async () => {
    const cluster = await start();
    const young = await fork(cluster);
    await young.settled();
    expect(young.revision).toBe(cluster.revision);
    await cluster.apply(agent());
    await cluster.advance('1m');
    const { revision } = cluster;
    const forked = await fork(cluster);
    await forked.settled();
    expect([forked.revision, forked.clock.now()]).toEqual([revision, cluster.clock.now()]);
    expect(podsOf(forked)).toEqual(podsOf(cluster));
    expect(forked.registry.get(daemonSets, 'default', 'agent')).toBe(
      cluster.registry.get(daemonSets, 'default', 'agent'),
    );
    expect(forked.explain('agent', 'node-1').actual).toBe('PRESENT');
  });

  it('goes its own way, and so does the base', async () => {
    const cluster = await start();
    await cluster.apply(agent());
    await cluster.advance('1m');
    const [before, { revision }] = [placed(cluster), cluster];
    const forked = await fork(cluster);
    await taint(forked, 'node-2', 'gone');
    await forked.advance('1m');
    expect(placed(forked)).toEqual(before.filter(line => !line.startsWith('node-2')));
    expect([placed(cluster), cluster.revision]).toEqual([before, revision]);

    await cluster.apply(agent('agent:2'));
    await cluster.advance('5m');
    expect(placed(cluster)).toEqual([1, 2, 3].map(i => `node-${i} agent:2 Running`));
    expect(placed(forked)).toEqual(before.filter(line => !line.startsWith('node-2')));
    expect(forked.clock.now()).toBeLessThan(cluster.clock.now());
  });

  it.each(['current', '1.11'] as const)(
    'comes to what its base comes to, from wherever in a rollout it was made (%s)',
    async era => {
      const cluster = await start({ nodes: 4, era });
      await cluster.apply(agent('agent:1', { minReadySeconds: 7 }));
      await cluster.advance('1m');
      await cluster.apply(agent('agent:2', { minReadySeconds: 7 }));
      const forks: Cluster[] = [];
      for (let i = 0; i < 12; i++) {
        forks.push(await fork(cluster));
        await cluster.advance('3s');
      }
      await cluster.advance('5m');
      const status = ({ registry }: Cluster) => registry.get(daemonSets, 'default', 'agent')!.object.status;
      for (const forked of forks) {
        await forked.advance('5m');
        expect(placed(forked)).toEqual(placed(cluster));
        expect(status(forked)).toEqual(status(cluster));
      }
    },
  );

  it('takes over timers: deletions with grace, evictions to come, pods that are starting', async () => {
    const cluster = await start({ kubelet: { pods: { startDelay: 20_000, stopDelay: 10_000 } } });
    const bare = (name: string, spec: object = {}) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'a:1' }], ...spec },
    });
    await cluster.apply([
      bare('ends'),
      bare('bears', { tolerations: [{ key: 'x', effect: 'NoExecute', tolerationSeconds: 30 }] }),
    ]);
    await cluster.advance('1m');
    await cluster.registry.delete(pods, 'default', 'ends');
    await cluster.apply(bare('starts', { nodeName: 'node-2' }));
    await taint(cluster, 'node-1', 'x');
    await cluster.settled();
    const forked = await fork(cluster);
    await forked.advance('3m');
    expect(podsOf(forked).map(({ metadata, status }) => `${metadata.name} ${status.phase}`)).toEqual([
      'starts Running',
    ]);
    expect(podsOf(cluster)).toHaveLength(3);
  });

  it('knows the pods that wait for room', async () => {
    const cluster = await start({ nodes: 1 });
    const big = { containers: [{ name: 'main', image: 'a:1', resources: { requests: { cpu: '1000' } } }] };
    await cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'big', namespace: 'default' }, spec: big });
    await cluster.advance('1m');
    const forked = await fork(cluster);
    await forked.settled();
    const { object } = forked.registry.get(nodes, '', 'node-1')!;
    const status = { ...object.status, allocatable: { ...object.status.allocatable, cpu: '2000' } };
    await forked.registry.update(nodes, { ...object, status }, { subresource: 'status' });
    await forked.advance('1m');
    expect(placed(forked)).toEqual(['node-1 a:1 Running']);
    expect(placed(cluster)).toEqual(['undefined a:1 Pending']);
  });

  it('draws the same each time, and otherwise than another', async () => {
    const cluster = await start();
    await cluster.apply(agent());
    await cluster.advance('1m');
    const { revision } = cluster;
    const rollOut = async (forked: Cluster) => {
      await forked.apply(agent('agent:2'));
      await forked.advance('2m');
      return written(forked, revision);
    };
    const [one, other] = [await rollOut(await fork(cluster)), await rollOut(await fork(cluster))];
    expect(other).toEqual(one);
    expect(await rollOut(await fork(await fork(cluster)))).not.toEqual(one);
  });

  it('can begin at an earlier revision, or time', async () => {
    const cluster = await start();
    const [revision, time] = [cluster.revision, cluster.clock.now()];
    await cluster.advance('1m');
    await cluster.apply(agent());
    await cluster.advance('1m');
    for (const at of [revision, { time: time + 30_000 }]) {
      const forked = await fork(cluster, { at });
      expect([forked.revision, placed(forked)]).toEqual([revision, []]);
      expect(forked.clock.now()).toBe(typeof at === 'number' ? time : at.time);
      await forked.apply(agent('other:1'));
      await forked.advance('1m');
      expect(placed(forked)).toEqual([1, 2, 3].map(i => `node-${i} other:1 Running`));
    }
    await expect(cluster.fork({ at: cluster.revision + 1 })).rejects.toThrow(RangeError);
  });

  it('stands by itself: compaction and end of the base are nothing to it', async () => {
    const cluster = await createCluster({ clock: 'virtual', nodes: 3 });
    await cluster.apply(agent());
    await cluster.advance('1m');
    const forked = await fork(cluster);
    await cluster.apply(agent('agent:2'));
    await cluster.advance('1m');
    await cluster.registry.log.compact(cluster.revision);
    await cluster.close();
    await forked.apply(agent('agent:3'));
    await forked.advance('2m');
    expect(placed(forked)).toEqual([1, 2, 3].map(i => `node-${i} agent:3 Running`));
  });

  it('leaves no timer behind when it is closed', async () => {
    const clock = new VirtualClock();
    const cluster = await start({ clock });
    await cluster.apply(agent());
    await cluster.advance('1m');
    const due = clock.nextDue();
    const forked = await cluster.fork();
    const own = forked.registry.clock as VirtualClock;
    await forked.close();
    expect([own.nextDue(), clock.nextDue()]).toEqual([undefined, due]);
  });

  it('calls no webhooks unless told', async () => {
    const cluster = await start();
    await cluster.apply({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'closed' },
      webhooks: [
        {
          name: 'closed.example.com',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          failurePolicy: 'Fail',
          clientConfig: { url: 'https://127.0.0.1:1/' },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
        },
      ],
    });
    await cluster.apply(agent());
    await cluster.advance('10s');
    expect(placed(cluster)).toEqual([]);
    const [quiet, loud] = [await fork(cluster), await fork(cluster, { webhooks: true })];
    for (const forked of [quiet, loud]) await forked.advance('1h');
    expect(placed(quiet)).toHaveLength(3);
    expect(placed(loud)).toEqual([]);
  });

  it('takes the tokens of its base', async () => {
    const cluster = await start();
    const forked = await fork(cluster);
    const post = async (to: Cluster, path: string, kind: string, spec: object) => {
      const { url } = await to.listen();
      const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind, spec });
      const headers = { 'content-type': 'application/json' };
      return ((await (await fetch(url + path, { method: 'POST', headers, body })).json()) as { status: never }).status;
    };
    const path = '/api/v1/namespaces/default/serviceaccounts/default/token';
    const { token } = await post(cluster, path, 'TokenRequest', {});
    const review = await post(forked, '/apis/authentication.k8s.io/v1/tokenreviews', 'TokenReview', { token });
    expect(review).toMatchObject({ authenticated: true, user: { username: 'system:serviceaccount:default:default' } });
  });
});
