import { afterEach, describe, expect, it } from 'vitest';
import { Random } from '../../../src/clock/random.js';
import type { ClusterOptions } from '../../../src/cluster/options.js';
import { type PlacementDiff, placementDiff } from '../../../src/explain/placement-diff.js';
import { type Placement, Placements } from '../../../src/explain/placements.js';
import { type Cluster, createCluster } from '../../../src/index.js';
import type { Registry } from '../../../src/registry/registry.js';
import { daemonSets, deployments, nodes, pods } from '../../../src/resources/index.js';
import type { Node } from '../../../src/resources/types.js';

const clusters: Cluster[] = [];
afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.close();
});

const workload = (
  kind: string,
  name: string,
  image: string,
  spec: object,
  pod: object = {},
  requests: object = {},
) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name, namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'main', image, resources: { requests } }], ...pod },
    },
    ...spec,
  },
});
const agent = (image = 'a:1', pod: object = {}, requests: object = {}) =>
  workload('DaemonSet', 'agent', image, {}, pod, requests);
const web = (image = 'a:1', replicas = 3) =>
  workload('Deployment', 'web', image, { replicas, strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } });

async function start(manifests: object[], options: ClusterOptions = {}): Promise<Cluster> {
  const cluster = await createCluster({ clock: 'virtual', nodes: 3, ...options });
  clusters.push(cluster);
  await cluster.apply(manifests);
  await cluster.comeToRest();
  return cluster;
}

/** What comes of it if something is done in a fork. */
async function whatIf(cluster: Cluster, act: (fork: Cluster) => Promise<unknown>): Promise<PlacementDiff> {
  const fork = await cluster.fork();
  clusters.push(fork);
  await act(fork);
  await fork.comeToRest();
  return placementDiff(cluster.registry, fork.registry);
}

const change = ({ registry }: Cluster, name: string, body: object) =>
  registry.patch(nodes, '', name, { type: 'merge', body });
const taint = (cluster: Cluster, name: string, effect: string, key = 'x') =>
  change(cluster, name, { spec: { taints: [{ key, effect }] } });
const told = ({ placements }: PlacementDiff) =>
  placements.map(({ difference, node, before, after }) => `${difference} ${node} ${before?.actual} ${after?.actual}`);
const podsTold = (diff: PlacementDiff) =>
  diff.pods.map(
    ({ difference, workload: of, before, after }) => `${difference} ${of?.kind} ${before?.node} ${after?.node}`,
  );

