// Daemons that matter more than what stands on their node.
import { type Cluster, createCluster, resources } from 'kubette';
import { afterEach, describe, expect, it } from 'vitest';

const { events, pods } = resources;

let cluster: Cluster;
afterEach(() => cluster.close());

/** It takes all but half a CPU of each of two nodes. */
const web = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      terminationGracePeriodSeconds: 10
      topologySpreadConstraints:
      - maxSkew: 1
        topologyKey: kubernetes.io/hostname
        whenUnsatisfiable: DoNotSchedule
        labelSelector:
          matchLabels: {app: web}
      containers:
      - name: web
        image: registry.example.com/web:1
        resources:
          requests: {cpu: 3500m}
`;
const agent = (podSpec: string) => `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector:
    matchLabels: {app: agent}
  template:
    metadata:
      labels: {app: agent}
    spec:
      containers:
      - name: agent
        image: registry.example.com/agent:1
        resources:
          requests: {cpu: '1'}
${podSpec}`;

const running = (app: string) =>
  cluster.registry
    .all(pods, 'default')
    .map(pod => pod.object)
    .filter(pod => pod.metadata.labels?.app === app && pod.status.phase === 'Running')
    .map(pod => pod.spec.nodeName)
    .sort();
const told = (reason: string) => cluster.registry.all(events).filter(event => event.object.reason === reason).length;

describe('priority', () => {
  it('DEF-06: a pod has the value of its class, and 0 without one', async () => {
    cluster = await createCluster({ clock: 'virtual', nodes: 1 });
    await cluster.apply(`
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: daemons}
      value: 1000
    `);
    await cluster.apply(
      agent(`
      priorityClassName: daemons`),
    );
    await cluster.settled();
    expect(cluster.registry.all(pods, 'default')[0]!.object.spec).toMatchObject({
      priorityClassName: 'daemons',
      priority: 1000,
      preemptionPolicy: 'PreemptLowerPriority',
    });
  });

  it('POD-08: a class that is not there is told of with each attempt, and the pods come when it is', async () => {
    cluster = await createCluster({ clock: 'virtual', nodes: 1 });
    await cluster.apply(
      agent(`
      priorityClassName: daemons`),
    );
    await cluster.settled();
    expect(cluster.registry.all(pods, 'default')).toEqual([]);
    expect(cluster.explain('agent', 'node-1').reason).toBe(
      'a pod is wanted, and the controller could not make it (pods "agent-" is forbidden: no PriorityClass with name daemons was found)',
    );
    await cluster.apply(`
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: daemons}
      value: 1000
    `);
    await cluster.advance('20m');
    expect(running('agent')).toEqual(['node-1']);
  });
});

describe('preemption', () => {
  it('SCH-05, T05: without priority a daemon pod waits where there is no room', async () => {
    cluster = await createCluster({ clock: 'virtual', nodes: 2 });
    await cluster.apply(web);
    await cluster.settled();
    await cluster.apply(agent(''));
    await cluster.advance('10m');
    expect(running('web')).toEqual(['node-1', 'node-2']);
    expect(running('agent')).toEqual([]);
    expect(cluster.explain('agent', 'node-1')).toMatchObject({ wanted: true, actual: 'PENDING' });
  });

  it('SCH-16: with it, others make room on its one node, in their own time', async () => {
    cluster = await createCluster({ clock: 'virtual', nodes: 2, kubelet: { pods: { stopDelay: '5s' } } });
    await cluster.apply(web);
    await cluster.settled();
    await cluster.apply(
      agent(`
      priorityClassName: system-node-critical`),
    );
    await cluster.settled();
    const waiting = cluster.registry.all(pods, 'default').filter(pod => pod.object.metadata.labels?.app === 'agent');
    expect(waiting.map(pod => pod.object.status.nominatedNodeName).sort()).toEqual(['node-1', 'node-2']);
    const victims = cluster.registry.all(pods, 'default').filter(pod => pod.object.metadata.deletionTimestamp);
    expect(victims).toHaveLength(2);
    for (const { object } of victims) {
      expect(object.status.conditions).toContainEqual(
        expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }),
      );
    }
    expect(told('Preempted')).toBe(2);
    expect(running('agent')).toEqual([]);

    await cluster.advance('15s');
    expect(running('agent')).toEqual(['node-1', 'node-2']);
    expect(running('web')).toEqual([]);
  });

  it('SCH-06: a class that never preempts waits its turn', async () => {
    cluster = await createCluster({ clock: 'virtual', nodes: 2 });
    await cluster.apply(web);
    await cluster.settled();
    await cluster.apply(`
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: patient}
      value: 1000
      preemptionPolicy: Never
    `);
    await cluster.apply(
      agent(`
      priorityClassName: patient`),
    );
    await cluster.advance('10m');
    expect(running('web')).toEqual(['node-1', 'node-2']);
    const [pod] = cluster.registry.all(pods, 'default');
    expect(pod!.object.status.conditions![0]!.message).toContain(
      'no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.',
    );
  });

  it('HIS-01: before 1.12 the controller asked for room alone: no priority moved anybody', async () => {
    cluster = await createCluster({ clock: 'virtual', nodes: 2, era: '1.11' });
    await cluster.apply(web);
    await cluster.settled();
    await cluster.apply(`
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: daemons}
      value: 1000
    `);
    await cluster.apply(
      agent(`
      priorityClassName: daemons`),
    );
    await cluster.advance('10m');
    expect(running('web')).toEqual(['node-1', 'node-2']);
    expect(running('agent')).toEqual([]);
    expect(told('Preempted')).toBe(0);
  });
});
