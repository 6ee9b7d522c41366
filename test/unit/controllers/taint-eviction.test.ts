import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { taintEvictionController } from '../../../src/controllers/taint-eviction/index.js';
import { tolerance } from '../../../src/controllers/taint-eviction/tolerance.js';
import { pods } from '../../../src/resources/index.js';
import type { Taint, Toleration } from '../../../src/resources/types.js';
import { ModelCluster, READY } from '../../support/model-cluster.js';

const BROKEN: Taint = { key: 'broken', effect: 'NoExecute' };
const LEAKY: Taint = { key: 'leaky', effect: 'NoExecute' };
const bears = (key: string, tolerationSeconds?: number): Toleration => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
});

describe('TNT-08: tolerance', () => {
  it.each<[string, Taint[], Toleration[], number | undefined]>([
    ['no taints', [], [], Number.POSITIVE_INFINITY],
    ['a taint not borne', [BROKEN], [bears('leaky')], undefined],
    ['one of two not borne', [BROKEN, LEAKY], [bears('leaky', 10)], undefined],
    ['borne for good', [BROKEN], [bears('broken')], Number.POSITIVE_INFINITY],
    ['borne for a while', [BROKEN], [bears('broken', 10)], 10_000],
    ['the shortest counts', [BROKEN, LEAKY], [bears('broken', 10), bears('leaky', 5)], 5000],
    ['a finite one counts beside an infinite one', [BROKEN, LEAKY], [bears('broken'), bears('leaky', 5)], 5000],
    ['the first that matches counts', [BROKEN], [bears('broken', 60), bears('broken', 5)], 60_000],
    ['zero and less mean at once', [BROKEN], [bears('broken', -3)], 0],
    ['everything borne', [BROKEN], [{ operator: 'Exists' }], Number.POSITIVE_INFINITY],
    [
      'another effect does not help',
      [BROKEN],
      [{ key: 'broken', operator: 'Exists', effect: 'NoSchedule' }],
      undefined,
    ],
  ])('%s', (_what, taints, tolerations, ms) => expect(tolerance(taints, tolerations)).toBe(ms));
});

