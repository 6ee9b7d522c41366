import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daemonSets, pods } from '../../../../src/resources/index.js';
import type { Node, Pod } from '../../../../src/resources/types.js';
import { hashOf, imageOf, NAMESPACE, nodeOf, TestCluster } from './cluster.js';

/** One thing that may happen to the cluster; numbers choose among what is there. */
type Step =
  | {
      readonly do: 'addNode' | 'removeNode' | 'deletePod' | 'failPod' | 'relabelPod' | 'orphan' | 'toggleLabel';
      readonly at: number;
    }
  | {
      readonly do: 'taint';
      readonly at: number;
      readonly effect: 'NoSchedule' | 'NoExecute' | 'PreferNoSchedule' | undefined;
    }
  | { readonly do: 'image'; readonly at: number }
  | { readonly do: 'strategy'; readonly maxUnavailable: number; readonly maxSurge: number }
  | { readonly do: 'run'; readonly ready: boolean };

const at = fc.nat(9);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom('addNode', 'removeNode', 'deletePod', 'failPod', 'relabelPod', 'orphan', 'toggleLabel'),
    at,
  }) as fc.Arbitrary<Step>,
  fc.record({
    do: fc.constant('taint' as const),
    at,
    effect: fc.constantFrom('NoSchedule', 'NoExecute', 'PreferNoSchedule', undefined),
  }) as fc.Arbitrary<Step>,
  fc.record({ do: fc.constant('image' as const), at: fc.nat(3) }),
  fc.constantFrom<Step>(
    { do: 'strategy', maxUnavailable: 1, maxSurge: 0 },
    { do: 'strategy', maxUnavailable: 3, maxSurge: 0 },
    { do: 'strategy', maxUnavailable: 0, maxSurge: 2 },
  ),
  fc.record({ do: fc.constant('run' as const), ready: fc.boolean() }),
);

const pick = <T>(all: readonly T[], at: number): T | undefined => (all.length ? all[at % all.length] : undefined);

async function take(cluster: TestCluster, step: Step, count: number): Promise<void> {
  const nodes = cluster.registry.all((await import('../../../../src/resources/index.js')).nodes);
  const node = 'at' in step ? pick(nodes, step.at)?.name : undefined;
  const pod = 'at' in step ? pick(cluster.pods(), step.at) : undefined;
  switch (step.do) {
    case 'addNode':
      if (!nodes.some(n => n.name === `extra-${step.at}`))
        await cluster.addNode(`extra-${step.at}`, { labels: { on: 'yes' } });
      break;
    case 'removeNode':
      if (node) await cluster.removeNode(node);
      break;
    case 'toggleLabel':
      if (node) {
        await cluster.changeNode(node, n => {
          const { on, ...labels } = n.metadata.labels ?? {};
          return { ...n, metadata: { ...n.metadata, labels: on ? labels : { ...labels, on: 'yes' } } };
        });
      }
      break;
    case 'taint':
      if (node) await cluster.taint(node, ...(step.effect ? [{ key: 'custom', effect: step.effect }] : []));
      break;
    case 'deletePod':
      if (pod) await cluster.registry.delete(pods, NAMESPACE, pod.metadata.name);
      break;
    case 'failPod':
      if (pod?.spec.nodeName) await cluster.setStatus(pod, 'Failed', false);
      break;
    case 'relabelPod':
      if (pod)
        await cluster.patchPod(pod, {
          metadata: { labels: { app: pod.metadata.labels?.app === 'agent' ? 'stray' : 'agent' } },
        });
      break;
    case 'orphan':
      if (node) await cluster.createPod(`orphan-${count}`, { labels: { app: 'agent' } }, node);
      break;
    case 'image':
      await cluster.setImage(`image:${step.at}`);
      break;
    case 'strategy':
      await cluster.patchSet({
        spec: {
          updateStrategy: {
            type: 'RollingUpdate',
            rollingUpdate: { maxUnavailable: step.maxUnavailable, maxSurge: step.maxSurge },
          },
        },
      });
      break;
    case 'run':
      await cluster.runPods(step.ready);
  }
}

/** What PodGC does for pods of nodes that are gone, at once. */
async function collect(cluster: TestCluster): Promise<void> {
  const { nodes } = await import('../../../../src/resources/index.js');
  for (const pod of cluster.pods()) {
    if (pod.spec.nodeName && !cluster.registry.get(nodes, '', pod.spec.nodeName)) {
      await cluster.registry.delete(pods, NAMESPACE, pod.metadata.name, { gracePeriodSeconds: 0 });
    }
  }
}