describe('the difference between two worlds', () => {
  it('is none between a cluster and its fork', async () => {
    const cluster = await start([agent(), web()]);
    expect(await whatIf(cluster, async () => {})).toEqual({ placements: [], pods: [], waiting: [] });
  });

  it('tells which daemon pods go by a taint, and why, and where a Deployment’s pods move', async () => {
    const cluster = await start([agent(), web()]);
    const diff = await whatIf(cluster, fork => taint(fork, 'node-2', 'NoExecute'));
    expect(told(diff)).toEqual(['WENT node-2 PRESENT NOT_WANTED']);
    expect(diff.placements[0]!.after!.reason).toContain('x:NoExecute');
    expect(diff.pods.map(({ difference, before }) => `${difference} ${before!.node}`)).toEqual(['MOVED node-2']);
    expect(diff.pods[0]!.workload).toEqual({ kind: 'Deployment', name: 'web' });
    expect(diff.pods[0]!.after!.node).toMatch(/^node-[13]$/);
  });

  it('tells of no pod that may stay, but that no new one is wanted', async () => {
    const cluster = await start([agent()]);
    const diff = await whatIf(cluster, fork => taint(fork, 'node-2', 'NoSchedule'));
    expect(told(diff)).toEqual(['CHANGED node-2 PRESENT EXTRA']);
  });

  it('tells of nodes that come and go', async () => {
    const cluster = await start([agent()]);
    const diff = await whatIf(cluster, async fork => {
      await fork.registry.create(nodes, {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: 'node-4' },
        spec: {},
        status: {},
      } as Node);
      await fork.registry.delete(nodes, '', 'node-1');
    });
    expect(told(diff)).toEqual(['WENT node-1 PRESENT undefined', 'CAME node-4 undefined PRESENT']);
  });

  it('tells what a new template replaces, with both revisions', async () => {
    const cluster = await start([agent(), web('a:1', 1)]);
    const diff = await whatIf(cluster, fork => fork.apply([agent('a:2'), web('a:2', 1)]));
    expect(told(diff)).toEqual([1, 2, 3].map(i => `REPLACED node-${i} PRESENT PRESENT`));
    for (const { before, after } of diff.placements) {
      expect(after!.revision).toBe(after!.currentRevision);
      expect(before!.revision).not.toBe(after!.revision);
    }
    expect(diff.pods).toHaveLength(1);
    const [{ difference, before, after }] = diff.pods as [PlacementDiff['pods'][0]];
    expect(['MOVED', 'REPLACED']).toContain(difference);
    expect(difference === 'MOVED').toBe(before!.node !== after!.node);
    expect(before!.revision).not.toBe(after!.revision);
  });

  it('tells of DaemonSets that come and go', async () => {
    const cluster = await start([agent()]);
    const diff = await whatIf(cluster, async fork => {
      await fork.apply(
        workload('DaemonSet', 'other', 'a:1', {}, { nodeSelector: { 'kubernetes.io/hostname': 'node-3' } }),
      );
      await fork.registry.delete(daemonSets, 'default', 'agent');
    });
    expect(diff.placements.map(({ daemonSet, difference, node }) => `${daemonSet} ${difference} ${node}`)).toEqual([
      'agent WENT node-1',
      'agent WENT node-2',
      'agent WENT node-3',
      'other CAME node-3',
    ]);
  });

  it('lists the pods that wait, with reasons', async () => {
    const cluster = await start([agent(), web('a:1', 2)]);
    const diff = await whatIf(cluster, async fork => {
      await fork.apply(agent('a:2', {}, { cpu: '1000' }));
      for (const i of [1, 2, 3]) await taint(fork, `node-${i}`, 'NoSchedule', 'full');
      await fork.registry.patch(deployments, 'default', 'web', { type: 'merge', body: { spec: { replicas: 4 } } });
    });
    expect(podsTold(diff)).toEqual(['CAME Deployment undefined undefined', 'CAME Deployment undefined undefined']);
    const reasons = diff.waiting.map(({ entry, reason }) => `${entry.object.metadata.labels!.app}: ${reason}`);
    expect(reasons.filter(reason => reason.startsWith('web'))).toEqual([
      expect.stringContaining('0/3 nodes are available'),
      expect.stringContaining('0/3 nodes are available'),
    ]);
    const waits = await whatIf(cluster, fork => fork.apply(agent('a:2', {}, { cpu: '1000' })));
    // The others are of an older template now, and their turn does not come.
    expect(
      told(waits)
        .map(line => line.replace(/node-\d/, 'node'))
        .sort(),
    ).toEqual(['CHANGED node PRESENT PRESENT', 'CHANGED node PRESENT PRESENT', 'REPLACED node PRESENT PENDING']);
    expect(waits.waiting.map(({ reason }) => reason)).toEqual([expect.stringMatching(/finds no room: .*cpu/i)]);
  });

  it('tells of pods that nobody controls, by name', async () => {
    const bare = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'a:1' }] },
    });
    const cluster = await start([bare('goes'), bare('again'), bare('stays')]);
    const diff = await whatIf(cluster, async fork => {
      for (const name of ['goes', 'again']) await fork.registry.delete(pods, 'default', name);
      await fork.comeToRest();
      await fork.apply([{ ...bare('again'), spec: { ...bare('again').spec, nodeName: 'node-2' } }, bare('comes')]);
    });
    expect(podsTold(diff)).toEqual([
      'MOVED undefined node-1 node-2',
      'CAME undefined undefined node-1',
      'WENT undefined node-1 undefined',
    ]);
  });

  it('is told of the past as well', async () => {
    const cluster = await start([agent()]);
    const { revision } = cluster;
    await cluster.apply(agent('a:2'));
    await cluster.comeToRest();
    const past = await cluster.registry.past(revision);
    expect(told(placementDiff(past, cluster.registry))).toEqual(
      [1, 2, 3].map(i => `REPLACED node-${i} PRESENT PRESENT`),
    );
  });

  it.each(['current', '1.11'] as const)('leaves out nothing that is different, whatever happens (%s)', async era => {
    const random = new Random(7);
    const all = ['agent', 'small', 'picky'].map((name, i) =>
      workload(
        'DaemonSet',
        name,
        'a:1',
        {},
        i === 2 ? { nodeSelector: { disk: 'ssd' } } : {},
        i === 1 ? { cpu: '500m' } : {},
      ),
    );
    const cluster = await start([...all, web('a:1', 5)], { era, nodes: 6 });
    const node = () => `node-${1 + random.below(6)}`;
    const acts: ((of: Cluster) => Promise<unknown>)[] = [
      of => taint(of, node(), ['NoExecute', 'NoSchedule'][random.below(2)]!),
      of => change(of, node(), { spec: { taints: null } }),
      of => change(of, node(), { metadata: { labels: { disk: ['ssd', null][random.below(2)] } } }),
      of =>
        change(of, node(), { metadata: { annotations: { 'kubette.dev/behavior': ['down', null][random.below(2)] } } }),
      of => of.apply({ ...all[random.below(3)]!, ...(random.below(2) ? agent(`a:${random.below(9)}`) : {}) }),
      of => of.apply(agent('a:3', {}, { cpu: ['100m', '3900m'][random.below(2)] })),
      of => of.apply(web(`a:${random.below(9)}`, random.below(8))),
      of => change(of, node(), { spec: { unschedulable: random.below(2) === 0 } }),
    ];
    for (let round = 0; round < 25; round++) {
      const from = await cluster.registry.past(cluster.revision);
      for (let i = 0; i <= random.below(3); i++) await acts[random.below(acts.length)]!(cluster);
      if (random.below(2)) await cluster.comeToRest('10m');
      else await cluster.advance(random.below(3000));
      expect(signatures(placementDiff(from, cluster.registry).placements)).toEqual(
        everyDifference(from, cluster.registry),
      );
    }
  });
});

const signature = (placement: Placement | undefined) =>
  placement &&
  [placement.actual, placement.wanted, placement.pod?.uid, placement.ready, placement.upToDate, placement.reason].join(
    '|',
  );
const signatures = (placements: PlacementDiff['placements']) =>
  Object.fromEntries(
    placements.map(({ daemonSet, node, before, after }) => [
      `${daemonSet} ${node}`,
      [signature(before), signature(after)],
    ]),
  );

/** Every pair held against every other. */
function everyDifference(before: Registry, after: Registry): Record<string, unknown> {
  const inWorld = (registry: Registry) =>
    new Map(
      new Placements(registry)
        .across(registry.all(daemonSets), registry.all(nodes))
        .map(placement => [`${placement.daemonSet.name} ${placement.node.name}`, signature(placement)]),
    );
  const [from, to] = [inWorld(before), inWorld(after)];
  const keys = [...new Set([...from.keys(), ...to.keys()])].filter(key => from.get(key) !== to.get(key));
  return Object.fromEntries(keys.map(key => [key, [from.get(key), to.get(key)]]));
}
