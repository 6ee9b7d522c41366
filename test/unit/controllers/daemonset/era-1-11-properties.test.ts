import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daemonSets, nodes, pods } from '../../../../src/resources/index.js';
import type { DaemonSet, Node, Pod } from '../../../../src/resources/types.js';
import { hashOf, NAMESPACE, TestCluster } from './cluster.js';

/** One thing that may happen; numbers choose among what is there, and say how much CPU. */
type Step =
  | { readonly do: 'addNode' | 'removeNode' | 'release' | 'deletePod' | 'failPod' | 'change'; readonly at: number }
  | { readonly do: 'occupy' | 'grow' | 'createSet'; readonly at: number; readonly cpu: number }
  | { readonly do: 'taint'; readonly at: number; readonly effect: 'NoSchedule' | 'NoExecute' | undefined }
  | { readonly do: 'run'; readonly ready: boolean };

const at = fc.nat(7);
const cpu = fc.integer({ min: 1, max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('addNode', 'removeNode', 'release', 'deletePod', 'failPod', 'change'), at }),
  fc.record({ do: fc.constantFrom('occupy', 'grow', 'createSet'), at, cpu }),
  fc.record({ do: fc.constant('taint' as const), at, effect: fc.constantFrom('NoSchedule', 'NoExecute', undefined) }),
  fc.record({ do: fc.constant('run' as const), ready: fc.boolean() }),
) as fc.Arbitrary<Step>;

const pick = <T>(all: readonly T[], at: number): T | undefined => (all.length ? all[at % all.length] : undefined);
const using = (cpu: number, image = 'a:1') => ({
  containers: [{ name: 'main', image, resources: { requests: { cpu: String(cpu) } } }],
});
const isBare = ({ metadata }: Pod) => metadata.ownerReferences === undefined;
const allNodes = ({ registry }: TestCluster) => registry.all(nodes).map(({ object }) => object);
const allSets = ({ registry }: TestCluster) => registry.all(daemonSets).map(({ object }) => object);
const cpuOf = ({ spec }: { spec: Pod['spec'] }) => Number(spec.containers[0]!.resources?.requests?.cpu ?? 0);

async function take(cluster: TestCluster, step: Step, count: number): Promise<void> {
  const { registry } = cluster;
  const there = 'at' in step ? pick(allNodes(cluster), step.at) : undefined;
  const node = there?.metadata.name ?? '';
  switch (step.do) {
    case 'addNode':
      return cluster.addNode(`extra-${count}`);
    case 'removeNode':
      if (there) await cluster.removeNode(node);
      // What PodGC does later.
      for (const pod of cluster.pods().filter(({ spec }) => spec.nodeName === node))
        await registry.delete(pods, NAMESPACE, pod.metadata.name, { gracePeriodSeconds: 0 });
      return;
    case 'occupy':
      if (!there) return;
      await registry.create(pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: `bare-${count}`, namespace: NAMESPACE },
        spec: { nodeName: node, ...using(step.cpu) },
        status: {},
      });
      return;
    case 'grow':
      if (!there) return;
      await registry.update(
        nodes,
        {
          ...there,
          status: { ...there.status, allocatable: { ...there.status.allocatable, cpu: String(2 * step.cpu) } },
        },
        { subresource: 'status' },
      );
      return;
    case 'createSet':
      if (allSets(cluster).length < 3) await cluster.createSet({ name: `set-${count}`, pod: using(step.cpu) });
      return;
    case 'change': {
      const set = pick(allSets(cluster), step.at);
      const change = { spec: { template: { metadata: { annotations: { count: String(count) } } } } };
      if (set) await cluster.patchSet(change, set.metadata.name);
      return;
    }
    case 'taint':
      if (there) await cluster.taint(node, ...(step.effect ? [{ key: 'custom', effect: step.effect }] : []));
      return;
    case 'run':
      return cluster.runPods(step.ready);
    default: {
      const pod = pick(
        cluster.pods().filter(pod => isBare(pod) === (step.do === 'release')),
        step.at,
      );
      if (!pod) return;
      if (step.do === 'failPod') await cluster.setStatus(pod, 'Failed', false);
      else await registry.delete(pods, NAMESPACE, pod.metadata.name, { gracePeriodSeconds: 0 });
    }
  }
}

/** What the controller of 1.11 wants of a node at rest, written down a second time. */
function expected(set: DaemonSet, node: Node, onNode: readonly Pod[]): 'one' | 'none' | 'any' {
  const effects = (node.spec.taints ?? []).map(taint => taint.effect);
  if (effects.includes('NoExecute')) return 'none';
  if (effects.includes('NoSchedule')) return 'any';
  const others = onNode.filter(pod => pod.metadata.ownerReferences?.[0]?.uid !== set.metadata.uid);
  const room = Number(node.status.allocatable!.cpu) - others.reduce((sum, pod) => sum + cpuOf(pod), 0);
  return room >= cpuOf(set.spec.template) ? 'one' : 'any';
}

describe('era 1.11, whatever happens', () => {
  it('HIS-02, HIS-03, HIS-04, HIS-06: at rest nobody waits where there is room, and nobody stands where they may not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
        const cluster = await TestCluster.start(3, '1.11');
        await cluster.createSet({ name: 'first', pod: using(2) });
        for (const [i, step] of steps.entries()) {
          await take(cluster, step, i);
          expect(cluster.pods().filter(pod => !pod.spec.nodeName)).toEqual([]);
        }
        await cluster.rollOut();
        await cluster.advance(60 * 60_000);
        await cluster.rollOut();
        for (const set of allSets(cluster)) {
          const { uid } = set.metadata;
          const revision = cluster.revisions().findLast(({ metadata }) => metadata.ownerReferences?.[0]?.uid === uid)!;
          const counts = { desired: 0, current: 0, misscheduled: 0 };
          for (const node of allNodes(cluster)) {
            const onNode = cluster.podsOn(node.metadata.name);
            const own = onNode.filter(pod => pod.metadata.ownerReferences?.[0]?.uid === uid);
            const what = expected(set, node, onNode);
            if (what === 'any') expect(own.length).toBeLessThanOrEqual(1);
            else expect(own).toHaveLength(what === 'one' ? 1 : 0);
            const isWanted = !node.spec.taints?.length;
            if (isWanted) counts.desired++;
            if (own.length > 0) counts[isWanted ? 'current' : 'misscheduled']++;
            // Where there was no room for another, what had failed or is old may be left.
            if (what === 'one') expect(hashOf(own[0]!)).toBe(revision.metadata.labels!['controller-revision-hash']);
          }
          expect(set.status).toMatchObject({
            desiredNumberScheduled: counts.desired,
            currentNumberScheduled: counts.current,
            numberMisscheduled: counts.misscheduled,
            observedGeneration: set.metadata.generation,
          });
        }
        const { revision } = cluster.registry;
        await cluster.advance(60 * 60_000);
        expect(cluster.registry.revision).toBe(revision);
      }),
      { numRuns: 60, seed: 20250101 },
    );
  });
});
