// Who places a daemon pod: the scheduler, by an affinity to one node; before Kubernetes 1.12 the DaemonSet controller itself.
import { type Cluster, createCluster, resources } from 'kubette';
import { afterEach, describe, expect, it } from 'vitest';

const { daemonSets, events, nodes, pods } = resources;

let cluster: Cluster;
afterEach(() => cluster.close());

const podsOf = (app: string) =>
  cluster.registry
    .all(pods, 'default')
    .map(pod => pod.object)
    .filter(pod => pod.metadata.labels?.app === app);
const messages = (reason: string) =>
  cluster.registry
    .all(events)
    .filter(event => event.object.reason === reason)
    .map(event => event.object.message);

describe('by the scheduler', () => {
  it('POD-05, T06, T12: an affinity to one node replaces what stood there, and nothing else', async () => {
    cluster = await createCluster({ clock: 'virtual', nodes: 0, controllers: ['*', '-scheduler'] });
    await cluster.apply(`
      {apiVersion: v1, kind: Node, metadata: {name: node-1, labels: {disk: ssd, zone: a}}}
      ---
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
            nodeSelector: {zone: a}
            affinity:
              nodeAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                  nodeSelectorTerms:
                  - matchExpressions:
                    - {key: disk, operator: In, values: [ssd]}
                  - matchExpressions:
                    - {key: disk, operator: In, values: [nvme]}
                preferredDuringSchedulingIgnoredDuringExecution:
                - weight: 1
                  preference:
                    matchExpressions:
                    - {key: zone, operator: Exists}
              podAntiAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                - topologyKey: kubernetes.io/hostname
                  labelSelector:
                    matchLabels: {app: noisy}
            containers:
            - {name: agent, image: 'registry.example.com/agent:1'}
    `);
    await cluster.settled();

    const [pod] = podsOf('agent');
    expect(pod!.spec).not.toHaveProperty('nodeName');
    expect(pod!.spec.schedulerName).toBe('default-scheduler');
    expect(pod!.spec.nodeSelector).toEqual({ zone: 'a' });
    expect(pod!.spec.affinity).toEqual({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-1'] }] }],
        },
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 1, preference: { matchExpressions: [{ key: 'zone', operator: 'Exists' }] } },
        ],
      },
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'noisy' } } },
        ],
      },
    });
    const { template } = cluster.registry.get(daemonSets, 'default', 'agent')!.object.spec;
    const required = template.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    expect(required?.nodeSelectorTerms).toHaveLength(2);
  });

  it('SCH-01, T51: without a scheduler they wait, Pending', async () => {
    cluster = await createCluster({ clock: 'virtual', nodes: 2, controllers: ['*', '-scheduler'] });
    await cluster.apply(`
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
            - {name: agent, image: 'registry.example.com/agent:1'}
    `);
    await cluster.advance('10m');
    expect(podsOf('agent').map(({ spec, status }) => [spec.nodeName, status.phase])).toEqual([
      [undefined, 'Pending'],
      [undefined, 'Pending'],
    ]);
    expect(cluster.registry.get(daemonSets, 'default', 'agent')!.object.status).toMatchObject({
      desiredNumberScheduled: 2,
      currentNumberScheduled: 2,
      numberReady: 0,
    });
  });

  it('SCH-05, T05, TestInsufficientCapacityNode: a full node is wanted all the same; its pod waits for room, and says for what', async () => {
    cluster = await createCluster({ clock: 'virtual', nodes: 0 });
    await cluster.apply(`
      apiVersion: v1
      kind: Node
      metadata: {name: small}
      status: {allocatable: {cpu: 500m, memory: 1Gi, pods: '10'}, capacity: {cpu: 500m, memory: 1Gi, pods: '10'}}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: large}
      status: {allocatable: {cpu: '8', memory: 16Gi, pods: '10'}, capacity: {cpu: '8', memory: 16Gi, pods: '10'}}
      ---
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
    `);
    await cluster.settled();
    const pending = podsOf('agent').find(pod => pod.status.phase === 'Pending')!;
    expect(pending.spec.nodeName).toBeUndefined();
    expect(pending.status.conditions).toMatchObject([
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message: expect.stringContaining(
          "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) [NodeAffinity].",
        ),
      },
    ]);
    expect(cluster.explain('agent', 'small')).toMatchObject({ wanted: true, actual: 'PENDING' });
    expect(cluster.registry.get(daemonSets, 'default', 'agent')!.object.status).toMatchObject({
      desiredNumberScheduled: 2,
      currentNumberScheduled: 2,
      numberReady: 1,
    });
  });
});

describe('by the DaemonSet controller, before 1.12', () => {
  it('HIS-01: the pod comes bound, without affinity, and needs no scheduler', async () => {
    cluster = await createCluster({
      clock: 'virtual',
      nodes: 2,
      era: '1.11',
      controllers: ['*', '-scheduler'],
    });
    await cluster.apply(`
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
            - {name: agent, image: 'registry.example.com/agent:1'}
    `);
    await cluster.settled();
    expect(
      podsOf('agent')
        .map(({ spec, status }) => `${spec.nodeName} ${status.phase}`)
        .sort(),
    ).toEqual(['node-1 Running', 'node-2 Running']);
    for (const { spec } of podsOf('agent')) {
      expect(spec).not.toHaveProperty('affinity');
      expect(spec.schedulerName).toBe('kubernetes.io/daemonset-controller');
    }
    expect(messages('Scheduled')).toEqual([]);
  });
});

// One story, told in both ages.
describe.each([
  ['1.11', { rules: 'HIS-03, HIS-04', pods: 1, full: 'no pod', event: 'FailedPlacement' }],
  ['current', { rules: 'T05, SCH-08, SCH-15', pods: 2, full: 'one that waits', event: 'FailedScheduling' }],
] as const)('a node that is full, in era %s', (era, expected) => {
  it(`${expected.rules}: there is ${expected.full} for it, which ${expected.event} tells; when there is room, it runs`, async () => {
    cluster = await createCluster({ clock: 'virtual', nodes: 2, era });
    await cluster.apply(`
      apiVersion: v1
      kind: Pod
      metadata: {name: greedy}
      spec:
        nodeName: node-2
        containers:
        - name: main
          image: registry.example.com/greedy:1
          resources:
            requests: {cpu: 3900m}
    `);
    await cluster.apply(`
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
                requests: {cpu: 500m}
    `);
    await cluster.settled();
    expect(cluster.registry.get(nodes, '', 'node-2')!.object.status.allocatable).toMatchObject({ cpu: '4' });
    expect(podsOf('agent')).toHaveLength(expected.pods);
    expect(podsOf('agent').filter(pod => pod.status.phase === 'Running')).toHaveLength(1);
    expect(messages(expected.event)).toHaveLength(1);
    expect(messages(expected.event)[0]).toMatch(/cpu/);
    expect(cluster.registry.get(daemonSets, 'default', 'agent')!.object.status).toMatchObject({
      desiredNumberScheduled: 2,
      currentNumberScheduled: expected.pods,
      numberReady: 1,
    });

    await cluster.registry.delete(pods, 'default', 'greedy');
    await cluster.advance('10s');
    expect(
      podsOf('agent')
        .map(({ spec, status }) => `${spec.nodeName} ${status.phase}`)
        .sort(),
    ).toEqual(['node-1 Running', 'node-2 Running']);
  });
});