describe('eviction', () => {
  let cluster: ModelCluster;
  beforeEach(async () => {
    cluster = await ModelCluster.start(taintEvictionController);
    await cluster.node('n1', READY);
    await cluster.node('n2', READY);
    await cluster.setTaints('n1');
  });
  afterEach(async () => {
    expect(cluster.errors).toEqual([]);
    await cluster.close();
  });

  const isGoing = (name: string) => cluster.getPod(name)?.metadata.deletionTimestamp !== undefined;

  it('TNT-08, TNT-09, taint eviction TestUpdateNode: is at once for pods that do not bear the taint, with its marks', async () => {
    await cluster.pod('a', 'n1');
    await cluster.pod('b', 'n2');
    await cluster.pod('c', 'n1', { tolerations: [bears('broken')] });
    await cluster.setTaints('n1', { key: 'broken', effect: 'NoSchedule' });
    expect(isGoing('a')).toBe(false);
    await cluster.setTaints('n1', BROKEN);
    expect([isGoing('a'), isGoing('b'), isGoing('c')]).toEqual([true, false, false]);
    expect(cluster.getPod('a')!.metadata.deletionGracePeriodSeconds).toBe(30);
    expect(cluster.podCondition('a', 'DisruptionTarget')).toMatchObject({
      status: 'True',
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
    });
    expect(cluster.events).toEqual([
      'taint-eviction-controller Normal TaintManagerEviction Marking for deletion Pod default/a',
    ]);
  });

  it('TNT-08, taint eviction TestCreatePod: is at once for a pod that comes to a tainted node', async () => {
    await cluster.setTaints('n1', BROKEN);
    await cluster.pod('a', undefined);
    await cluster.registry.bind('default', 'a', 'n1');
    await cluster.settle();
    expect(isGoing('a')).toBe(true);
  });

  it('TNT-08, taint eviction TestUpdateNode: waits for tolerationSeconds', async () => {
    await cluster.pod('a', 'n1', { tolerations: [bears('broken', 60)] });
    await cluster.advance(100_000);
    await cluster.setTaints('n1', BROKEN);
    await cluster.advance(59_999);
    expect(isGoing('a')).toBe(false);
    await cluster.advance(1);
    expect(isGoing('a')).toBe(true);
    await cluster.deletePod('a', 0);
    expect(cluster.told('TaintManagerEviction')).toEqual(['Marking for deletion Pod default/a']);
  });

  it('TNT-09: is called off, and said to be, when the pod goes before its time', async () => {
    await cluster.pod('a', 'n1', { tolerations: [bears('broken', 60)] });
    await cluster.setTaints('n1', BROKEN);
    await cluster.deletePod('a', 0);
    expect(cluster.told('TaintManagerEviction')).toEqual(['Cancelling deletion of Pod default/a']);
    expect(cluster.errors).toEqual([]);
  });

  it('TNT-09: is told of once, whatever else becomes of the node', async () => {
    await cluster.pod('a', 'n1');
    await cluster.setTaints('n1', BROKEN, LEAKY);
    await cluster.annotateNode('n1', { beat: '1' });
    await cluster.setTaints('n1', BROKEN, LEAKY, { key: 'full', effect: 'NoSchedule' });
    expect(cluster.told('TaintManagerEviction')).toEqual(['Marking for deletion Pod default/a']);
  });

  it('TNT-08: keeps its time when the node goes, and is of nobody who was to stay there', async () => {
    await cluster.pod('a', 'n1', { tolerations: [bears('broken', 60)] });
    await cluster.pod('b', 'n1', { tolerations: [bears('broken')] });
    await cluster.setTaints('n1', BROKEN);
    await cluster.deleteNode('n1');
    await cluster.advance(59_999);
    expect(isGoing('a')).toBe(false);
    await cluster.advance(1);
    expect([isGoing('a'), isGoing('b')]).toEqual([true, false]);
    expect(cluster.told('TaintManagerEviction')).toEqual(['Marking for deletion Pod default/a']);
  });

  it('TNT-08, TNT-09, taint eviction TestUpdateNode: is called off when the taint is lifted, and counted anew when it returns', async () => {
    await cluster.pod('a', 'n1', { tolerations: [bears('broken', 60)] });
    await cluster.setTaints('n1', BROKEN);
    await cluster.advance(30_000);
    await cluster.setTaints('n1');
    expect(cluster.told('TaintManagerEviction')).toEqual(['Cancelling deletion of Pod default/a']);
    await cluster.advance(60_000);
    expect(isGoing('a')).toBe(false);
    await cluster.setTaints('n1', BROKEN);
    await cluster.advance(59_999);
    expect(isGoing('a')).toBe(false);
    await cluster.advance(1);
    expect(isGoing('a')).toBe(true);
  });

  it('TNT-08, taint eviction TestUpdatePod: once scheduled keeps its time when its toleration is lengthened', async () => {
    await cluster.pod('a', 'n1', { tolerations: [bears('broken', 60)] });
    await cluster.setTaints('n1', BROKEN);
    await cluster.advance(30_000);
    const pod = cluster.getPod('a')!;
    const tolerations = [bears('broken', 600), ...pod.spec.tolerations!.slice(1)];
    await cluster.registry.update(pods, { ...pod, spec: { ...pod.spec, tolerations } });
    await cluster.settle();
    expect(cluster.told('TaintManagerEviction')).toEqual([]);
    await cluster.advance(29_999);
    expect(isGoing('a')).toBe(false);
    await cluster.advance(1);
    expect(isGoing('a')).toBe(true);
  });

  it.each<[string, number | undefined, number]>([
    ['taint eviction TestCreatePod: a pod without a node is nobody to evict', undefined, Number.POSITIVE_INFINITY],
    ['taint eviction TestCreatePod: borne for a while', 10, 10_000],
    ['taint eviction TestCreatePod: an invalid time means at once', -10, 0],
  ])('TNT-08, %s', async (_what, tolerationSeconds, after) => {
    await cluster.setTaints('n1', BROKEN);
    const bound = Number.isFinite(after);
    await cluster.pod(
      'a',
      bound ? 'n1' : undefined,
      bound ? { tolerations: [bears('broken', tolerationSeconds)] } : {},
    );
    await cluster.advance(Math.max(Math.min(after, 3_600_000) - 1, 0));
    expect(isGoing('a')).toBe(after === 0);
    await cluster.advance(1);
    expect(isGoing('a')).toBe(bound);
  });

  it('TNT-11: a pod that a controller made for a node with the taint stays for a second', async () => {
    await cluster.setTaints('n1', BROKEN);
    const controller = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: 'its-uid', controller: true };
    await cluster.pod('a', 'n1', { tolerations: [bears('broken', 0)] }, { ownerReferences: [controller] });
    await cluster.advance(999);
    expect(isGoing('a')).toBe(false);
    await cluster.advance(1);
    expect(isGoing('a')).toBe(true);
  });

  it('TNT-08: is for pods on their way out as well, which are told of and given no more time', async () => {
    await cluster.pod('a', 'n1', { terminationGracePeriodSeconds: 20 });
    await cluster.registry.delete(pods, 'default', 'a', { gracePeriodSeconds: 600 });
    await cluster.setTaints('n1', BROKEN);
    expect(cluster.told('TaintManagerEviction')).toHaveLength(1);
    expect(cluster.getPod('a')?.metadata.deletionGracePeriodSeconds).toBe(600);
  });

  it('TNT-08, taint eviction TestCreateNode: comes with a node that has the taint when its pods are there already', async () => {
    await cluster.pod('early', 'n3');
    await cluster.pod('hardened', 'n3', { tolerations: [bears('broken')] });
    await cluster.node('n3', READY, { spec: { taints: [BROKEN] } });
    await cluster.advance(1000);
    expect([isGoing('early'), isGoing('hardened')]).toEqual([true, false]);
  });

  it('TNT-08, taint eviction TestUpdateNode: of several taints the first that is no longer borne counts, and lifting one leaves the other', async () => {
    await cluster.pod('a', 'n1', { tolerations: [bears('broken', 60), bears('leaky', 100)] });
    await cluster.setTaints('n1', BROKEN, LEAKY);
    await cluster.advance(59_999);
    expect(isGoing('a')).toBe(false);
    await cluster.advance(1);
    expect(isGoing('a')).toBe(true);
  });

  it('TNT-08: once scheduled keeps its time when another taint with a shorter tolerance comes', async () => {
    await cluster.pod('a', 'n1', { tolerations: [bears('broken', 60), bears('leaky', 10)] });
    await cluster.setTaints('n1', BROKEN);
    await cluster.advance(5000);
    await cluster.setTaints('n1', BROKEN, LEAKY);
    await cluster.advance(54_999);
    expect(isGoing('a')).toBe(false);
    await cluster.advance(1);
    expect(isGoing('a')).toBe(true);
  });

  it('TNT-08, taint eviction TestUpdateNode: comes at once when a taint is added that the pod does not bear', async () => {
    await cluster.pod('a', 'n1', { tolerations: [bears('broken', 60)] });
    await cluster.setTaints('n1', BROKEN);
    await cluster.setTaints('n1', BROKEN, LEAKY);
    expect(isGoing('a')).toBe(true);
    expect(cluster.told('TaintManagerEviction')).toEqual([
      'Cancelling deletion of Pod default/a',
      'Marking for deletion Pod default/a',
    ]);
  });

  it('TNT-08, taint eviction TestUpdatePod: is called off by a toleration added meanwhile', async () => {
    await cluster.pod('a', 'n1', { tolerations: [bears('leaky', 60)] });
    await cluster.setTaints('n1', LEAKY);
    const pod = cluster.getPod('a')!;
    const tolerations = [bears('leaky'), ...pod.spec.tolerations!];
    await cluster.registry.update(pods, { ...pod, spec: { ...pod.spec, tolerations } });
    await cluster.settle();
    await cluster.advance(60_000);
    expect(isGoing('a')).toBe(false);
  });

  it('TNT-08, taint eviction TestUpdatePod: is scheduled when a toleration without an end gets one', async () => {
    await cluster.pod('a', 'n1', { tolerations: [bears('leaky')] });
    await cluster.setTaints('n1', LEAKY);
    const pod = cluster.getPod('a')!;
    await cluster.registry.update(pods, {
      ...pod,
      spec: { ...pod.spec, tolerations: [bears('leaky', 20), ...pod.spec.tolerations!.slice(1)] },
    });
    await cluster.settle();
    await cluster.advance(20_000);
    expect(isGoing('a')).toBe(true);
  });

  it('does not follow the name to another pod', async () => {
    await cluster.pod('a', 'n1', { tolerations: [bears('broken', 60)] });
    await cluster.setTaints('n1', BROKEN);
    await cluster.advance(30_000);
    await cluster.deletePod('a', 0);
    await cluster.pod('a', 'n1', { tolerations: [bears('broken', 60)] });
    await cluster.advance(59_999);
    expect(isGoing('a')).toBe(false);
    await cluster.advance(1);
    expect(isGoing('a')).toBe(true);
  });
});
