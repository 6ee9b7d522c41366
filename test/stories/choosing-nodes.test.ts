// Which nodes a DaemonSet wants: by their labels, by expressions, by name; and what happens when nodes are relabelled.
import { type Cluster, createCluster, resources } from 'kubette';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const { daemonSets, nodes, pods } = resources;

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
      - {name: agent, image: 'registry.example.com/agent:1'}
${podSpec}`;

let cluster: Cluster;
afterEach(() => cluster.close());

beforeEach(async () => {
  cluster = await createCluster({ clock: 'virtual', nodes: 0 });
  await cluster.apply(`
    {apiVersion: v1, kind: Node, metadata: {name: old-1, labels: {disk: hdd, zone: a, cores: '8'}}}
    ---
    {apiVersion: v1, kind: Node, metadata: {name: old-2, labels: {disk: hdd, zone: b, cores: '16'}}}
    ---
    {apiVersion: v1, kind: Node, metadata: {name: new-1, labels: {disk: ssd, zone: a, cores: '32', gpu: ''}}}
    ---
    {apiVersion: v1, kind: Node, metadata: {name: new-2, labels: {disk: ssd, zone: b, cores: '64'}}}
    ---
    {apiVersion: v1, kind: Node, metadata: {name: bare}}
  `);
  await cluster.settled();
});

/** Applies it and answers which nodes have a pod then. */
const placed = async (manifest: string) => {
  await cluster.apply(manifest);
  await cluster.settled();
  return nodesWithPods();
};
const nodesWithPods = () =>
  cluster.registry
    .all(pods, 'default')
    .map(pod => pod.object.spec.nodeName)
    .sort();
const label = async (node: string, labels: Record<string, string | null>) => {
  await cluster.registry.patch(nodes, '', node, { type: 'merge', body: { metadata: { labels } } });
  await cluster.settled();
};

describe('selectors by labels', () => {
  it('NODE-02, TestSelectorDaemonSetLaunchesPods: every label of the nodeSelector must be there', async () => {
    expect(
      await placed(
        agent(`
      nodeSelector:
        disk: ssd`),
      ),
    ).toEqual(['new-1', 'new-2']);
    expect(
      await placed(
        agent(`
      nodeSelector:
        disk: ssd
        zone: b`),
      ),
    ).toEqual(['new-2']);
  });

  it('NODE-02, TestBadSelectorDaemonDoesNothing: a label that no node has brings no pod, and explain says why', async () => {
    expect(
      await placed(
        agent(`
      nodeSelector:
        disk: tape`),
      ),
    ).toEqual([]);
    expect(cluster.explain('agent', 'old-1')).toMatchObject({ wanted: false, actual: 'NOT_WANTED' });
    expect(cluster.explain('agent', 'old-1').reason).toMatch(/^no pod is wanted: .*disk.*tape/);
  });

  it('NODE-01, POD-05a, TestNameDaemonSetLaunchesPods: a nodeName in the template wants that node alone', async () => {
    expect(
      await placed(
        agent(`
      nodeName: old-2`),
      ),
    ).toEqual(['old-2']);
  });

  it('NODE-01, NODE-02, TestInconsistentNameSelectorDaemonSetDoesNothing: nodeName and nodeSelector must agree', async () => {
    expect(
      await placed(
        agent(`
      nodeName: old-2
      nodeSelector:
        disk: ssd`),
      ),
    ).toEqual([]);
  });
});

describe('selectors by expressions', () => {
  it.each([
    ['In', '[a, c]', 'zone', ['new-1', 'old-1']],
    ['NotIn', '[a]', 'zone', ['bare', 'new-2', 'old-2']],
    ['Exists', '[]', 'gpu', ['new-1']],
    ['DoesNotExist', '[]', 'disk', ['bare']],
    ['Gt', "['16']", 'cores', ['new-1', 'new-2']],
    ['Lt', "['16']", 'cores', ['old-1']],
  ])('NODE-02, TestNodeAffinityDaemonLaunchesPods: %s %s', async (operator, values, key, expected) => {
    expect(
      await placed(
        agent(`
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
            - matchExpressions:
              - key: ${key}
                operator: ${operator}
                values: ${values}`),
      ),
    ).toEqual(expected);
  });

  it('NODE-02: expressions of one term must all hold, of several terms one must', async () => {
    expect(
      await placed(
        agent(`
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
            - matchExpressions:
              - {key: disk, operator: In, values: [ssd]}
              - {key: zone, operator: In, values: [b]}
            - matchExpressions:
              - {key: disk, operator: DoesNotExist}`),
      ),
    ).toEqual(['bare', 'new-2']);
  });

  it('NODE-02, TestDaemonSetWithNodeSelectorLaunchesPods: a node can be asked for by its name', async () => {
    expect(
      await placed(
        agent(`
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
            - matchExpressions:
              - {key: disk, operator: In, values: [ssd]}
            - matchFields:
              - {key: metadata.name, operator: In, values: [bare]}`),
      ),
    ).toEqual(['bare', 'new-1', 'new-2']);
  });

  it('NODE-02: nodeSelector and affinity must both hold', async () => {
    expect(
      await placed(
        agent(`
      nodeSelector:
        zone: a
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
            - matchExpressions:
              - {key: disk, operator: In, values: [ssd]}`),
      ),
    ).toEqual(['new-1']);
  });

  it('T57: what is only preferred leaves out no node', async () => {
    expect(
      await placed(
        agent(`
      affinity:
        nodeAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 100
            preference:
              matchExpressions:
              - {key: disk, operator: In, values: [ssd]}`),
      ),
    ).toEqual(['bare', 'new-1', 'new-2', 'old-1', 'old-2']);
  });
});

describe('nodes that are relabelled', () => {
  const onSsd = agent(`
      nodeSelector:
        disk: ssd`);

  it('CTL-05, TestUpdateNode, should run and stop complex daemon: a label that comes brings a pod', async () => {
    await placed(onSsd);
    await label('bare', { disk: 'ssd' });
    expect(nodesWithPods()).toEqual(['bare', 'new-1', 'new-2']);
  });

  it('MAN-03, should run and stop complex daemon with node affinity: one that goes, or changes, takes it away', async () => {
    await placed(onSsd);
    await label('new-1', { disk: null });
    expect(nodesWithPods()).toEqual(['new-2']);
    await label('new-2', { disk: 'hdd' });
    expect(nodesWithPods()).toEqual([]);
    expect(cluster.registry.get(daemonSets, 'default', 'agent')!.object.status).toMatchObject({
      desiredNumberScheduled: 0,
      currentNumberScheduled: 0,
      numberMisscheduled: 0,
    });
  });

  it('labels that nobody asks for move nothing', async () => {
    await placed(onSsd);
    const before = cluster.registry.all(pods, 'default').map(pod => pod.uid);
    await label('new-1', { zone: 'c', rack: '12' });
    await label('old-1', { zone: 'c', rack: '12' });
    expect(cluster.registry.all(pods, 'default').map(pod => pod.uid)).toEqual(before);
  });

  it('MAN-01, MAN-03, should run and stop complex daemon: a template that asks for other labels moves the pods', async () => {
    expect(await placed(onSsd)).toEqual(['new-1', 'new-2']);
    expect(
      await placed(
        agent(`
      nodeSelector:
        disk: hdd`),
      ),
    ).toEqual(['old-1', 'old-2']);
  });
});
