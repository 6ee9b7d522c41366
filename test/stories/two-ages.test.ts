// One story, told in both ages of DaemonSets: each step is a row of the table in docs/eras.md.
import { readFileSync } from 'node:fs';
import { type Cluster, createCluster, resources, type StatusError } from 'kubette';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const { daemonSets, events, nodes, pods } = resources;

const AGES = ['1.11', 'current'] as const;
type Age = (typeof AGES)[number];

const DAEMONS = '{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: daemons}, value: 1000}';

/** The same cluster in each age: four nodes, of which the third is full of a pod that matters less than the daemons. */
const clusters = {} as Record<Age, Cluster>;
const errors: Record<Age, string[]> = { '1.11': [], current: [] };
beforeAll(async () => {
  for (const era of AGES) {
    const onError = (_where: string, error: unknown) => errors[era].push((error as Error).message);
    const cluster = await createCluster({ clock: 'virtual', nodes: 4, era, onError });
    clusters[era] = cluster;
    await cluster.apply(DAEMONS);
    await cluster.apply(`
      apiVersion: v1
      kind: Pod
      metadata: {name: batch}
      spec:
        nodeName: node-3
        terminationGracePeriodSeconds: 0
        containers:
        - {name: main, image: 'batch:1', resources: {requests: {cpu: 3500m}}}
    `);
    await cluster.settled();
  }
});
afterAll(() => Promise.all(AGES.map(era => clusters[era].close())));

const agent = (image = 'agent:1', strategy = '{maxUnavailable: 1}', more = '') => `
  apiVersion: apps/v1
  kind: DaemonSet
  metadata: {name: agent}
  spec:
    updateStrategy: {type: RollingUpdate, rollingUpdate: ${strategy}}
    ${more}
    selector:
      matchLabels: {app: agent}
    template:
      metadata:
        labels: {app: agent}
      spec:
        priorityClassName: daemons
        containers:
        - {name: main, image: '${image}', resources: {requests: {cpu: '1'}}}
`;

const podsOf = ({ registry }: Cluster, app = 'agent') =>
  registry
    .all(pods, 'default')
    .map(entry => entry.object)
    .filter(pod => pod.metadata.labels?.app === app);
const podOn = (cluster: Cluster, node: string) => podsOf(cluster).find(pod => pod.spec.nodeName === node)!;
/** Numbers of the nodes that have a pod; 0 for one that no scheduler has bound. */
const at = (cluster: Cluster, app = 'agent') =>
  podsOf(cluster, app)
    .map(pod => Number(pod.spec.nodeName?.replace('node-', '') ?? 0))
    .sort();
const set = ({ registry }: Cluster, name = 'agent') => registry.get(daemonSets, 'default', name)!.object;
const told = ({ registry }: Cluster, reason: string) =>
  registry.all(events).some(({ object }) => object.reason === reason);

const remove = ({ registry }: Cluster, pod: string) =>
  registry.get(pods, 'default', pod) && registry.delete(pods, 'default', pod, { gracePeriodSeconds: 0 });
const patchNode = ({ registry }: Cluster, name: string, body: object) =>
  registry.patch(nodes, '', name, { type: 'merge', body });
const endPod = async (cluster: Cluster, node: string, phase: 'Failed' | 'Succeeded') => {
  const { uid, name } = podOn(cluster, node).metadata;
  const options = { subresource: 'status', fieldManager: 'me' };
  await cluster.registry.patch(pods, 'default', name, { type: 'merge', body: { status: { phase } } }, options);
  await cluster.settled();
  return uid;
};
/** What is wrong with manifests, if anything is. */
const refusal = (cluster: Cluster, manifests: string) =>
  cluster.apply(manifests).then(
    () => undefined,
    (error: StatusError) => error.message,
  );
const oldKind = ({ registry }: Cluster, apiVersion = 'extensions/v1beta1') =>
  registry.kinds.byKind(apiVersion, 'DaemonSet');

const NOT_SERVED = (version: string) => `no matches for kind "DaemonSet" in version "${version}"`;

