import { afterEach, describe, expect, it } from 'vitest';
import type { ClusterOptions } from '../../../src/cluster/options.js';
import { type Cluster, createCluster } from '../../../src/index.js';
import { toYaml } from '../../../src/registry/yaml.js';
import type { ResourceDefinition } from '../../../src/resources/definition.js';
import {
  controllerRevisions,
  daemonSets,
  namespaces,
  nodes,
  pods,
  replicaSets,
  secrets,
} from '../../../src/resources/index.js';
import { conditionOf } from '../../../src/resources/state.js';
import type { KubeObject } from '../../../src/resources/types.js';
import { CLUSTER, DAEMON_SET, DAEMON_UID, NODES, PODS, REPLICA_SET, SILENT, STRANGERS } from './real-cluster.js';

const clusters: Cluster[] = [];
afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.close();
});

async function imported(options: ClusterOptions): Promise<Cluster> {
  const cluster = await createCluster({ clock: 'virtual', ...options });
  clusters.push(cluster);
  await cluster.settled();
  return cluster;
}

const identities = <T extends KubeObject>({ registry }: Cluster, kind: ResourceDefinition<T>) =>
  registry
    .all(kind)
    .map(({ object: { metadata } }) => `${metadata.name} ${metadata.uid} ${metadata.creationTimestamp}`);
const told = ({ imported }: Cluster) => imported!.left.map(({ kind, name, why }) => `${kind} ${name}: ${why}`);
const given = (objects: readonly { metadata: { name: string; uid?: string } }[]) =>
  objects.map(({ metadata }) => `${metadata.name} ${metadata.uid} 2026-03-01T10:00:00Z`).sort();

describe('a cluster that begins with the objects of another', () => {
  it.each([
    ['as objects', CLUSTER],
    ['as YAML', toYaml(CLUSTER)],
  ])('keeps every pod, revision and replica set as it was, an hour long: given %s', async (_, objects) => {
    const cluster = await imported({ import: objects });
    await cluster.advance('1h');
    expect(identities(cluster, pods)).toEqual(given([...PODS, STRANGERS[3]!]));
    expect(identities(cluster, nodes)).toEqual(given(NODES));
    expect(identities(cluster, replicaSets)).toEqual(given([REPLICA_SET]));
    expect(cluster.registry.all(controllerRevisions).map(({ name, object }) => [name, object.revision])).toEqual([
      ['agent-5b6c7d', 1],
      ['agent-7c5d8f', 2],
    ]);
    const { object: set } = cluster.registry.get(daemonSets, 'monitoring', 'agent')!;
    expect(set.metadata).toMatchObject({ uid: DAEMON_UID, generation: 2 });
    expect(set.metadata.managedFields).toBeUndefined();
    expect(set.status).toMatchObject({ desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberReady: 1 });
  });

  it('what ran goes on running, what was in trouble stays in trouble', async () => {
    const cluster = await imported({ import: CLUSTER });
    await cluster.advance('1h');
    const { registry } = cluster;
    for (const { metadata, status } of PODS) {
      const [container] = registry.get(pods, 'monitoring', metadata.name)!.object.status.containerStatuses!;
      const before = status.containerStatuses[0]!;
      if (before.state.running)
        expect(container).toMatchObject({ restartCount: 0, state: before.state, containerID: before.containerID });
      else expect(container!.restartCount).toBeGreaterThan(before.restartCount);
    }
    expect(registry.all(nodes).map(({ object }) => conditionOf(object, 'Ready')?.status)).toEqual([
      'True',
      'True',
      'False',
    ]);
    expect(registry.all(nodes)[0]!.object.status.nodeInfo?.kubeletVersion).toBe('v1.33.5-eks-1');
  });

  it('a node that was silent stays silent, until it is told otherwise', async () => {
    const cluster = await imported({ import: [SILENT] });
    const ready = () => conditionOf(cluster.registry.all(nodes)[0]!.object, 'Ready')?.status;
    await cluster.advance('1h');
    expect(ready()).toBe('Unknown');
    const body = { metadata: { annotations: { 'kubette.dev/behavior': null } } };
    await cluster.registry.patch(nodes, '', SILENT.metadata.name, { type: 'merge', body });
    await cluster.advance('1m');
    expect(ready()).toBe('True');
  });

  it('secrets and unknown kinds stay out, and pods without their node; owners that stay out own nothing', async () => {
    const cluster = await imported({ import: CLUSTER });
    expect(told(cluster)).toEqual([
      'Secret monitoring/key: secrets stay where they are',
      'NodePool general: there is no such kind in karpenter.sh/v1',
      'Pod monitoring/lost-7: its node does not come in',
    ]);
    expect(cluster.imported!.changed.map(({ name, why }) => `${name}: ${why}`)).toEqual([
      'monitoring/backup-8: its owner, a Job, does not come in, and owns it no longer',
    ]);
    expect(cluster.registry.all(secrets)).toEqual([]);
    expect(cluster.registry.all(namespaces).map(({ name }) => name)).toContain('monitoring');
  });

  it('what is wrong with one object stops no other', async () => {
    const [pod] = PODS;
    const bad = { ...pod!, metadata: { ...pod!.metadata, name: 'Bad_Name' } };
    const wrong = { ...DAEMON_SET, metadata: { ...DAEMON_SET.metadata, name: 'wrong' }, spec: { selector: 7 } };
    const newer = { ...NODES[0]!, spec: { ...NODES[0]!.spec, yetToCome: true } };
    const cluster = await imported({ import: [newer, bad, wrong, {}, pod!, pod!] });
    expect(told(cluster)).toEqual([
      expect.stringMatching(/^Pod monitoring\/Bad_Name: .*metadata.name: Invalid value/),
      expect.stringMatching(/^DaemonSet monitoring\/wrong: .*cannot unmarshal/),
      ' : there is no such kind in no version',
      'Pod monitoring/agent-1: it was given twice',
    ]);
    expect(cluster.imported!.changed.map(({ why }) => why)).toContain('unknown field "spec.yetToCome"');
    expect(cluster.imported!.taken).toEqual(
      new Map([
        ['Node', 1],
        ['Pod', 1],
      ]),
    );
  });

  it('answers what would happen: its nodes are tainted, and the daemon pods go', async () => {
    const set = structuredClone(DAEMON_SET) as { spec: { template: { spec: { tolerations: object[] } } } };
    set.spec.template.spec.tolerations = [];
    const untolerant = CLUSTER.items.map(item => (item.kind === 'DaemonSet' ? set : item));
    const cluster = await imported({ import: untolerant });
    const before = await cluster.fork();
    clusters.push(before);
    await before.comeToRest();
    expect(before.explain('agent', NODES[0]!.metadata.name, 'monitoring').wanted).toBe(true);
    await before.registry.patch(nodes, '', NODES[0]!.metadata.name, {
      type: 'merge',
      body: { spec: { taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] } },
    });
    await before.comeToRest();
    expect(before.explain('agent', NODES[0]!.metadata.name, 'monitoring')).toMatchObject({ wanted: false });
  });

  it('has nodes of its own if none are given, and what is to run runs on them', async () => {
    const cluster = await imported({ import: [DAEMON_SET] });
    expect(cluster.registry.all(nodes)).toHaveLength(4);
    expect(cluster.registry.all(pods).map(({ object }) => object.metadata.ownerReferences![0]!.uid)).toContain(
      DAEMON_UID,
    );
  });

  it('begins, on a virtual clock, when its objects last told of a time', async () => {
    const cluster = await imported({ import: CLUSTER });
    expect(cluster.clock.now()).toBe(Date.UTC(2026, 2, 2, 9));
  });
});
