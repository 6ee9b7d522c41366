import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeCache } from '../../../src/controllers/scheduler/node-cache.js';
import { kubeletControllers } from '../../../src/kubelet/index.js';
import { pods } from '../../../src/resources/index.js';
import type { Container, Pod, ResourceRequirements } from '../../../src/resources/types.js';
import { ModelCluster } from '../../support/model-cluster.js';

let cluster: ModelCluster;
beforeEach(async () => {
  cluster = await ModelCluster.start(context => kubeletControllers(context, {}));
  await cluster.node('n1');
});
afterEach(async () => {
  expect(cluster.errors).toEqual([]);
  await cluster.close();
});

const cpu = (amount: string): ResourceRequirements => ({ requests: { cpu: amount } });

async function run(name: string, amount: string, more: Partial<Container> = {}, annotations = {}): Promise<void> {
  await cluster.registry.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', annotations },
    spec: { nodeName: 'n1', containers: [{ name: 'main', image: 'a:1', resources: cpu(amount), ...more }] },
    status: {},
  });
  await cluster.settle();
}

async function resize(name: string, amount: string): Promise<void> {
  const pod = podOf(name);
  const containers = pod.spec.containers.map(container => ({ ...container, resources: cpu(amount) }));
  await cluster.registry.update(pods, { ...pod, spec: { ...pod.spec, containers } }, { subresource: 'resize' });
  await cluster.settle();
}

const podOf = (name: string): Pod => cluster.registry.get(pods, 'default', name)!.object;
const main = (name: string) => podOf(name).status.containerStatuses![0]!;
const condition = (name: string) => podOf(name).status.conditions!.find(({ type }) => type.startsWith('PodResize'));
const resizeEvents = () => cluster.events.filter(text => / Resize|resize/.test(text)).map(text => text.split(' ')[2]);
const reserved = () => NodeCache.of(cluster.registry).get('n1')!.requested.cpu;

describe('a resized pod', () => {
  it('gets what it asks for, and goes on running', async () => {
    await run('a', '1');
    expect(main('a')).toMatchObject({ allocatedResources: { cpu: '1' }, resources: cpu('1') });
    const { containerID } = main('a');
    await resize('a', '2');
    expect(main('a')).toMatchObject({
      allocatedResources: { cpu: '2' },
      resources: cpu('2'),
      restartCount: 0,
      containerID,
      ready: true,
    });
    expect(condition('a')).toBeUndefined();
    expect(podOf('a').status.observedGeneration).toBe(2);
    expect(resizeEvents()).toEqual(['ResizeStarted', 'ResizeCompleted']);
    expect(cluster.events.at(-1)).toContain(
      'Pod resize completed: {"containers":[{"name":"main","resources":{"requests":{"cpu":"2"}}}],"generation":2}',
    );
    expect(reserved()).toBe(2000);
  });

  it('is restarted where its container says so', async () => {
    await run('a', '1', { resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] });
    await resize('a', '2');
    expect(main('a')).toMatchObject({ resources: cpu('2'), restartCount: 1 });
    expect(resizeEvents()).toEqual(['ResizeStarted', 'Killing', 'ResizeCompleted']);
  });

  it('waits where there is no room, and gets it when there is', async () => {
    await run('a', '1');
    await run('b', '2');
    await resize('a', '3');
    expect(main('a').resources).toEqual(cpu('1'));
    expect(condition('a')).toMatchObject({
      type: 'PodResizePending',
      status: 'True',
      reason: 'Deferred',
      message: "Node didn't have enough resource: cpu, requested: 3000, used: 2000, capacity: 4000",
      observedGeneration: 2,
    });
    // What it asks for is kept for it already.
    expect(reserved()).toBe(5000);
    await cluster.registry.delete(pods, 'default', 'b', { gracePeriodSeconds: 0 });
    await cluster.advance(30_000);
    expect(main('a').resources).toEqual(cpu('3'));
    expect(condition('a')).toBeUndefined();
    expect(resizeEvents()).toEqual(['ResizeDeferred', 'ResizeStarted', 'ResizeCompleted']);
  });

  it('is told where its node could never give it that much, until it asks for less', async () => {
    await run('a', '1');
    await resize('a', '100');
    expect(condition('a')).toMatchObject({
      reason: 'Infeasible',
      message: "Node didn't have enough capacity: cpu, requested: 100000, capacity: 4000",
    });
    expect(reserved()).toBe(1000);
    await resize('a', '1');
    expect(condition('a')).toBeUndefined();
    expect(resizeEvents()).toEqual(['ResizeInfeasible']);
  });

  it('takes as long as the node takes to start a pod', async () => {
    await run('a', '1', {}, { 'kubette.dev/start-delay': '5s' });
    await cluster.advance(5000);
    await resize('a', '500m');
    expect(condition('a')).toMatchObject({ type: 'PodResizeInProgress', status: 'True' });
    expect(main('a').resources).toEqual(cpu('1'));
    expect(reserved()).toBe(1000);
    await cluster.advance(5000);
    expect(condition('a')).toBeUndefined();
    expect(main('a').resources).toEqual(cpu('500m'));
    expect(reserved()).toBe(500);
  });
});
