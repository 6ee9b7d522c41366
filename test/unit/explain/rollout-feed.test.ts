import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/clock/virtual-clock.js';
import { PAUSE_MS } from '../../../src/explain/feed.js';
import { type Progress, progressOf, type Rolling } from '../../../src/explain/rollout.js';
import { RolloutFeed, type RolloutFeedOptions, type RolloutMessage } from '../../../src/explain/rollout-feed.js';
import { qualifiedName, type ResourceDefinition } from '../../../src/resources/definition.js';
import { daemonSets, deployments, nodes, pods, replicaSets, statefulSets } from '../../../src/resources/index.js';
import type { DaemonSet, DaemonSetStatus, Node, Pod } from '../../../src/resources/types.js';
import type { Deployment } from '../../../src/resources/workload-types.js';
import type { Entry } from '../../../src/store/entry.js';
import { addPod, controlledBy } from '../../support/random-writes.js';
import { reader } from '../../support/read-feed.js';
import { openRegistry, type TestRegistry } from '../../support/registry.js';
import { addDaemonPod, addDaemonSet, addNode, observe, RUNNING } from '../../support/small-cluster.js';

describe('what kubectl rollout status says', () => {
  const entry = (kind: ResourceDefinition<never>, spec: object, status: object) =>
    ({
      resource: qualifiedName(kind),
      object: { metadata: { name: 'web', generation: 2 }, spec, status },
    }) as unknown as Entry<Rolling>;
  const any = (kind: unknown) => kind as ResourceDefinition<never>;
  const DAEMON = { updateStrategy: { type: 'RollingUpdate' } };
  const ON_DELETE = { updateStrategy: { type: 'OnDelete' } };
  const STATEFUL = { ...DAEMON, replicas: 3 };
  const PARTITION = { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } };
  const SEEN = { observedGeneration: 2 };
  const counts = (updatedNumberScheduled: number, numberAvailable: number) => ({
    ...SEEN,
    desiredNumberScheduled: 3,
    numberReady: 1,
    updatedNumberScheduled,
    numberAvailable,
  });
  const LATE = { conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }] };

  it.each([
    [
      daemonSets,
      DAEMON,
      { ...counts(3, 3), observedGeneration: 1 },
      'Waiting for daemon set spec update to be observed...',
    ],
    [
      daemonSets,
      DAEMON,
      counts(1, 3),
      'Waiting for daemon set "web" rollout to finish: 1 out of 3 new pods have been updated...',
    ],
    [
      daemonSets,
      DAEMON,
      counts(3, 2),
      'Waiting for daemon set "web" rollout to finish: 2 of 3 updated pods are available...',
    ],
    [daemonSets, DAEMON, counts(3, 3), 'daemon set "web" successfully rolled out'],
    [daemonSets, ON_DELETE, counts(1, 3), 'rollout status is only available for RollingUpdate strategy type'],
    [deployments, { replicas: 3 }, { observedGeneration: 1 }, 'Waiting for deployment spec update to be observed...'],
    [
      deployments,
      { replicas: 3 },
      { ...SEEN, ...LATE, updatedReplicas: 1 },
      'deployment "web" exceeded its progress deadline',
    ],
    [
      deployments,
      { replicas: 3 },
      { ...SEEN, updatedReplicas: 1 },
      'Waiting for deployment "web" rollout to finish: 1 out of 3 new replicas have been updated...',
    ],
    [
      deployments,
      { replicas: 3 },
      { ...SEEN, updatedReplicas: 3, replicas: 5 },
      'Waiting for deployment "web" rollout to finish: 2 old replicas are pending termination...',
    ],
    [
      deployments,
      { replicas: 3 },
      { ...SEEN, updatedReplicas: 3, replicas: 3, availableReplicas: 2 },
      'Waiting for deployment "web" rollout to finish: 2 of 3 updated replicas are available...',
    ],
    [
      deployments,
      { replicas: 3 },
      { ...SEEN, updatedReplicas: 3, replicas: 3, availableReplicas: 3 },
      'deployment "web" successfully rolled out',
    ],
    [statefulSets, STATEFUL, {}, 'Waiting for statefulset spec update to be observed...'],
    [statefulSets, STATEFUL, { ...SEEN, readyReplicas: 1 }, 'Waiting for 2 pods to be ready...'],
    [
      statefulSets,
      PARTITION,
      { ...SEEN, readyReplicas: 3, updatedReplicas: 1 },
      'Waiting for partitioned roll out to finish: 1 out of 2 new pods have been updated...',
    ],
    [
      statefulSets,
      PARTITION,
      { ...SEEN, readyReplicas: 3, updatedReplicas: 2 },
      'partitioned roll out complete: 2 new pods have been updated...',
    ],
    [
      statefulSets,
      STATEFUL,
      { ...SEEN, readyReplicas: 3, updatedReplicas: 1, currentRevision: 'web-1', updateRevision: 'web-2' },
      'waiting for statefulset rolling update to complete 1 pods at revision web-2...',
    ],
    [
      statefulSets,
      STATEFUL,
      { ...SEEN, readyReplicas: 3, currentReplicas: 3, currentRevision: 'web-2', updateRevision: 'web-2' },
      'statefulset rolling update complete 3 pods at revision web-2...',
    ],
    [
      statefulSets,
      { ...ON_DELETE, replicas: 3 },
      SEEN,
      'rollout status is only available for RollingUpdate strategy type',
    ],
  ])('of %#', (kind, spec, status, message) => {
    const progress = progressOf(entry(any(kind), spec, status));
    expect(progress.message).toBe(message);
    expect(progress.done).toBe(/successfully|complete:|complete 3/.test(message));
    expect(progress.desired).toBe(3);
  });
});

