import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { daemonSetController } from '../../../src/controllers/daemonset/controller.js';
import { nodeLifecycleController } from '../../../src/controllers/node-lifecycle/index.js';
import { podGCController } from '../../../src/controllers/pod-gc/index.js';
import { replicaSetController } from '../../../src/controllers/replicaset/controller.js';
import { Runtime } from '../../../src/controllers/runtime/runtime.js';
import type { Controller, ControllerContext } from '../../../src/controllers/runtime/types.js';
import { schedulerController } from '../../../src/controllers/scheduler/controller.js';
import { taintEvictionController } from '../../../src/controllers/taint-eviction/index.js';
import { kubeletControllers } from '../../../src/kubelet/index.js';
import { daemonSets, nodes, pods, replicaSets } from '../../../src/resources/index.js';
import type { Change } from '../../../src/store/entry.js';
import { openRegistry, type TestRegistry } from '../../support/registry.js';
import { daemonSet } from './daemonset/cluster.js';

type Make = (context: ControllerContext) => Controller | Controller[];

/** The components of a cluster, each of which can be stopped and started again while the others go on. */
const COMPONENTS = {
  'Controller Manager': [
    daemonSetController,
    replicaSetController,
    nodeLifecycleController,
    taintEvictionController,
    podGCController,
  ],
  Scheduler: [schedulerController],
  Kubelet: [kubeletControllers],
} satisfies Record<string, Make[]>;
type Component = keyof typeof COMPONENTS;

let registry: TestRegistry;
let errors: unknown[];
const running = new Map<Component, Runtime>();
/** What happened to pods: `ADDED` and `DELETED`. */
let comings: string[];

function start(component: Component): void {
  const runtime = new Runtime(registry, { onError: (_name, _key, error) => errors.push(error) });
  const context: ControllerContext = { registry, recorder: () => ({ event: () => {} }) };
  for (const controller of COMPONENTS[component].flatMap((make: Make) => make(context))) runtime.add(controller);
  runtime.start();
  running.set(component, runtime);
}

async function stop(component: Component): Promise<void> {
  await running.get(component)!.stop();
  running.delete(component);
}

/** Until none of the components has anything left to do. */
async function settled(): Promise<void> {
  for (let before = -1; before !== registry.revision; ) {
    before = registry.revision;
    for (const runtime of running.values()) await runtime.settled();
  }
}

const podNames = () => registry.all(pods).map(entry => entry.name);
const bound = () => registry.all(pods).filter(({ object }) => object.spec.nodeName).length;

async function scale(replicas: number): Promise<void> {
  const { object } = registry.get(replicaSets, 'default', 'web')!;
  await registry.update(replicaSets, { ...object, spec: { ...object.spec, replicas } });
  await settled();
}

beforeEach(async () => {
  registry = await openRegistry(['default', 'kube-node-lease']);
  errors = [];
  comings = [];
  registry.follow(changes => {
    for (const { type, entry } of changes as Change[])
      if (entry.resource === 'pods' && type !== 'MODIFIED') comings.push(`${type} ${entry.name}`);
  });
  for (const component of Object.keys(COMPONENTS) as Component[]) start(component);
  for (const name of ['n1', 'n2', 'n3'])
    await registry.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: {}, status: {} });
  await registry.create(daemonSets, daemonSet());
  await registry.create(replicaSets, {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 5,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'a:1' }] } },
    },
    status: { replicas: 0 },
  });
  await settled();
  expect(registry.all(pods).map(({ object }) => object.status.phase)).toEqual(Array(8).fill('Running'));
  comings.length = 0;
});

afterEach(async () => {
  for (const component of [...running.keys()]) await stop(component);
  await registry.log.close();
  expect(errors).toEqual([]);
});

describe('daemon_restart', () => {
  it.each(Object.keys(COMPONENTS) as Component[])(
    '%s: a restart neither makes nor deletes pods, and writes nothing',
    async component => {
      const before = podNames();
      const { revision } = registry;
      await stop(component);
      start(component);
      await settled();
      expect(comings).toEqual([]);
      expect(podNames()).toEqual(before);
      expect(registry.revision).toBe(revision);
    },
  );

  it('Controller Manager should not create/delete replicas across restart: what was lost meanwhile is made up for, once', async () => {
    await stop('Controller Manager');
    const [one, another] = podNames();
    for (const name of [one!, another!]) await registry.delete(pods, 'default', name, { gracePeriodSeconds: 0 });
    await settled();
    expect(comings).toEqual([`DELETED ${one}`, `DELETED ${another}`]);
    comings.length = 0;
    start('Controller Manager');
    await settled();
    expect(comings.filter(text => text.startsWith('ADDED'))).toHaveLength(2);
    expect(comings).toHaveLength(2);
    expect(podNames()).toHaveLength(8);
  });

  it('Scheduler should continue assigning pods to nodes across restart', async () => {
    await stop('Scheduler');
    await scale(8);
    expect([podNames().length, bound()]).toEqual([11, 8]);
    start('Scheduler');
    await settled();
    expect(bound()).toBe(11);
    expect(comings.filter(text => text.startsWith('ADDED'))).toHaveLength(3);
    expect(comings).toHaveLength(3);
  });

  it('Kubelet should not restart containers across restart', async () => {
    const counts = () =>
      registry
        .all(pods)
        .map(({ object }) => object.status.containerStatuses!.map(c => [c.containerID, c.restartCount]));
    const before = counts();
    await stop('Kubelet');
    await registry.clock.advance(10_000, settled);
    start('Kubelet');
    await settled();
    expect(counts()).toEqual(before);
  });
});
