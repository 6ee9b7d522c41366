import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lengthOf } from '../../../src/registry/client-view.js';
import type { WatchEvent, WriteOptions } from '../../../src/registry/types.js';
import type { ResourceDefinition } from '../../../src/resources/definition.js';
import { configMaps, events, leases, namespaces, nodes, pods, serviceAccounts } from '../../../src/resources/index.js';
import { withCondition } from '../../../src/resources/state.js';
import type { Draft, KubeObject, ManagedFieldsEntry, Pod, PodStatus } from '../../../src/resources/types.js';
import { openRegistry, type TestRegistry } from '../../support/registry.js';

/** Owners of what the cluster's components write, which are told from the objects themselves as long as nobody else writes to them. */

let registry: TestRegistry;
beforeEach(async () => {
  registry = await openRegistry(['default', 'kube-node-lease']);
});
afterEach(() => registry.log.close());

const KUBELET = { component: 'kubelet', subresource: 'status' } as const;
const template = {
  containers: [{ name: 'c', image: 'i:1', ports: [{ containerPort: 80 }], resources: { requests: { cpu: '1' } } }],
  nodeSelector: { a: 'b' },
};

const draft = (name: string, spec: object = template): Draft<Pod> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'default',
    labels: { app: 'a', 'x/y': 'z' },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: 'u-1', controller: true }],
  },
  spec: structuredClone(spec) as Pod['spec'],
  status: {} as PodStatus,
});

const running = (ip: string): Partial<PodStatus> => ({
  phase: 'Running',
  hostIP: '172.18.0.2',
  podIP: ip,
  podIPs: [{ ip }],
  startTime: '2026-01-01T00:00:00Z',
  containerStatuses: [
    { name: 'c', image: 'i:1', imageID: '', ready: true, restartCount: 0 },
  ] as PodStatus['containerStatuses'],
});

const get = (name: string) => registry.get(pods, 'default', name)!.object;
const read = <T extends KubeObject>(kind: ResourceDefinition<T>, name: string, namespace = 'default') =>
  registry.read(kind, kind.namespaced ? namespace : '', name)!.object;
const entries = (object: KubeObject) => object.metadata.managedFields ?? [];
const owners = (object: KubeObject) =>
  entries(object).map(({ manager, subresource, operation }) =>
    [manager, operation, ...(subresource ? [subresource] : [])].join(' '),
  );
const later = () => registry.clock.advance(1000, () => registry.log.committed());

async function report(name: string, change: Partial<PodStatus>, options: WriteOptions): Promise<void> {
  const pod = get(name);
  const ready = {
    type: 'Ready',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  } as const;
  const conditions = withCondition(pod.status.conditions, ready);
  await registry.update(pods, { ...pod, status: { ...pod.status, ...change, conditions } }, options);
}

/** Leads a pod through its life: by components, or by clients under their names, for whom all owners are recorded. */
async function live(
  name: string,
  byClients: boolean,
  spec?: object,
  until = 4,
): Promise<readonly ManagedFieldsEntry[]> {
  const maker = byClients ? { fieldManager: 'kube-controller-manager' } : {};
  const kubelet = byClients ? { fieldManager: 'kubelet', subresource: 'status' } : KUBELET;
  await registry.create(pods, draft(name, spec), maker);
  if (until > 1) await registry.bind('default', name, 'n');
  await later();
  if (until > 2) await report(name, { startTime: '2026-01-01T00:00:00Z' }, kubelet);
  await later();
  if (until > 3) await report(name, running(`10.0.0.${name.length}`), kubelet);
  return entries(read(pods, name));
}

const withoutTime = (list: readonly ManagedFieldsEntry[]) => list.map(({ time: _, ...entry }) => entry);