describe('the feed of a rollout', () => {
  let registry: TestRegistry;
  let machine: VirtualClock;
  let agent: Entry<DaemonSet>;
  beforeEach(async () => {
    registry = await openRegistry();
    machine = new VirtualClock();
    for (const name of ['a', 'b']) await addNode(registry, name);
    agent = await addDaemonSet(registry, 'agent');
    for (const name of ['a', 'b']) await addDaemonPod(registry, agent, name);
  });

  const open = (options: Partial<RolloutFeedOptions> = {}) =>
    new RolloutFeed(registry, daemonSets as unknown as ResourceDefinition<Rolling>, agent, {
      untilDone: false,
      machine,
      ...options,
    });
  const steps = (messages: RolloutMessage[]) =>
    messages.map(message =>
      message.steps.map(({ step, pod, node, upToDate }) => `${step} ${pod.name} ${node} ${upToDate}`),
    );
  const pause = () => machine.moveTo(machine.now() + PAUSE_MS);
  const setStatus = (status: Partial<DaemonSetStatus>) => {
    const { object } = registry.get(daemonSets, 'default', 'agent')!;
    return registry.update<DaemonSet>(
      daemonSets,
      { ...object, status: { ...object.status, ...status } },
      { subresource: 'status' },
    );
  };

  async function update(): Promise<void> {
    const { object } = registry.get(daemonSets, 'default', 'agent')!;
    const { template } = object.spec;
    const containers = template.spec.containers.map(container => ({ ...container, image: 'agent:2' }));
    const spec = { ...object.spec, template: { ...template, spec: { ...template.spec, containers } } };
    await observe(registry, await registry.update<DaemonSet>(daemonSets, { ...object, spec }));
  }

  it('tells how far it is, then what happens node by node, and that it is done', async () => {
    const feed = open({ untilDone: true });
    const read = reader(feed);
    await setStatus({ desiredNumberScheduled: 2, numberReady: 2, numberAvailable: 1, updatedNumberScheduled: 2 });
    const [first, ...more] = await read();
    expect(more).toEqual([]);
    expect(first).toMatchObject({ steps: [], progress: { desired: 2, ready: 2, available: 1, done: false } });
    await update();
    await registry.delete(pods, 'default', 'agent-a', { gracePeriodSeconds: 0 });
    const next = await addDaemonPod(registry, agent, 'a', {
      suffix: '-2',
      hash: 'h2',
      unbound: true,
      status: { phase: 'Pending' },
    });
    pause();
    expect(steps(await read())).toEqual([['DELETED agent-a a false', 'CREATED agent-a-2 a true']]);
    await registry.bind('default', next.name, 'a');
    pause();
    expect(steps(await read())).toEqual([['BOUND agent-a-2 a true']]);
    const bound = registry.get(pods, 'default', next.name)!;
    await registry.update<Pod>(pods, { ...bound.object, status: RUNNING }, { subresource: 'status' });
    await setStatus({ numberAvailable: 2, observedGeneration: 2 });
    pause();
    const last = await read();
    expect(steps(last)).toEqual([['READY agent-a-2 a true']]);
    expect(last[0]!.progress).toMatchObject({ done: true, message: 'daemon set "agent" successfully rolled out' });
    expect((await feed.next()).done).toBe(true);
  });

  it('is silent about what is not its own', async () => {
    const feed = open();
    const read = reader(feed);
    await read();
    const other = await addDaemonSet(registry, 'other');
    await addDaemonPod(registry, other, 'a');
    const { object } = registry.get(nodes, '', 'a')!;
    await registry.update<Node>(nodes, { ...object, spec: { unschedulable: true } });
    pause();
    expect(await read()).toEqual([]);
    await feed.return();
  });

  it('tells who is slow of each pod what came of it, and nothing of those that came and went', async () => {
    const feed = open();
    const read = reader(feed);
    await read();
    for (let i = 0; i < 20; i++) {
      await addDaemonPod(registry, agent, 'a', { suffix: `-${i}` });
      await registry.delete(pods, 'default', `agent-a-${i}`, { gracePeriodSeconds: 0 });
    }
    await registry.delete(pods, 'default', 'agent-b', { gracePeriodSeconds: 30 });
    await registry.delete(pods, 'default', 'agent-b', { gracePeriodSeconds: 0 });
    pause();
    expect(steps(await read())).toEqual([['DELETED agent-b b true']]);
    await feed.return();
  });

  it('goes on from where it was', async () => {
    const known = await registry.past(registry.revision);
    await registry.delete(pods, 'default', 'agent-a', { gracePeriodSeconds: 0 });
    await addDaemonPod(registry, agent, 'a', { suffix: '-2' });
    const feed = open({ known });
    expect(steps(await reader(feed)())).toEqual([
      ['CREATED agent-a-2 a true', 'BOUND agent-a-2 a true', 'READY agent-a-2 a true', 'DELETED agent-a a true'],
    ]);
    await feed.return();
  });

  it('is of the pods of a Deployment too, by way of its ReplicaSets', async () => {
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'x' }] } };
    const web = await registry.create<Deployment>(deployments, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default' },
      spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template },
      status: {},
    } as never);
    const hash = { 'pod-template-hash': 'abc' };
    const labels = { ...template.metadata.labels, ...hash };
    const set = await registry.create(replicaSets, {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'web-abc', namespace: 'default', labels, ownerReferences: [controlledBy('Deployment', web)] },
      spec: {
        ...web.object.spec,
        selector: { matchLabels: labels },
        template: { ...web.object.spec.template, metadata: { labels } },
      },
      status: {},
    } as never);
    const feed = new RolloutFeed(registry, deployments as unknown as ResourceDefinition<Rolling>, web, {
      untilDone: false,
      machine,
    });
    const read = reader(feed);
    expect((await read())[0]!.progress).toMatchObject({ desired: 2, updated: 0 } satisfies Partial<Progress>);
    await addPod(registry, 'p', { node: 'a', owners: [controlledBy('ReplicaSet', set)] });
    await addPod(registry, 'q', {
      node: 'a',
      owners: [controlledBy('ReplicaSet', { name: 'web-abc', uid: 'former' })],
    });
    pause();
    // The pod was made by hand, without the label that would tell its template.
    expect(steps(await read())).toEqual([['CREATED p a false', 'BOUND p a false']]);
    await feed.return();
  });

  it('ends when the object is gone, and with no timer left when it is closed', async () => {
    const feed = open();
    await feed.next();
    await registry.delete(daemonSets, 'default', 'agent');
    const waiting = feed.next();
    await new Promise(resolve => setImmediate(resolve));
    pause();
    await expect(waiting).rejects.toMatchObject({ reason: 'NotFound' });
    expect(machine.nextDue()).toBeUndefined();
  });
});
