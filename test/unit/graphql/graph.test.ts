import { beforeAll, describe, expect, it } from 'vitest';
import type { Registry } from '../../../src/registry/registry.js';
import { daemonSets } from '../../../src/resources/index.js';
import type { DaemonSet } from '../../../src/resources/types.js';
import { askGraph, selection } from '../../support/graph.js';
import { openRegistry } from '../../support/registry.js';
import { addDaemonPod, addDaemonSet, addNode, observe, RUNNING } from '../../support/small-cluster.js';

let registry: Registry;

/** Four nodes: one tainted; on the workers an up-to-date pod, an old one, and none. */
beforeAll(async () => {
  registry = await openRegistry(['default', 'kube-system']);
  await addNode(registry, 'control-plane', {
    labels: { 'node-role.kubernetes.io/control-plane': '' },
    taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
  });
  for (const zone of ['a', 'b', 'c']) {
    await addNode(registry, `worker-${zone}`, { labels: { 'topology.kubernetes.io/zone': zone } });
  }
  const agent = await addDaemonSet(registry, 'agent', { namespace: 'kube-system' });
  await addDaemonPod(registry, agent, 'worker-a', { hash: 'h1' });
  const { object } = agent;
  const [container] = object.spec.template.spec.containers;
  const template = {
    ...object.spec.template,
    spec: { ...object.spec.template.spec, containers: [{ ...container!, image: 'agent:2' }] },
  };
  const updated = await registry.update<DaemonSet>(daemonSets, { ...object, spec: { ...object.spec, template } });
  await observe(registry, updated);
  await addDaemonPod(registry, agent, 'worker-b', { hash: 'h2', status: { ...RUNNING, podIP: '10.0.0.1' } });
  await addDaemonSet(registry, 'other', { spec: { nodeSelector: { 'topology.kubernetes.io/zone': 'a' } } });
});

const ask = (query: string, variables?: Record<string, unknown>) => askGraph(registry, query, { variables });