describe('of pods', () => {
  const tolerating = (seconds: number) =>
    ['not-ready', 'unreachable'].map(key => ({
      key: `node.kubernetes.io/${key}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: seconds,
    }));
  it.each<[string, object | undefined, number]>([
    ['a new one', undefined, 1],
    ['one that is bound', undefined, 2],
    ['one whose containers are being created', undefined, 3],
    ['one that runs', undefined, 4],
    ['one with volumes', { ...template, volumes: [{ name: 'v', emptyDir: {} }] }, 4],
    ['one that tolerates something', { ...template, tolerations: [{ key: 'x', operator: 'Exists' }] }, 4],
    ['one that tolerates what all do', { ...template, tolerations: tolerating(300) }, 4],
    ['one that tolerates it for longer', { ...template, tolerations: tolerating(600) }, 4],
    ['one whose template names its priority', { ...template, priority: 0 }, 4],
    ['one that is placed from the start', { ...template, nodeName: 'n' }, 1],
    [
      'one with an affinity',
      {
        ...template,
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 1, preference: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } },
            ],
          },
        },
      },
      4,
    ],
  ])('are those that would have been recorded: %s', async (_, spec, until) => {
    const told = await live('one', false, spec, until);
    const recorded = await live('two', true, spec, until);
    expect(withoutTime(told)).toEqual(withoutTime(recorded));
    expect(told.length).toBe(until > 2 ? 2 : 1);
  });

  it('name both writers, with the time of the last write of each', async () => {
    await live('pod', false);
    expect(entries(read(pods, 'pod'))).toMatchObject([
      {
        manager: 'kube-controller-manager',
        operation: 'Update',
        apiVersion: 'v1',
        fieldsType: 'FieldsV1',
        time: '2025-01-01T00:00:00Z',
      },
      {
        manager: 'kubelet',
        operation: 'Update',
        apiVersion: 'v1',
        subresource: 'status',
        time: '2025-01-01T00:00:02Z',
      },
    ]);
    expect(entries(read(pods, 'pod'))[1]!.fieldsV1).toMatchObject({
      'f:status': { 'f:podIPs': { 'k:{"ip":"10.0.0.3"}': { 'f:ip': {} } } },
    });
  });

  it('stay what they are while the pod goes, and are not those of who deletes it', async () => {
    await live('pod', false);
    const before = entries(read(pods, 'pod'));
    await later();
    await registry.delete(pods, 'default', 'pod');
    expect(read(pods, 'pod').metadata.deletionTimestamp).toBeDefined();
    expect(entries(read(pods, 'pod'))).toEqual(before);
  });

  it.each<[string, (name: string, byClient: boolean) => Promise<unknown>]>([
    [
      'the scheduler says that there is no room',
      (name, byClient) => {
        const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no' } as const;
        const options = byClient ? { fieldManager: 'kube-scheduler' } : { component: 'kube-scheduler' as const };
        const pod = get(name);
        const conditions = withCondition(pod.status.conditions, condition);
        return registry.update(
          pods,
          { ...pod, status: { ...pod.status, conditions } },
          { ...options, subresource: 'status' },
        );
      },
    ],
    [
      'a controller takes its readiness away',
      (name, byClient) => {
        const pod = get(name);
        const conditions = pod.status.conditions!.map(c =>
          c.type === 'Ready' ? { ...c, status: 'False' as const } : c,
        );
        const options = byClient ? { fieldManager: 'kube-controller-manager' } : {};
        return registry.update(
          pods,
          { ...pod, status: { ...pod.status, conditions } },
          { ...options, subresource: 'status' },
        );
      },
    ],
    [
      'a controller labels it',
      (name, byClient) =>
        registry.patch(
          pods,
          'default',
          name,
          { type: 'merge', body: { metadata: { labels: { l: 'm' } } } },
          byClient ? { fieldManager: 'kube-controller-manager' } : {},
        ),
    ],
    [
      'a client applies what it owns then together with a controller',
      name =>
        registry.patch(
          pods,
          'default',
          name,
          {
            type: 'apply',
            body: { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: 'a', own: 'o' } } },
          },
          { fieldManager: 'me' },
        ),
    ],
  ])('are recorded once %s', async (_, happens) => {
    await live('one', false);
    await live('two', true);
    await later();
    await happens('one', false);
    await happens('two', true);
    expect(withoutTime(get('one').metadata.managedFields!)).toEqual(withoutTime(get('two').metadata.managedFields!));
    await later();
    await report('one', { ...running('10.0.0.3'), phase: 'Succeeded' }, KUBELET);
    await report(
      'two',
      { ...running('10.0.0.3'), phase: 'Succeeded' },
      { fieldManager: 'kubelet', subresource: 'status' },
    );
    expect(withoutTime(entries(read(pods, 'one')))).toEqual(withoutTime(entries(read(pods, 'two'))));
  });

  it('are told to those who would take their fields', async () => {
    await live('pod', false);
    const body = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'pod', labels: { app: 'b' } },
      status: { phase: 'Failed' },
    };
    const apply = (options: WriteOptions) =>
      registry.patch(pods, 'default', 'pod', { type: 'apply', body }, { fieldManager: 'me', ...options });
    await expect(apply({})).rejects.toMatchObject({
      message: 'Apply failed with 1 conflict: conflict with "kube-controller-manager" using v1: .metadata.labels.app',
    });
    await expect(apply({ subresource: 'status' })).rejects.toMatchObject({
      message: expect.stringContaining('conflicts with "kubelet" with subresource "status" using v1:\n- .status.phase'),
    });
  });

  it('are forgotten for a client that asks for it, and stay so', async () => {
    await live('pod', false);
    const body = { metadata: { managedFields: [{}] } };
    await registry.patch(pods, 'default', 'pod', { type: 'merge', body }, { fieldManager: 'me' });
    expect(read(pods, 'pod').metadata.managedFields).toBeUndefined();
    expect(registry.read(pods, 'default', 'pod')!.bytes.toString()).not.toContain('managedFields');
    await report('pod', { phase: 'Succeeded' }, KUBELET);
    await registry.patch(
      pods,
      'default',
      'pod',
      { type: 'merge', body: { metadata: { labels: { n: 'o' } } } },
      { fieldManager: 'me' },
    );
    expect(read(pods, 'pod').metadata.managedFields).toBeUndefined();
  });

  it('do not change by an eviction, which nobody owns', async () => {
    await live('pod', false);
    const before = entries(read(pods, 'pod'));
    await report('pod', { message: 'going' }, { subresource: 'status', keepsOwners: true });
    expect(entries(read(pods, 'pod'))).toEqual(before);
  });

  it('tell of objects from before there were notes', async () => {
    await live('pod', false);
    const { metadata, ...pod } = get('pod');
    const { managedFields: _, ...rest } = metadata;
    registry.log.append({
      type: 'MODIFIED',
      resource: 'pods',
      namespace: 'default',
      name: 'pod',
      uid: metadata.uid,
      object: { ...pod, metadata: rest },
    });
    await registry.log.committed();
    expect(owners(read(pods, 'pod'))).toEqual(['kube-controller-manager Update', 'kubelet Update status']);
  });
});

describe('are no reason to write', () => {
  it('for a client that sends back what it read', async () => {
    await live('pod', false);
    const { object, revision } = registry.read(pods, 'default', 'pod')!;
    const same = await registry.update(pods, object, { fieldManager: 'me' });
    expect([same.revision, entries(same.object)]).toEqual([revision, entries(object)]);
    const patch = { type: 'merge', body: { metadata: { labels: { app: 'a' } } } } as const;
    expect((await registry.patch(pods, 'default', 'pod', patch, { fieldManager: 'me' })).entry.revision).toBe(revision);
  });

  it('for a component that has nothing to say', async () => {
    await live('pod', false);
    await later();
    const { revision } = registry.get(pods, 'default', 'pod')!;
    for (const options of [
      KUBELET,
      {},
      { subresource: 'status' },
      { component: 'kube-scheduler', subresource: 'status' },
    ] as WriteOptions[])
      expect((await registry.update(pods, { ...get('pod') }, options)).revision).toBe(revision);
  });
});

it('are the same wherever they are shown', async () => {
  const seen: WatchEvent<Pod>[] = [];
  const watch = registry.watch(pods, {}, event => seen.push(event));
  await live('pod', false);
  const { revision } = registry.get(pods, 'default', 'pod')!;
  const shown = registry.read(pods, 'default', 'pod')!;
  await registry.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x', namespace: 'default' },
  });
  const [listed] = (await registry.list(pods)).entries;
  const [past] = (await registry.list(pods, { resourceVersion: String(revision), resourceVersionMatch: 'Exact' }))
    .entries;
  watch.close();
  const last = seen.at(-1)!;
  expect(entries(shown.object)).toHaveLength(2);
  for (const entry of [listed!, past!, 'entry' in last ? last.entry : undefined]) {
    expect(JSON.parse(entry!.bytes.toString())).toEqual(JSON.parse(JSON.stringify(shown.object)));
    expect(lengthOf(entry!)).toBe(entry!.bytes.length);
  }
});

it.each<[string, ResourceDefinition<never>, object, object[]]>([
  [
    'a namespace',
    namespaces as never,
    { metadata: { name: 'fresh' }, spec: {}, status: {} },
    [
      {
        manager: 'kube-apiserver',
        fieldsV1: { 'f:metadata': { 'f:labels': { '.': {}, 'f:kubernetes.io/metadata.name': {} } } },
      },
    ],
  ],
  ['a service account', serviceAccounts as never, { metadata: { name: 'fresh' } }, []],
  [
    'a config map',
    configMaps as never,
    { metadata: { name: 'fresh' }, data: { a: 'b' } },
    [{ manager: 'kube-controller-manager', fieldsV1: { 'f:data': { '.': {}, 'f:a': {} } } }],
  ],
  [
    'a lease',
    leases as never,
    { metadata: { name: 'fresh' }, spec: { holderIdentity: 'n', renewTime: '2026-01-01T00:00:00.000000Z' } },
    [{ manager: 'kubelet', fieldsV1: { 'f:spec': { 'f:holderIdentity': {}, 'f:renewTime': {} } } }],
  ],
  [
    'a node',
    nodes as never,
    {
      metadata: { name: 'fresh', labels: { a: 'b' }, annotations: { 'node.alpha.kubernetes.io/ttl': '0' } },
      spec: { podCIDR: '10.0.0.0/24', podCIDRs: ['10.0.0.0/24'] },
      status: { capacity: { cpu: '1' } },
    },
    [
      {
        manager: 'kube-controller-manager',
        fieldsV1: {
          'f:metadata': { 'f:annotations': { '.': {}, 'f:node.alpha.kubernetes.io/ttl': {} } },
          'f:spec': { 'f:podCIDR': {}, 'f:podCIDRs': { '.': {}, 'v:"10.0.0.0/24"': {} }, 'f:taints': {} },
        },
      },
      {
        manager: 'kubelet',
        fieldsV1: { 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } } },
      },
      {
        manager: 'kubelet',
        subresource: 'status',
        fieldsV1: { 'f:status': { 'f:allocatable': { '.': {}, 'f:cpu': {} }, 'f:capacity': { '.': {}, 'f:cpu': {} } } },
      },
    ],
  ],
  [
    'an event of the scheduler',
    events as never,
    {
      metadata: { name: 'fresh', namespace: 'default' },
      involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reason: 'Scheduled',
      message: 'm',
      action: 'Binding',
      type: 'Normal',
      reportingComponent: 'default-scheduler',
      reportingInstance: 'here',
    },
    [
      {
        manager: 'kube-scheduler',
        apiVersion: 'events.k8s.io/v1',
        fieldsV1: {
          'f:action': {},
          'f:eventTime': {},
          'f:note': {},
          'f:reason': {},
          'f:regarding': {},
          'f:reportingController': {},
          'f:reportingInstance': {},
          'f:type': {},
        },
      },
    ],
  ],
])('are told of %s', async (_, kind, object, expected) => {
  const { kind: name, namespaced } = kind as unknown as ResourceDefinition;
  const apiVersion = name === 'Lease' ? 'coordination.k8s.io/v1' : 'v1';
  await registry.create(
    kind,
    { apiVersion, kind: name, ...object } as never,
    namespaced ? { namespace: 'default' } : {},
  );
  const told = entries(registry.read(kind, namespaced ? 'default' : '', 'fresh')!.object as KubeObject);
  expect(told).toHaveLength(expected.length);
  expect(told).toMatchObject(expected);
  for (const entry of told)
    expect(entry.fieldsV1).toEqual(
      (expected.find(e => e === expected[told.indexOf(entry)]) as ManagedFieldsEntry).fieldsV1,
    );
});