interface Step {
  /** What happens: the words of the table. */
  readonly row: string;
  readonly rules: string;
  /** Lets it happen, and answers what is seen then. */
  readonly see: (cluster: Cluster, era: Age) => Promise<unknown>;
  readonly '1.11': unknown;
  readonly current: unknown;
}

/** Each step goes on where the one before ended. */
const STORY: readonly Step[] = [
  {
    row: 'A node is full, of pods that matter less',
    rules: 'HIS-01, HIS-03, SCH-16',
    async see(cluster) {
      await cluster.apply(agent());
      await cluster.settled();
      return {
        at: at(cluster),
        desired: set(cluster).status.desiredNumberScheduled,
        told: told(cluster, 'FailedPlacement'),
      };
    },
    '1.11': { at: [1, 2, 4], desired: 4, told: true },
    current: { at: [1, 2, 3, 4], desired: 4, told: false },
  },
  {
    row: 'How a pod comes to its node',
    rules: 'HIS-01, POD-05',
    async see(cluster) {
      const { schedulerName, affinity } = podOn(cluster, 'node-1').spec;
      return [schedulerName, affinity?.nodeAffinity ? 'pinned' : 'free'];
    },
    '1.11': ['kubernetes.io/daemonset-controller', 'free'],
    current: ['default-scheduler', 'pinned'],
  },
  {
    row: 'Another pod makes room',
    rules: 'HIS-04',
    async see(cluster) {
      await remove(cluster, 'batch');
      await cluster.settled();
      return at(cluster);
    },
    '1.11': [1, 2, 3, 4],
    current: [1, 2, 3, 4],
  },
  {
    row: 'A node is cordoned',
    rules: 'HIS-07, NODE-06',
    async see(cluster) {
      await patchNode(cluster, 'node-1', { spec: { unschedulable: true } });
      await cluster.settled();
      await remove(cluster, podOn(cluster, 'node-1').metadata.name);
      await cluster.settled();
      return [at(cluster), set(cluster).status.desiredNumberScheduled];
    },
    '1.11': [[1, 2, 3, 4], 4],
    current: [[1, 2, 3, 4], 4],
  },
  {
    row: 'A node is not ready',
    rules: 'HIS-07, T03',
    async see(cluster) {
      const behave = (behavior: string | null) =>
        patchNode(cluster, 'node-2', { metadata: { annotations: { 'kubette.dev/behavior': behavior } } });
      await behave('down');
      await cluster.advance('2m');
      const { desiredNumberScheduled, numberMisscheduled } = set(cluster).status;
      await remove(cluster, podOn(cluster, 'node-2').metadata.name);
      await cluster.settled();
      const seen = { desiredNumberScheduled, numberMisscheduled, at: at(cluster) };
      await behave(null);
      await cluster.advance('2m');
      return seen;
    },
    '1.11': { desiredNumberScheduled: 4, numberMisscheduled: 0, at: [1, 2, 3, 4] },
    current: { desiredNumberScheduled: 3, numberMisscheduled: 1, at: [1, 3, 4] },
  },
  {
    row: 'A host port is taken',
    rules: 'HIS-03, T05, T51',
    async see(cluster) {
      const containers = '[{name: main, image: a, ports: [{containerPort: 80, hostPort: 80}]}]';
      await cluster.apply(`
        {apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {nodeName: node-4, containers: ${containers}}}
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: proxy}
        spec:
          selector: {matchLabels: {app: proxy}}
          template: {metadata: {labels: {app: proxy}}, spec: {containers: ${containers}}}
      `);
      await cluster.settled();
      const seen = { at: at(cluster, 'proxy'), desired: set(cluster, 'proxy').status.desiredNumberScheduled };
      await cluster.registry.delete(daemonSets, 'default', 'proxy');
      await remove(cluster, 'web');
      await cluster.advance('1m');
      return seen;
    },
    '1.11': { at: [1, 2, 3], desired: 3 },
    current: { at: [0, 1, 2, 3], desired: 4 },
  },
  {
    row: 'A pod is marked as critical, on a full node',
    rules: 'HIS-02',
    async see(cluster) {
      await cluster.apply(`
        apiVersion: v1
        kind: Pod
        metadata: {name: hog}
        spec:
          nodeName: node-4
          containers: [{name: main, image: a, resources: {requests: {cpu: 2500m}}}]
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: vital, namespace: kube-system}
        spec:
          selector: {matchLabels: {app: vital}}
          template:
            metadata:
              labels: {app: vital}
              annotations: {scheduler.alpha.kubernetes.io/critical-pod: ''}
            spec:
              nodeSelector: {kubernetes.io/hostname: node-4}
              containers: [{name: main, image: a, resources: {requests: {cpu: '2'}}}]
      `);
      await cluster.advance('2m');
      const { spec, status } = cluster.registry.all(pods, 'kube-system')[0]!.object;
      const hog = cluster.registry.get(pods, 'default', 'hog')!.object.status.phase;
      await cluster.registry.delete(daemonSets, 'kube-system', 'vital');
      await remove(cluster, 'hog');
      await cluster.advance('2m');
      return [spec.nodeName, status.phase, hog];
    },
    '1.11': ['node-4', 'Running', 'Failed'],
    current: [undefined, 'Pending', 'Running'],
  },
  {
    row: 'A pod ends well',
    rules: 'HIS-05, SUC-01',
    async see(cluster) {
      const uid = await endPod(cluster, 'node-3', 'Succeeded');
      await cluster.advance('1m');
      const stays = podOn(cluster, 'node-3').metadata.uid === uid;
      await remove(cluster, podOn(cluster, 'node-3').metadata.name);
      await cluster.advance('1m');
      return stays ? 'stays' : 'replaced';
    },
    '1.11': 'stays',
    current: 'replaced',
  },
  {
    row: 'A pod fails',
    rules: 'HIS-05, FAIL-01',
    async see(cluster, era) {
      const uid = await endPod(cluster, 'node-4', 'Failed');
      const replaced = podOn(cluster, 'node-4').metadata.uid !== uid;
      await cluster.advance('1m');
      return [replaced, errors[era].includes('deleted 1 failed pods of DaemonSet default/agent')];
    },
    '1.11': [true, true],
    current: [true, false],
  },
  {
    row: 'A pod cannot be made',
    rules: 'HIS-05, CTL-15, T14',
    async see(cluster) {
      await cluster.apply('{apiVersion: v1, kind: ResourceQuota, metadata: {name: none}, spec: {hard: {pods: "0"}}}');
      await remove(cluster, podOn(cluster, 'node-3').metadata.name);
      await cluster.apply(agent('agent:1', '{maxUnavailable: 1}', 'minReadySeconds: 1'));
      await cluster.settled();
      const { metadata, status } = set(cluster);
      const quotas = cluster.registry.kinds.byKind('v1', 'ResourceQuota')!;
      await cluster.registry.delete(quotas, 'default', 'none');
      await cluster.advance('20m');
      expect(at(cluster)).toEqual([1, 2, 3, 4]);
      return { isObserved: status.observedGeneration === metadata.generation, ready: status.numberReady };
    },
    '1.11': { isObserved: false, ready: 4 },
    current: { isObserved: true, ready: 3 },
  },
  {
    row: '`maxSurge`',
    rules: 'HIS-06',
    async see(cluster) {
      let most = 0;
      const unfollow = cluster.registry.onApply(() => {
        most = Math.max(most, podsOf(cluster).length);
      });
      await cluster.apply(agent('agent:2', '{maxUnavailable: 0, maxSurge: 1}'));
      await cluster.advance('10m');
      unfollow();
      return { most, images: new Set(podsOf(cluster).map(pod => pod.spec.containers[0]!.image)) };
    },
    '1.11': { most: 4, images: new Set(['agent:2']) },
    current: { most: 5, images: new Set(['agent:2']) },
  },
  {
    row: '`extensions/v1beta1`',
    rules: 'DEF-02',
    async see(cluster) {
      const wrong = await refusal(
        cluster,
        `
        apiVersion: extensions/v1beta1
        kind: DaemonSet
        metadata: {name: old}
        spec:
          template: {metadata: {labels: {app: old}}, spec: {containers: [{name: main, image: 'old:1'}]}}
        `,
      );
      if (wrong) return wrong;
      await cluster.settled();
      const { metadata, spec } = cluster.registry.get(oldKind(cluster)!, 'default', 'old')!.object as never as Record<
        string,
        Record<string, unknown>
      >;
      const { selector, updateStrategy, templateGeneration, revisionHistoryLimit } = spec!;
      return { labels: metadata!.labels, selector, updateStrategy, templateGeneration, revisionHistoryLimit };
    },
    '1.11': {
      labels: { app: 'old' },
      selector: { matchLabels: { app: 'old' } },
      updateStrategy: { type: 'OnDelete' },
      templateGeneration: 1,
      revisionHistoryLimit: 10,
    },
    current: NOT_SERVED('extensions/v1beta1'),
  },
  {
    row: '`apps/v1beta2`',
    rules: 'DEF-01, VAL-20',
    async see(cluster) {
      const manifest = (spec: string) =>
        `{apiVersion: apps/v1beta2, kind: DaemonSet, metadata: {name: beta}, spec: {${spec}template: {metadata: {labels: {app: beta}}, spec: {nodeSelector: {no: where}, containers: [{name: main, image: a}]}}}}`;
      const wrong = (await refusal(cluster, manifest('')))?.replace(/.*: /, '');
      const right = await refusal(cluster, manifest('selector: {matchLabels: {app: beta}}, '));
      return [wrong, right ?? set(cluster, 'beta').spec.updateStrategy.type];
    },
    '1.11': ['`selector` does not match template `labels`', 'RollingUpdate'],
    current: ['no matches for kind "DaemonSet" in version "apps/v1beta2"', NOT_SERVED('apps/v1beta2')],
  },
  {
    row: 'The selector of an `extensions/v1beta1` DaemonSet changes',
    rules: 'REF-03',
    async see(cluster) {
      const kind = oldKind(cluster);
      if (!kind) return undefined;
      const labels = { app: 'new' };
      const body = {
        metadata: { labels },
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels } } },
      };
      await cluster.registry.patch(kind, 'default', 'old', { type: 'merge', body });
      await cluster.settled();
      const owned = (app: string) => podsOf(cluster, app).map(pod => pod.metadata.ownerReferences?.length ?? 0);
      return { orphans: owned('old'), owned: owned('new') };
    },
    '1.11': { orphans: [0, 0, 0, 0], owned: [1, 1, 1, 1] },
    current: undefined,
  },
  {
    row: 'DELETE through an old version',
    rules: 'API-11',
    async see(cluster) {
      const kind = oldKind(cluster);
      if (!kind) return undefined;
      await cluster.registry.delete(kind, 'default', 'old');
      await cluster.advance('1m');
      const owners = podsOf(cluster, 'new').map(pod => pod.metadata.ownerReferences?.length ?? 0);
      return { isGone: !cluster.registry.get(daemonSets, 'default', 'old'), owners };
    },
    '1.11': { isGone: true, owners: [0, 0, 0, 0] },
    current: undefined,
  },
  {
    row: 'No scheduler runs',
    rules: 'HIS-01, T06',
    async see(_, era) {
      const cluster = await createCluster({ clock: 'virtual', nodes: 2, era, controllers: ['*', '-scheduler'] });
      await cluster.apply(DAEMONS);
      await cluster.apply(agent());
      await cluster.advance('1m');
      const seen = podsOf(cluster).map(pod => [pod.spec.nodeName, pod.status.phase]);
      await cluster.close();
      return seen.sort();
    },
    '1.11': [
      ['node-1', 'Running'],
      ['node-2', 'Running'],
    ],
    current: [
      [undefined, 'Pending'],
      [undefined, 'Pending'],
    ],
  },
];

describe('DaemonSets before 1.12 and today', () => {
  for (const { rules, row, see, ...expected } of STORY)
    it(`${rules}: ${row}`, async () => {
      for (const era of AGES) expect({ [era]: await see(clusters[era], era) }).toEqual({ [era]: expected[era] });
    });

  it('are told of row by row in docs/eras.md', () => {
    const text = readFileSync(new URL('../../docs/eras.md', import.meta.url), 'utf8');
    const rows = [...text.matchAll(/^\| ([^|]+?) \|/gm)].map(([, first]) => first!);
    expect(rows).toEqual(expect.arrayContaining(STORY.map(({ row }) => row)));
  });
});
