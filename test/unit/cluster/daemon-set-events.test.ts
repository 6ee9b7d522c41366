import { afterEach, expect, it } from 'vitest';
import type { ClusterOptions } from '../../../src/cluster/options.js';
import { type Cluster, createCluster } from '../../../src/index.js';
import { daemonSets, events, nodes, pods } from '../../../src/resources/index.js';
import type { DaemonSet, Event, Pod, Taint } from '../../../src/resources/types.js';
import { tableOf } from '../../conformance/catalogue.js';
import { daemonSet } from '../controllers/daemonset/cluster.js';

/** Every event of the catalogue, brought about in a whole cluster and read as clients read it. */

let cluster: Cluster;
afterEach(() => cluster.close());

async function start(options: ClusterOptions = {}): Promise<void> {
  cluster = await createCluster({ clock: 'virtual', nodes: 2, ...options });
  await cluster.settled();
}

/** As `start`, with a set on both nodes. */
async function running(options: ClusterOptions = {}, pod: Partial<Pod['spec']> = {}): Promise<void> {
  await start(options);
  await cluster.registry.create(daemonSets, daemonSet({ pod }));
  await cluster.settled();
  await cluster.advance('1m');
}

const allPods = () => cluster.registry.all(pods, 'default').map(({ object }) => object);
const podOn = (node: string) => allPods().find(({ spec }) => spec.nodeName === node)!;
const told = (reason: string, kind = 'DaemonSet') =>
  cluster.registry
    .all(events)
    .map(({ object }) => object)
    .filter(event => event.reason === reason && event.involvedObject.kind === kind);

/** What clients see of an event: its type, its message, and who tells it. */
const shown = ({ type, message, source, reportingComponent }: Event) => [
  type,
  message,
  source?.component ?? reportingComponent,
];
const FROM = 'daemonset-controller';

async function taint(node: string, ...taints: Taint[]): Promise<void> {
  const { object } = cluster.registry.get(nodes, '', node)!;
  await cluster.registry.update(nodes, { ...object, spec: { ...object.spec, taints } });
  await cluster.settled();
}

/** Leaves the set one node: its controller alone deletes the other pod. */
async function keepOnly(node: string): Promise<void> {
  const body = { spec: { template: { spec: { nodeSelector: { 'kubernetes.io/hostname': node } } } } };
  await cluster.registry.patch(daemonSets, 'default', 'agent', { type: 'merge', body });
  await cluster.settled();
}

async function setPhase(pod: Pod, phase: 'Failed' | 'Succeeded'): Promise<void> {
  const body = { status: { phase } };
  await cluster.registry.patch(pods, 'default', pod.metadata.name, { type: 'merge', body }, { subresource: 'status' });
  await cluster.settled();
}

const TOO_LARGE = { containers: [{ name: 'main', image: 'a:1', resources: { requests: { cpu: '64' } } }] };
const EVICT: Taint = { key: 'out', value: 'now', effect: 'NoExecute' };