describe('the graph', () => {
  it('answers in one query, for every DaemonSet and node, what is wanted, what is there and why', async () => {
    const { placements } = await ask(`{
      placements(orderBy: NAME) {
        totalCount
        nodes { daemonSet { name } node { name } wanted shouldContinue actual upToDate revision currentRevision reason }
      }
    }`);
    expect(placements.totalCount).toBe(8);
    const rows = placements.nodes.map(
      (p: {
        daemonSet: { name: string };
        node: { name: string };
        wanted: boolean;
        actual: string;
        upToDate: boolean;
      }) => [p.daemonSet.name, p.node.name, p.wanted, p.actual, p.upToDate],
    );
    expect(rows).toEqual([
      ['other', 'control-plane', false, 'NOT_WANTED', null],
      ['other', 'worker-a', true, 'MISSING', null],
      ['other', 'worker-b', false, 'NOT_WANTED', null],
      ['other', 'worker-c', false, 'NOT_WANTED', null],
      ['agent', 'control-plane', false, 'NOT_WANTED', null],
      ['agent', 'worker-a', true, 'PRESENT', false],
      ['agent', 'worker-b', true, 'PRESENT', true],
      ['agent', 'worker-c', true, 'MISSING', null],
    ]);
    expect(placements.nodes[4].reason).toContain('node-role.kubernetes.io/control-plane:NoSchedule');
  });

  it('puts first what needs looking at', async () => {
    const { placements } = await ask('{ placements(first: 3) { nodes { actual node { name } } } }');
    expect(placements.nodes.map((p: { actual: string }) => p.actual)).toEqual(['MISSING', 'MISSING', 'PRESENT']);
  });

  it.each<[string, string, string[]]>([
    ['placements', 'daemonSet: "agent", actual: [MISSING]', ['worker-c']],
    ['placements', 'namespace: "kube-system", wanted: false', ['control-plane']],
    ['placements', 'daemonSet: "other", nodeSelector: "topology.kubernetes.io/zone=b"', ['worker-b']],
    ['placements', 'daemonSet: "agent", node: "worker-a"', ['worker-a']],
    ['placements', 'node: "none"', []],
    ['placements', 'daemonSet: "agent", zone: "b"', ['worker-b']],
    ['placements', 'daemonSet: "agent", taint: "node-role.kubernetes.io/control-plane:NoSchedule"', ['control-plane']],
    ['placements', 'zone: "a", taint: "node-role.kubernetes.io/control-plane"', []],
    ['placements', 'daemonSet: "agent", text: "WORKER-C"', ['worker-c']],
    ['placements', 'text: "zone=b", wanted: true', ['worker-b']],
    ['placements', 'text: "other", wanted: true', ['worker-a']],
  ])('filters %s(%s)', async (field, args, expected) => {
    const result = await ask(`{ ${field}(${args}) { nodes { node { name } } } }`);
    expect(result[field].nodes.map((p: { node: { name: string } }) => p.node.name)).toEqual(expected);
  });

  it.each<[string, string, string[]]>([
    ['nodes', 'labelSelector: "topology.kubernetes.io/zone"', ['worker-a', 'worker-b', 'worker-c']],
    ['nodes', 'name: "worker-a"', ['worker-a']],
    ['nodes', 'ready: false', []],
    ['nodes', 'last: 1', ['worker-c']],
    ['daemonSets', '', ['other', 'agent']],
    ['daemonSets', 'namespace: "kube-system"', ['agent']],
    ['pods', '', ['agent-worker-a', 'agent-worker-b']],
    ['pods', 'nodeName: "worker-b"', ['agent-worker-b']],
    ['pods', 'namespace: "default"', []],
    ['pods', 'phase: [PENDING]', []],
    ['pods', 'labelSelector: "controller-revision-hash=h1"', ['agent-worker-a']],
    ['pods', 'name: "agent-worker-b"', ['agent-worker-b']],
  ])('finds %s(%s)', async (field, args, expected) => {
    const result = await ask(`{ ${field}${args && `(${args})`} { totalCount nodes { name } } }`);
    expect(result[field].nodes.map((o: { name: string }) => o.name)).toEqual(expected);
  });

  it('has edges both ways', async () => {
    const { pod } = await ask(`{
      pod(namespace: "kube-system", name: "agent-worker-a") {
        node { name zone pods { nodes { name } } placements(daemonSet: "agent") { nodes { pod { name } } } }
        daemonSet {
          name
          pods { nodes { name } }
          placements(actual: [PRESENT]) { totalCount }
          currentRevision { hash pods { nodes { name } } }
          revisions { revision hash daemonSet { name } }
        }
        revision { hash pods { nodes { name } } }
        placement { pod { name } upToDate }
        metadata { ownerReferences { kind controller owner { id name } } }
      }
    }`);
    expect(pod).toEqual({
      node: {
        name: 'worker-a',
        zone: 'a',
        pods: { nodes: [{ name: 'agent-worker-a' }] },
        placements: { nodes: [{ pod: { name: 'agent-worker-a' } }] },
      },
      daemonSet: {
        name: 'agent',
        pods: { nodes: [{ name: 'agent-worker-a' }, { name: 'agent-worker-b' }] },
        placements: { totalCount: 2 },
        currentRevision: { hash: 'h2', pods: { nodes: [{ name: 'agent-worker-b' }] } },
        revisions: [
          { revision: 2, hash: 'h2', daemonSet: { name: 'agent' } },
          { revision: 1, hash: 'h1', daemonSet: { name: 'agent' } },
        ],
      },
      revision: { hash: 'h1', pods: { nodes: [{ name: 'agent-worker-a' }] } },
      placement: { pod: { name: 'agent-worker-a' }, upToDate: false },
      metadata: {
        ownerReferences: [{ kind: 'DaemonSet', controller: true, owner: { id: expect.any(String), name: 'agent' } }],
      },
    });
  });

  it('counts placements', async () => {
    const { daemonSet } = await ask(`{ daemonSet(namespace: "kube-system", name: "agent") { placementCounts {
      nodes wanted present ready upToDate pending missing extra terminating failed succeeded notWanted } } }`);
    expect(daemonSet.placementCounts).toEqual({
      nodes: 4,
      wanted: 3,
      present: 2,
      ready: 2,
      upToDate: 1,
      pending: 0,
      missing: 1,
      extra: 0,
      terminating: 0,
      failed: 0,
      succeeded: 0,
      notWanted: 1,
    });
  });

  it('finds everything again by its global id, and nothing by that of another', async () => {
    const everything = await ask(`{
      nodes { nodes { id } } pods { nodes { id } } placements { nodes { id } }
      daemonSets { nodes { id revisions { id } } }
    }`);
    const ids: string[] = JSON.stringify(everything).match(/(?<="id":")[^"]+/g) as unknown as string[];
    expect(new Set(ids).size).toBe(4 + 2 + 8 + 2 + 3);
    for (const id of ids) {
      const { node } = await ask('query($id: ID!) { node(id: $id) { __typename id } }', { id });
      expect(node?.id).toBe(id);
    }
    for (const id of [
      '',
      'x',
      Buffer.from('["Pod","kube-system","agent-worker-a","other-uid"]').toString('base64url'),
    ]) {
      expect(await ask('query($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null });
    }
  });

  it('gives the whole object as JSON and as YAML', async () => {
    const { nodeByName } = await ask(
      `{ nodeByName(name: "worker-a") { json yaml metadata { label(key: "none") labels { key value } labelMap } } }`,
    );
    expect(nodeByName.json).toMatchObject({ kind: 'Node', metadata: { name: 'worker-a' }, spec: expect.anything() });
    expect(nodeByName.json.metadata.managedFields).toBeUndefined();
    expect(nodeByName.yaml).toMatch(/^apiVersion: v1\nkind: Node\nmetadata:\n {2}creationTimestamp: "2025/);
    expect(nodeByName.metadata.label).toBeNull();
    expect(nodeByName.metadata.labels).toContainEqual({ key: 'topology.kubernetes.io/zone', value: 'a' });
    expect(nodeByName.metadata.labelMap).toMatchObject({ 'topology.kubernetes.io/zone': 'a' });
  });

  it('answers null for what is not there', async () => {
    expect(
      await ask('{ nodeByName(name: "x") { name } pod(name: "x") { name } daemonSet(name: "x") { name } }'),
    ).toEqual({
      nodeByName: null,
      pod: null,
      daemonSet: null,
    });
  });

  it('resolves every field of every type', async () => {
    const { daemonSet } = await ask(
      `{ daemonSet(namespace: "kube-system", name: "agent") ${selection('DaemonSet', 5)} }`,
    );
    expect(daemonSet.placements.nodes).toHaveLength(4);
    const { cluster, nodes } = await ask(
      `{ cluster ${selection('Cluster', 2)} nodes ${selection('ClusterNodeConnection', 4)} }`,
    );
    expect(cluster).toMatchObject({ version: 'v1.35.0', era: 'current', nodeCount: 4, podCount: 2, daemonSetCount: 2 });
    expect(nodes.totalCount).toBe(4);
  });
});