async function play(steps: readonly Step[]): Promise<TestCluster> {
  const cluster = await TestCluster.start(0);
  for (let i = 0; i < 4; i++) await cluster.addNode(`node-${i}`, { labels: { on: 'yes' } });
  await cluster.createSet({ pod: { nodeSelector: { on: 'yes' } } });
  for (const [i, step] of steps.entries()) await take(cluster, step, i);
  return cluster;
}

async function converge(cluster: TestCluster): Promise<void> {
  await collect(cluster);
  await cluster.rollOut();
  await cluster.advance(20 * 60_000);
  await cluster.rollOut();
}

/** What the set of {@link play} wants of a node, written down a second time. */
function wanted(node: Node): 'run' | 'stay' | 'go' {
  if (node.metadata.labels?.on !== 'yes') return 'go';
  const effects = (node.spec.taints ?? []).map(t => t.effect);
  if (effects.includes('NoExecute')) return 'go';
  return effects.includes('NoSchedule') ? 'stay' : 'run';
}

describe('whatever happens', () => {
  it('MAN, DUP, UPD, SUR: in the end every node has what the set wants of it, and the status says so', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
        const cluster = await play(steps);
        await converge(cluster);
        const set = cluster.registry.get(daemonSets, NAMESPACE, 'agent')!.object;
        const own = cluster.pods().filter(p => p.metadata.ownerReferences?.some(o => o.uid === set.metadata.uid));
        const { nodes } = await import('../../../../src/resources/index.js');
        const all = cluster.registry.all(nodes).map(n => n.object);
        let [desired, strays] = [0, 0];
        for (const node of all) {
          const there = own.filter(p => nodeOf(p) === node.metadata.name);
          if (wanted(node) === 'run') {
            desired++;
            expect(there).toHaveLength(1);
          } else if (wanted(node) === 'go') expect(there).toHaveLength(0);
          else {
            expect(there.length).toBeLessThanOrEqual(1);
            strays += there.length;
          }
        }
        expect(own.length).toBe(desired + strays);
        const current = cluster.revisions().at(-1)!;
        const runs = (p: Pod) => all.some(n => n.metadata.name === nodeOf(p) && wanted(n) === 'run');
        for (const pod of own.filter(runs)) {
          expect(imageOf(pod)).toBe(set.spec.template.spec.containers[0]!.image);
          expect(hashOf(pod)).toBe(current.metadata.labels!['controller-revision-hash']);
        }
        expect(set.status).toEqual({
          desiredNumberScheduled: desired,
          currentNumberScheduled: desired,
          numberReady: desired,
          numberMisscheduled: strays,
          observedGeneration: set.metadata.generation,
          ...(desired ? { updatedNumberScheduled: desired, numberAvailable: desired } : {}),
        });
        expect(cluster.errors.filter(e => !/couldn't get node/.test(String(e)))).toEqual([]);
      }),
      { numRuns: 60, seed: 20250101 },
    );
  });

  it('UPD-06: a rollout of healthy pods never makes more nodes unavailable than allowed', async () => {
    const budget = fc.integer({ min: 1, max: 4 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), budget, async (count, maxUnavailable) => {
        const cluster = await TestCluster.start(count);
        await cluster.createSet({
          spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable, maxSurge: 0 } } },
        });
        await cluster.rollOut();
        await cluster.setImage('new:1');
        for (let i = 0; i < 4 * count; i++) {
          await cluster.settled();
          const serving = cluster
            .pods()
            .filter(p => p.metadata.deletionTimestamp === undefined && p.status.phase === 'Running');
          expect(serving.length).toBeGreaterThanOrEqual(count - maxUnavailable);
          await cluster.runPods();
        }
        expect(cluster.status().updatedNumberScheduled).toBe(count);
      }),
      { numRuns: 20, seed: 20250101 },
    );
  });

  it('settles: once all is in order nothing is written any more, and the same steps give the same cluster', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async steps => {
        const state = async () => {
          const cluster = await play(steps);
          await converge(cluster);
          const { revision } = cluster.registry;
          await cluster.advance(60 * 60_000);
          expect(cluster.registry.revision).toBe(revision);
          return JSON.stringify([revision, cluster.pods(), cluster.set(), cluster.revisions()]);
        };
        expect(await state()).toBe(await state());
      }),
      { numRuns: 15, seed: 20250101 },
    );
  });
});