const catalogue: Record<string, () => Promise<void>> = {
  SuccessfulCreate: async () => {
    await running();
    expect(told('SuccessfulCreate').map(shown).sort()).toEqual(
      allPods()
        .map(({ metadata }) => ['Normal', `Created pod: ${metadata.name}`, FROM])
        .sort(),
    );
  },

  FailedCreate: async () => {
    await start();
    await cluster.apply('{apiVersion: v1, kind: ResourceQuota, metadata: {name: none}, spec: {hard: {pods: "0"}}}');
    await cluster.settled();
    await cluster.registry.create(daemonSets, daemonSet());
    await cluster.settled();
    const why = 'is forbidden: exceeded quota: none, requested: pods=1, used: pods=0, limited: pods=0';
    expect(told('FailedCreate').length).toBeGreaterThan(0);
    for (const event of told('FailedCreate')) {
      const message = expect.stringMatching(new RegExp(`^Error creating: pods "agent-[a-z0-9]{5}" ${why}$`));
      expect(shown(event)).toEqual(['Warning', message, FROM]);
    }
    expect(told('SuccessfulCreate')).toEqual([]);
  },

  SuccessfulDelete: async () => {
    await running();
    const { name } = podOn('node-1').metadata;
    await keepOnly('node-2');
    expect(told('SuccessfulDelete').map(shown)).toContainEqual(['Normal', `Deleted pod: ${name}`, FROM]);
    expect(told('FailedDelete')).toEqual([]);
  },

  FailedDelete: async () => {
    await running();
    const { registry } = cluster;
    const remove = registry.delete.bind(registry);
    let refusals = 1;
    registry.delete = (async (kind, ...rest) => {
      if (kind.plural === 'pods' && refusals-- > 0) throw new Error('not now');
      return remove(kind, ...rest);
    }) as typeof remove;
    await keepOnly('node-2');
    expect(told('FailedDelete').map(shown)).toEqual([['Warning', 'Error deleting: not now', FROM]]);
  },

  FailedDaemonPod: async () => {
    await running();
    const pod = podOn('node-1');
    await setPhase(pod, 'Failed');
    const message = `Found failed daemon pod default/${pod.metadata.name} on node node-1, will try to kill it`;
    expect(told('FailedDaemonPod').map(shown)).toEqual([['Warning', message, FROM]]);
  },

  SucceededDaemonPod: async () => {
    await running();
    const pod = podOn('node-1');
    await setPhase(pod, 'Succeeded');
    const message = `Found succeeded daemon pod default/${pod.metadata.name} on node node-1, will try to delete it`;
    expect(told('SucceededDaemonPod').map(shown)).toEqual([['Normal', message, FROM]]);
  },

  SelectingAll: async () => {
    await start();
    // Validation lets no such set in: it can only have been there.
    const draft = daemonSet();
    const object = {
      ...draft,
      metadata: { ...draft.metadata, uid: 'legacy', generation: 1 },
      spec: { ...draft.spec, selector: {} },
    } as DaemonSet;
    const { log } = cluster.registry;
    log.append({
      type: 'ADDED',
      resource: 'daemonsets.apps',
      namespace: 'default',
      name: 'agent',
      uid: 'legacy',
      object,
    });
    await log.committed();
    await cluster.settled();
    expect(told('SelectingAll').map(shown)).toEqual([
      ['Warning', 'This daemon set is selecting all pods. A non-empty selector is required.', FROM],
    ]);
    expect(allPods()).toEqual([]);
  },

  FailedPlacement: async () => {
    await running({}, TOO_LARGE);
    expect(told('FailedPlacement')).toEqual([]);
    await cluster.close();
    await running({ era: '1.11' }, TOO_LARGE);
    const [event] = told('FailedPlacement');
    expect(shown(event!)).toEqual([
      'Warning',
      expect.stringMatching(/^failed to place pod on "node-[12]": Node didn't have enough resource: cpu/),
      FROM,
    ]);
  },

  'Scheduled / FailedScheduling (Pod)': async () => {
    await running();
    expect(told('Scheduled', 'Pod').map(shown).sort()).toEqual(
      allPods()
        .map(({ metadata, spec }) => [
          'Normal',
          `Successfully assigned default/${metadata.name} to ${spec.nodeName}`,
          'default-scheduler',
        ])
        .sort(),
    );
    await cluster.close();
    await running({}, TOO_LARGE);
    expect(told('FailedScheduling', 'Pod').map(shown)).toContainEqual([
      'Warning',
      "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) [NodeAffinity]. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
      'default-scheduler',
    ]);
  },

  'TaintManagerEviction (Pod)': async () => {
    await running({ controllers: ['*', '-daemonset-controller'] });
    await cluster.apply(
      '{apiVersion: v1, kind: Pod, metadata: {name: bare}, spec: {nodeName: node-1, containers: [{name: main, image: "a:1"}]}}',
    );
    await cluster.settled();
    await taint('node-1', EVICT);
    expect(told('TaintManagerEviction', 'Pod').map(shown)).toEqual([
      ['Normal', 'Marking for deletion Pod default/bare', 'taint-eviction-controller'],
    ]);
    await cluster.apply(
      '{apiVersion: v1, kind: Pod, metadata: {name: spared}, spec: {nodeName: node-2, tolerations: [{key: out, operator: Exists, effect: NoExecute, tolerationSeconds: 60}], containers: [{name: main, image: "a:1"}]}}',
    );
    await taint('node-2', EVICT);
    await taint('node-2');
    const cancelled = told('TaintManagerEviction', 'Pod').at(-1)!;
    expect(shown(cancelled)).toEqual([
      'Normal',
      'Cancelling deletion of Pod default/spared',
      'taint-eviction-controller',
    ]);
    expect(cancelled.involvedObject).toMatchObject({ apiVersion: 'v1', namespace: 'default', name: 'spared' });
  },

  'NodeNotReady (Pod / Node)': async () => {
    await running();
    const body = { metadata: { annotations: { 'kubette.dev/behavior': 'not-ready' } } };
    await cluster.registry.patch(nodes, '', 'node-1', { type: 'merge', body });
    await cluster.advance('1m');
    // The kubelet says the same of itself.
    expect(told('NodeNotReady', 'Node').map(shown)).toContainEqual([
      'Normal',
      'Node node-1 status is now: NodeNotReady',
      'node-controller',
    ]);
    expect(told('NodeNotReady', 'Pod').map(event => [event.involvedObject.name, ...shown(event)])).toEqual([
      [podOn('node-1').metadata.name, 'Warning', 'Node is not ready', 'node-controller'],
    ]);
  },
};

it('the catalogue of events is all here, each of its type', () => {
  cluster = { close: async () => {} } as Cluster;
  expect(Object.keys(catalogue)).toEqual(
    tableOf('20. Event catalogue (object DaemonSet unless noted)').map(([reason]) => reason),
  );
});

it.each(Object.entries(catalogue))('%s is told', (_, happens) => happens());
