import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.js';
import type { Manifests } from '../../../src/registry/manifests.js';
import { nodes, pods } from '../../../src/resources/index.js';

/** Pods that a node turns away the moment they come: whoever makes the next ones must leave the cluster a breath between. */
let cluster: Cluster;
beforeEach(async () => {
  cluster = await createCluster({ clock: 'virtual', nodes: 1 });
  await cluster.settled();
});
afterEach(() => cluster.close());

const nodeName = () => cluster.registry.all(nodes)[0]!.name;
const selector = { matchLabels: { app: 'x' } };
const MANIFESTS: Readonly<Record<string, (template: object) => object>> = {
  ReplicaSet: template => ({ apiVersion: 'apps/v1', spec: { replicas: 2, selector, template } }),
  Deployment: template => ({ apiVersion: 'apps/v1', spec: { replicas: 2, selector, template } }),
  ReplicationController: template => ({ apiVersion: 'v1', spec: { replicas: 2, template } }),
  StatefulSet: template => ({ apiVersion: 'apps/v1', spec: { replicas: 2, serviceName: 'x', selector, template } }),
  DaemonSet: template => ({ apiVersion: 'apps/v1', spec: { selector, template } }),
};

/** What makes the node turn pods away. */
const OBSTACLES: Readonly<Record<string, () => Promise<unknown>>> = {
  'a port that is taken': () =>
    cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'first' }, spec: podSpec() } as Manifests),
  'a taint': () => {
    const node = cluster.registry.get(nodes, '', nodeName())!.object;
    const taints = [{ key: 'broken', effect: 'NoExecute' as const }];
    return cluster.registry.update(nodes, { ...node, spec: { ...node.spec, taints } });
  },
};
const podSpec = () => ({
  nodeName: nodeName(),
  containers: [{ name: 'main', image: 'web', ports: [{ containerPort: 80, hostPort: 80 }] }],
});

async function apply(kind: string): Promise<void> {
  const template = { metadata: { labels: { app: 'x' } }, spec: podSpec() };
  await cluster.apply({ kind, metadata: { name: 'x' }, ...MANIFESTS[kind]!(template) } as Manifests);
  await cluster.settled();
}

describe.each(Object.entries(OBSTACLES))('pods that %s keeps from running', (_, obstruct) => {
  it.each(Object.keys(MANIFESTS))('are made by a %s no faster than the clock goes', async kind => {
    await obstruct();
    await cluster.advance('10s');
    await apply(kind);
    const made = new Set<string>();
    cluster.registry.onApply(({ type, entry }) => {
      if (type === 'ADDED' && entry.resource === 'pods') made.add(entry.uid);
    });
    await cluster.settled();
    expect(made.size).toBe(0);
    await cluster.advance('10s');
    expect(made.size).toBeLessThanOrEqual(2 * 10);
  });
});

it('are made again and again by a ReplicaSet, until there is room', async () => {
  await OBSTACLES['a port that is taken']!();
  await cluster.advance('10s');
  await apply('ReplicaSet');
  const states = () => cluster.registry.all(pods).map(({ object }) => object.status.reason ?? object.status.phase);
  await cluster.advance('3s');
  expect(states().filter(state => state === 'NodePorts').length).toBeGreaterThan(2);
  await cluster.registry.delete(pods, 'default', 'first', { gracePeriodSeconds: 0 });
  await cluster.advance('3s');
  expect(states()).toContain('Running');
});
