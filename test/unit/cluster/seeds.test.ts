import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster, resources } from '../../../src/index.js';

const { daemonSets, nodes, pods } = resources;
const clusters: Cluster[] = [];
afterEach(async () => {
  await Promise.all(clusters.splice(0).map(cluster => cluster.close()));
});

async function create(options: ClusterOptions): Promise<Cluster> {
  const cluster = await createCluster({ clock: 'virtual', ...options });
  clusters.push(cluster);
  return cluster;
}

const example = (name: string) => readFileSync(new URL(`../../../examples/${name}`, import.meta.url), 'utf8');

const gpuAgent = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'gpu-agent' },
  spec: {
    selector: { matchLabels: { app: 'gpu-agent' } },
    template: {
      metadata: { labels: { app: 'gpu-agent' } },
      spec: {
        nodeSelector: { 'nvidia.com/gpu.present': 'true' },
        tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists' }],
        containers: [{ name: 'agent', image: 'agent:1', resources: { limits: { 'nvidia.com/gpu': 1 } } }],
      },
    },
  },
};

describe('nodes by a plan', () => {
  it('stand in zones in turn, and a share of each zone has a GPU that pods can ask for', async () => {
    const cluster = await create({ nodes: { count: 50, zones: 5, gpu: '20%' }, manifests: gpuAgent });
    const all = cluster.registry.all(nodes).map(({ object }) => object);
    const count = (of: typeof all) => {
      const counts: Record<string, number> = {};
      for (const { metadata } of of) {
        const zone = metadata.labels!['topology.kubernetes.io/zone']!;
        counts[zone] = (counts[zone] ?? 0) + 1;
      }
      return counts;
    };
    expect(count(all)).toEqual({ 'zone-a': 10, 'zone-b': 10, 'zone-c': 10, 'zone-d': 10, 'zone-e': 10 });
    const withGpu = all.filter(({ status }) => status.allocatable!['nvidia.com/gpu'] === '1');
    expect(count(withGpu)).toEqual({ 'zone-a': 2, 'zone-b': 2, 'zone-c': 2, 'zone-d': 2, 'zone-e': 2 });
    expect(withGpu.every(({ status }) => status.capacity!.cpu === '4')).toBe(true);
    await cluster.settled();
    const running = cluster.registry.all(pods).filter(({ object }) => object.status.phase === 'Running');
    expect(running.map(({ object }) => object.spec.nodeName).sort()).toEqual(withGpu.map(n => n.metadata.name).sort());
  });

  it('have names for zones, numbers for shares, and what their kubelets are told of resources', async () => {
    const cluster = await create({
      nodes: { count: 4, zones: ['east', 'west'], gpu: 1 },
      kubelet: { capacity: { cpu: '8', memory: '16Gi', pods: '20' }, allocatable: { cpu: '7' } },
    });
    const all = cluster.registry.all(nodes).map(({ object }) => object);
    expect(all.map(({ metadata }) => metadata.labels!['topology.kubernetes.io/zone'])).toEqual([
      'east',
      'west',
      'east',
      'west',
    ]);
    const [withGpu, ...others] = all.filter(({ spec }) => spec.taints?.some(({ key }) => key === 'nvidia.com/gpu'));
    expect(others).toEqual([]);
    expect(withGpu!.status.allocatable).toMatchObject({ cpu: '7', memory: '16Gi', pods: '20', 'nvidia.com/gpu': '1' });
  });

  it.each([
    [{ count: -1 }, 'nodes: the count must be a whole number from 0 to 100000, not -1'],
    [{ count: 3, zones: 27 }, 'nodes: zones must be a whole number from 0 to 26, or names, not 27'],
    [{ count: 3, gpu: '200%' }, 'nodes: "200%" is no share of 3 nodes'],
    [{ count: 3, gpu: 4 }, 'nodes: 4 is no share of 3 nodes'],
  ] as const)('make sense, or are refused: %j', async (plan, message) => {
    await expect(createCluster({ nodes: plan })).rejects.toThrow(message);
  });
});

describe('what a cluster begins with', () => {
  it('is there before its controllers begin, kinds of its own included, and again after a reset', async () => {
    const cluster = await create({
      nodes: 2,
      manifests: `${example('crontab.yaml')}\n---\n${example('crontab-crd.yaml')}\n---\n${JSON.stringify({ ...gpuAgent, metadata: { name: 'seeded' } })}`,
    });
    const kind = cluster.registry.kinds.byKind('stable.example.com/v1', 'CronTab')!;
    expect(cluster.registry.all(kind)).toHaveLength(1);
    expect(cluster.registry.get(daemonSets, 'default', 'seeded')!.object.status.observedGeneration).toBeUndefined();
    await cluster.settled();
    expect(cluster.registry.get(daemonSets, 'default', 'seeded')!.object.status.observedGeneration).toBe(1);
    await cluster.registry.delete(daemonSets, 'default', 'seeded');
    await cluster.reset();
    expect(cluster.registry.get(daemonSets, 'default', 'seeded')!.object.status.observedGeneration).toBeUndefined();
    expect(cluster.registry.all(cluster.registry.kinds.byKind('stable.example.com/v1', 'CronTab')!)).toHaveLength(1);
  });

  it('is refused as the API server would', async () => {
    await expect(createCluster({ manifests: { apiVersion: 'v1', kind: 'Nothing' } })).rejects.toMatchObject({
      code: 400,
      message: 'no matches for kind "Nothing" in version "v1"',
    });
  });
});

describe('an export', () => {
  it('is what another cluster begins with, the same as it stands', async () => {
    const cluster = await create({ nodes: { count: 3, gpu: 1 }, manifests: gpuAgent });
    await cluster.apply(`${example('crontab-crd.yaml')}\n---\n${example('crontab.yaml')}`);
    await cluster.settled();
    const text = cluster.export();
    expect(text).not.toMatch(/^kind: (Event|Lease)$/m);
    const { url } = await cluster.listen();
    expect(await (await fetch(`${url}/_kubette/v1/export`)).text()).toBe(text);
    const lines = await fetch(`${url}/_kubette/v1/export`, { headers: { accept: 'application/x-ndjson' } });
    const objects = (await lines.text()).trim().split('\n');
    expect(objects.map(line => (JSON.parse(line) as { kind: string }).kind)).toContain('CronTab');
    const other = await create({ import: text });
    await other.settled();
    expect([...new Set(other.imported!.left.map(({ kind }) => kind))]).toEqual(['ConfigMap']);
    expect(other.imported!.changed).toEqual([]);
    const placed = ({ registry }: Cluster) =>
      registry
        .all(pods)
        .map(({ object: { metadata, spec, status } }) => [
          metadata.uid,
          metadata.name,
          spec.nodeName,
          status.phase,
          status.podIP,
          status.startTime,
        ]);
    expect(placed(other)).toEqual(placed(cluster));
    expect(placed(other)).toHaveLength(1);
  });
});

describe('objects of a program', () => {
  it('are taken as a client would send them: without what is undefined', async () => {
    const cluster = await create({});
    const metadata = { name: 'x', labels: undefined, annotations: { a: 'b', c: undefined } };
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { at: new Date(0) },
      binaryData: undefined,
    });
    const { data, metadata: stored } = cluster.object<'cm/x'>('cm/x').current as unknown as {
      data: object;
      metadata: { annotations: object };
    };
    expect({ data, annotations: stored.annotations }).toEqual({
      data: { at: '1970-01-01T00:00:00.000Z' },
      annotations: { a: 'b' },
    });
  });
});
