import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customResourcesController } from '../../../src/controllers/custom-resources/index.js';
import { daemonSetController } from '../../../src/controllers/daemonset/controller.js';
import { resourceQuotaController } from '../../../src/controllers/resource-quota/index.js';
import { claimProtection } from '../../../src/controllers/storage-protection/index.js';
import type { ResourceDefinition } from '../../../src/resources/definition.js';
import { customResourceDefinitions, pods, priorityClasses } from '../../../src/resources/index.js';
import { type ResourceQuota, resourceQuotas } from '../../../src/resources/resource-quota.js';
import type { Container, Draft, KubeObject, Pod, PodSpec, ResourceList } from '../../../src/resources/types.js';
import { ModelCluster } from '../../support/model-cluster.js';

let cluster: ModelCluster;
beforeEach(async () => {
  cluster = await ModelCluster.start(resourceQuotaController, customResourcesController, claimProtection);
});
afterEach(async () => {
  await cluster.close();
  // Controllers that are refused try again.
  expect(cluster.errors.filter(error => !error.includes('exceeded quota'))).toEqual([]);
});

/** What upstream's end-to-end tests limit. */
const HARD: ResourceList = {
  pods: '5',
  services: '10',
  'services.nodeports': '1',
  'services.loadbalancers': '1',
  replicationcontrollers: '10',
  resourcequotas: '1',
  cpu: '1',
  memory: '500Mi',
  configmaps: '2',
  secrets: '10',
  persistentvolumeclaims: '10',
  'requests.storage': '10Gi',
  'ephemeral-storage': '50Gi',
  'gold.storageclass.storage.k8s.io/persistentvolumeclaims': '10',
  'gold.storageclass.storage.k8s.io/requests.storage': '10Gi',
  'count/replicasets.apps': '5',
  'requests.example.com/dongle': '3',
};

const kind = (resource: string) => cluster.registry.kinds.byResource(resource) as ResourceDefinition<KubeObject>;

async function quota(hard: ResourceList, spec: Partial<ResourceQuota['spec']> = {}, name = 'q'): Promise<void> {
  const metadata = { name, namespace: 'default' };
  await cluster.registry.create(resourceQuotas, {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata,
    spec: { hard, ...spec },
    status: {},
  });
  await cluster.settle();
}

const stored = (name = 'q') => cluster.registry.get(resourceQuotas, 'default', name)!.object;
const used = (name = 'q') => stored(name).status.used!;
/** What is used, less what is not. */
const inUse = (name = 'q') => Object.fromEntries(Object.entries(used(name)).filter(([, amount]) => amount !== '0'));

async function make(resource: string, name: string, content: object = {}): Promise<void> {
  const { group, version, kind: kindName } = kind(resource);
  const apiVersion = group ? `${group}/${version}` : version;
  await cluster.registry.create(kind(resource), {
    apiVersion,
    kind: kindName,
    metadata: { name, namespace: 'default' },
    ...content,
  } as Draft<KubeObject>);
  await cluster.settle();
}

async function remove(resource: string, name: string): Promise<void> {
  await cluster.registry.delete(kind(resource), 'default', name, {
    gracePeriodSeconds: 0,
    propagationPolicy: 'Background',
  });
  await cluster.settle();
}

const container = (requests: ResourceList, limits?: ResourceList, name = 'main'): Container => ({
  name,
  image: 'a:1',
  resources: { requests, ...(limits ? { limits } : {}) },
});

const pod = (name: string, requests: ResourceList = {}, limits?: ResourceList, spec: Partial<PodSpec> = {}) =>
  cluster.pod(name, undefined, { containers: [container(requests, limits)], ...spec });

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'let in',
    error => `${error.code} ${error.message}`,
  );

const template = (labels: Record<string, string>) => ({
  metadata: { labels },
  spec: { containers: [{ name: 'main', image: 'a:1' }] },
});
const claim = (storage: string, storageClassName?: string) => ({
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage } },
    ...(storageClassName ? { storageClassName } : {}),
  },
});

describe('status', () => {
  it('is calculated promptly', async () => {
    await quota(HARD);
    expect(stored().status.hard).toEqual(HARD);
    expect(Object.keys(used()).sort()).toEqual(Object.keys(HARD).sort());
    expect(inUse()).toEqual({ resourcequotas: '1' });
  });

  it('follows what is limited, and counts what was there before', async () => {
    await make('configmaps', 'one');
    await quota({ secrets: '3' });
    expect(stored().status).toEqual({ hard: { secrets: '3' }, used: { secrets: '0' } });
    const changed = stored();
    await cluster.registry.update(resourceQuotas, { ...changed, spec: { hard: { configmaps: '10', cpu: '500m' } } });
    await cluster.settle();
    expect(stored().status).toEqual({ hard: { configmaps: '10', cpu: '500m' }, used: { configmaps: '1', cpu: '0' } });
  });

  it('is counted anew every five minutes', async () => {
    await quota({ configmaps: '5' });
    const wrong = stored();
    await cluster.registry.update(
      resourceQuotas,
      { ...wrong, status: { ...wrong.status, used: { configmaps: '4' } } },
      { subresource: 'status' },
    );
    await cluster.advance(4 * 60_000);
    expect(used()).toEqual({ configmaps: '4' });
    await cluster.advance(60_000);
    expect(used()).toEqual({ configmaps: '0' });
  });

  it('does not count itself to death: charging wakes no recount', async () => {
    await quota({ configmaps: '5' });
    const before = cluster.registry.revision;
    await make('configmaps', 'one');
    expect(cluster.registry.revision - before).toBe(2);
    expect(used()).toEqual({ configmaps: '1' });
  });
});

describe('captures the life of', () => {
  const cases: [string, string, object, ResourceList][] = [
    ['a service', 'services', { spec: { ports: [{ port: 80 }] } }, { services: '1' }],
    [
      'a service with node ports',
      'services',
      { spec: { type: 'NodePort', ports: [{ port: 80 }] } },
      { services: '1', 'services.nodeports': '1' },
    ],
    [
      'a service with a load balancer',
      'services',
      { spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } },
      { services: '1', 'services.nodeports': '1', 'services.loadbalancers': '1' },
    ],
    [
      'a load balancer without node ports',
      'services',
      { spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [{ port: 80 }] } },
      { services: '1', 'services.loadbalancers': '1' },
    ],
    ['a secret', 'secrets', {}, { secrets: '1' }],
    ['a config map', 'configmaps', {}, { configmaps: '1' }],
    [
      'a replication controller',
      'replicationcontrollers',
      { spec: { replicas: 0, selector: { a: 'b' }, template: template({ a: 'b' }) } },
      { replicationcontrollers: '1' },
    ],
    [
      'a replica set',
      'replicasets.apps',
      { spec: { replicas: 0, selector: { matchLabels: { a: 'b' } }, template: template({ a: 'b' }) } },
      { 'count/replicasets.apps': '1' },
    ],
    ['a claim', 'persistentvolumeclaims', claim('1Gi'), { persistentvolumeclaims: '1', 'requests.storage': '1Gi' }],
    [
      'a claim of a class',
      'persistentvolumeclaims',
      claim('1Gi', 'gold'),
      {
        persistentvolumeclaims: '1',
        'requests.storage': '1Gi',
        'gold.storageclass.storage.k8s.io/persistentvolumeclaims': '1',
        'gold.storageclass.storage.k8s.io/requests.storage': '1Gi',
      },
    ],
    [
      'a claim of another class',
      'persistentvolumeclaims',
      claim('1500m', 'bronze'),
      { persistentvolumeclaims: '1', 'requests.storage': '2' },
    ],
  ];
  it.each(cases)('%s', async (_, resource, content, expected) => {
    await quota(HARD);
    await make(resource, 'it', content);
    expect(inUse()).toEqual({ resourcequotas: '1', ...expected });
    await remove(resource, 'it');
    expect(inUse()).toEqual({ resourcequotas: '1' });
  });

  it('a custom resource', async () => {
    await quota({ 'count/widgets.example.com': '1' });
    expect(used()).toEqual({});
    await cluster.registry.create(customResourceDefinitions, {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        names: { plural: 'widgets', kind: 'Widget' },
        scope: 'Namespaced',
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    } as never);
    await cluster.settle();
    expect(used()).toEqual({ 'count/widgets.example.com': '0' });
    await make('widgets.example.com', 'one');
    expect(used()).toEqual({ 'count/widgets.example.com': '1' });
    expect(await refusal(make('widgets.example.com', 'two'))).toBe(
      '403 widgets.example.com "two" is forbidden: exceeded quota: q, requested: count/widgets.example.com=1, used: count/widgets.example.com=1, limited: count/widgets.example.com=1',
    );
    await remove('widgets.example.com', 'one');
    expect(used()).toEqual({ 'count/widgets.example.com': '0' });
  });

  it('a pod', async () => {
    await quota(HARD);
    const asked = { cpu: '500m', memory: '252Mi', 'ephemeral-storage': '30Gi', 'example.com/dongle': '2' };
    await pod('fits', asked, { 'example.com/dongle': '2' });
    const taken = {
      resourcequotas: '1',
      pods: '1',
      cpu: '500m',
      memory: '252Mi',
      'ephemeral-storage': '30Gi',
      'requests.example.com/dongle': '2',
    };
    expect(inUse()).toEqual(taken);
    expect(await refusal(pod('large', { cpu: '600m', memory: '100Mi' }))).toBe(
      '403 pods "large" is forbidden: exceeded quota: q, requested: cpu=600m, used: cpu=500m, limited: cpu=1',
    );
    const dongles = { 'example.com/dongle': '2' };
    expect(await refusal(pod('greedy', { cpu: '500m', memory: '100Mi', ...dongles }, dongles))).toBe(
      '403 pods "greedy" is forbidden: exceeded quota: q, requested: requests.example.com/dongle=2, used: requests.example.com/dongle=2, limited: requests.example.com/dongle=3',
    );
    const running = cluster.getPod('fits')!;
    const containers = [container({ cpu: '100m', memory: '100Mi' })];
    expect(await refusal(cluster.registry.update(pods, { ...running, spec: { ...running.spec, containers } }))).toMatch(
      /^422 /,
    );
    expect(inUse()).toEqual(taken);
    await cluster.deletePod('fits', 0);
    expect(inUse()).toEqual({ resourcequotas: '1' });
  });
});

describe('a pod', () => {
  const said = { cpu: '100m', memory: '10Mi' };

  it.each<[string, ResourceList, Partial<PodSpec>, string]>([
    ['without requests', { 'requests.cpu': '1' }, {}, 'must specify requests.cpu for: main'],
    [
      'without anything, in several containers',
      { cpu: '1', 'limits.memory': '1Gi', 'ephemeral-storage': '1Gi' },
      { containers: [container({}), container({ cpu: '1' }, undefined, 'b'), container({}, undefined, 'c')] },
      'must specify cpu for: c,main; limits.memory for: b,c,main',
    ],
    [
      'with a silent init container',
      { 'limits.cpu': '1' },
      { containers: [container({}, { cpu: '1' })], initContainers: [container({}, undefined, 'init')] },
      'must specify limits.cpu for: init',
    ],
  ])('%s is refused', async (_, hard, spec, why) => {
    await quota(hard);
    expect(await refusal(cluster.pod('silent', undefined, { containers: [container({})], ...spec }))).toBe(
      `403 pods "silent" is forbidden: failed quota: q: ${why}`,
    );
  });

  it('may say it for all its containers', async () => {
    await quota({ cpu: '1', 'limits.cpu': '2' });
    await pod('whole', {}, undefined, { resources: { requests: { cpu: '300m' }, limits: { cpu: '1' } } });
    expect(used()).toEqual({ cpu: '300m', 'limits.cpu': '1' });
  });

  it('counts with its hungriest init container, its sidecars and its overhead', async () => {
    await quota({ cpu: '4', 'limits.cpu': '8', memory: '1Gi' });
    const all = (cpu: string, limit: string, name: string) => container({ cpu, memory: '1Mi' }, { cpu: limit }, name);
    await pod('many', {}, undefined, {
      containers: [all('100m', '1', 'main'), all('200m', '1', 'other')],
      initContainers: [{ ...all('50m', '500m', 'sidecar'), restartPolicy: 'Always' }, all('1', '1', 'init')],
    });
    expect(used()).toEqual({ cpu: '1050m', 'limits.cpu': '2500m', memory: '3Mi' });
  });

  it('is charged at once: of two in one breath only one fits', async () => {
    await quota({ pods: '1' });
    const answers = await Promise.all(['a', 'b'].map(name => refusal(pod(name))));
    expect(answers).toEqual([
      'let in',
      '403 pods "b" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
    ]);
  });

  it('is charged to no quota when it is not made', async () => {
    await quota({ pods: '2' });
    await pod('a');
    const draft = cluster.getPod('a')!;
    await cluster.registry.create(
      pods,
      { ...draft, metadata: { name: 'dry', namespace: 'default' } },
      { dryRun: true },
    );
    expect(await refusal(pod('a'))).toBe('409 pods "a" already exists');
    expect(await refusal(pod('x', { cpu: '-1' }))).toMatch(/^422 /);
    expect(used()).toEqual({ pods: '1' });
  });

  it('is named by its generated name', async () => {
    await quota({ pods: '0' });
    const draft = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { generateName: 'web-', namespace: 'default' },
      spec: { containers: [container({})] },
      status: {},
    };
    expect(await refusal(cluster.registry.create(pods, draft))).toMatch(
      /^403 pods "web-[a-z0-9]{5}" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0$/,
    );
  });

  it('that has ended uses nothing any more, but is still there', async () => {
    await quota({ pods: '1', cpu: '1', 'count/pods': '2' });
    await pod('a', said);
    await cluster.setPodStatus('a', { phase: 'Succeeded' });
    expect(used()).toEqual({ pods: '0', cpu: '0', 'count/pods': '1' });
    await pod('b', said);
    expect(used()).toEqual({ pods: '1', cpu: '100m', 'count/pods': '2' });
    expect(await refusal(pod('c', said))).toContain('count/pods=1,pods=1, used: count/pods=2,pods=1');
  });

  it('that is going and overdue uses nothing any more', async () => {
    await cluster.node('n');
    await quota({ pods: '1' });
    await cluster.pod('lost', 'n');
    await cluster.deletePod('lost', 30);
    expect(used()).toEqual({ pods: '1' });
    await cluster.advance(6 * 60_000);
    expect(cluster.getPod('lost')).toBeDefined();
    expect(used()).toEqual({ pods: '0' });
  });
});

describe('a service', () => {
  it('that comes to ask for more is checked, and gives back what it asks for no more', async () => {
    await quota({ 'services.nodeports': '1' });
    const ports = [
      { name: 'a', port: 80 },
      { name: 'b', port: 81 },
    ];
    await make('services', 'web', { spec: { ports } });
    const change = async (spec: object) => {
      const { object } = cluster.registry.get(kind('services'), 'default', 'web')!;
      await cluster.registry.update(kind('services'), {
        ...object,
        spec: { ...(object as KubeObject & { spec: object }).spec, ...spec },
      } as KubeObject);
      await cluster.settle();
    };
    expect(await refusal(change({ type: 'NodePort' }))).toBe(
      '403 services "web" is forbidden: exceeded quota: q, requested: services.nodeports=2, used: services.nodeports=0, limited: services.nodeports=1',
    );
    await change({ type: 'NodePort', ports: [ports[0]] });
    expect(used()).toEqual({ 'services.nodeports': '1' });
    await change({ type: 'ClusterIP', ports: [ports[1]] });
    expect(used()).toEqual({ 'services.nodeports': '0' });
  });
});

describe('scopes', () => {
  const both = (scopeName: string): Partial<ResourceQuota['spec']>[] => [
    { scopes: [scopeName] },
    { scopeSelector: { matchExpressions: [{ scopeName, operator: 'Exists' }] } },
  ];
  const asked = { cpu: '100m' };
  const pairs: [string, string, ResourceList, ResourceList, Partial<PodSpec>, Partial<PodSpec>][] = [
    ['Terminating', 'NotTerminating', { pods: '5' }, asked, { activeDeadlineSeconds: 3600 }, {}],
    ['BestEffort', 'NotBestEffort', { pods: '5' }, {}, {}, { containers: [container(asked)] }],
  ];
  for (const [yes, no, hard, requests, one, other] of pairs)
    it.each([0, 1])(`${yes} and ${no}, in both ways to say it (%i)`, async way => {
      await quota(hard, both(yes)[way], 'yes');
      await quota(hard, both(no)[way], 'no');
      await pod('one', requests, undefined, one);
      expect([used('yes'), used('no')]).toEqual([{ pods: '1' }, { pods: '0' }]);
      await pod('other', requests, undefined, other);
      expect([used('yes'), used('no')]).toEqual([{ pods: '1' }, { pods: '1' }]);
      await cluster.deletePod('one', 0);
      await cluster.deletePod('other', 0);
      expect([used('yes'), used('no')]).toEqual([{ pods: '0' }, { pods: '0' }]);
    });

  it.each<[string, string[] | undefined, (string | undefined)[], string]>([
    ['In', ['gold'], ['gold'], '1'],
    ['In', ['gold', 'silver'], ['gold', 'silver'], '2'],
    ['In', ['gold'], ['silver', undefined], '0'],
    ['NotIn', ['gold'], ['gold'], '0'],
    ['NotIn', ['gold'], ['silver', undefined], '2'],
    ['Exists', undefined, ['gold', undefined], '1'],
    ['DoesNotExist', undefined, ['gold', undefined], '1'],
  ])('PriorityClass %s %j counts pods of %j: %s', async (operator, values, classes, count) => {
    for (const name of ['gold', 'silver'])
      await cluster.registry.create(priorityClasses, {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name },
        value: 1000,
      });
    const requirement = { scopeName: 'PriorityClass', operator, ...(values ? { values } : {}) };
    await quota({ pods: '2' }, { scopeSelector: { matchExpressions: [requirement] } });
    for (const [i, priorityClassName] of classes.entries())
      await pod(`p${i}`, {}, undefined, priorityClassName ? { priorityClassName } : {});
    expect(used()).toEqual({ pods: count });
  });

  it('CrossNamespacePodAffinity', async () => {
    await quota({ pods: '0' }, { scopes: ['CrossNamespacePodAffinity'] });
    const towards = (more: object): Partial<PodSpec> => ({
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', ...more }],
        },
      },
    });
    expect(await refusal(pod('here', {}, undefined, towards({})))).toBe('let in');
    expect(await refusal(pod('there', {}, undefined, towards({ namespaces: ['other'] })))).toContain('exceeded quota');
    expect(await refusal(pod('all', {}, undefined, towards({ namespaceSelector: {} })))).toContain('exceeded quota');
  });

  it('concern only pods', async () => {
    await quota({ 'count/configmaps': '0' }, { scopes: ['BestEffort'] });
    expect(await refusal(make('configmaps', 'one'))).toBe('let in');
  });
});

describe('the cluster itself', () => {
  it('is bound by quotas: a DaemonSet goes as far as it may', async () => {
    await cluster.close();
    cluster = await ModelCluster.start(resourceQuotaController, daemonSetController);
    await make('daemonsets.apps', 'agent', {
      spec: { selector: { matchLabels: { a: 'b' } }, template: template({ a: 'b' }) },
    });
    await quota({ pods: '2' });
    for (const name of ['a', 'b', 'c']) {
      await cluster.node(name);
      await cluster.setTaints(name);
    }
    expect(cluster.registry.all(pods)).toHaveLength(2);
    expect(used()).toEqual({ pods: '2' });
    expect(cluster.told('FailedCreate')[0]).toMatch(
      /^Error creating: pods "agent-[a-z0-9]{5}" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2$/,
    );
  });

  it('until it is known what is used, nothing more is let in', async () => {
    await quota({ pods: '2' });
    const { metadata } = stored();
    const status = { hard: { pods: '2' } };
    await cluster.registry.update(resourceQuotas, { ...stored(), metadata, status }, { subresource: 'status' });
    expect(await refusal(pod('a'))).toBe('403 pods "a" is forbidden: status unknown for quota: q, resources: pods');
  });
});

describe('a quota is checked', () => {
  it.each<[string, Partial<ResourceQuota['spec']>, string]>([
    [
      'unknown',
      { hard: { nonsense: '1' } },
      'spec.hard[nonsense]: Invalid value: "nonsense": must be a standard resource type or fully qualified',
    ],
    [
      'of containers',
      { hard: { storage: '1' } },
      'spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota',
    ],
    ['negative', { hard: { cpu: '-1' } }, 'spec.hard[cpu]: Invalid value: "-1": must be greater than or equal to 0'],
    ['a fraction', { hard: { pods: '500m' } }, 'spec.hard[pods]: Invalid value: "500m": must be an integer'],
    ['a fraction of objects', { hard: { 'count/jobs.batch': '500m' } }, 'must be an integer'],
    ['an unknown scope', { scopes: ['Odd'] }, 'spec.scopes: Invalid value: ["Odd"]: unsupported scope'],
    [
      'a scope that does not go with it',
      { hard: { configmaps: '1' }, scopes: ['BestEffort'] },
      'unsupported scope applied to resource',
    ],
    ['conflicting scopes', { scopes: ['BestEffort', 'NotBestEffort'] }, 'conflicting scopes'],
    [
      'a selector without values',
      { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In' }] } },
      "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
    ],
    [
      'a plain scope with values',
      { scopeSelector: { matchExpressions: [{ scopeName: 'BestEffort', operator: 'In', values: ['x'] }] } },
      'spec.scopeSelector.matchExpressions.operator: Invalid value: "In": must be \'Exists\' when scope is any of',
    ],
  ])('%s', async (_, spec, why) => {
    expect(await refusal(quota(spec.hard ?? {}, spec))).toContain(why);
  });

  it('and keeps its scopes', async () => {
    await quota({ pods: '1' }, { scopes: ['BestEffort'] });
    const changed = { ...stored(), spec: { hard: { pods: '1' } } };
    expect(await refusal(cluster.registry.update(resourceQuotas, changed))).toContain(
      'spec.scopes: Invalid value: null: field is immutable',
    );
  });
});

it('goes when it is deleted, and binds nobody any more', async () => {
  await quota({ pods: '0' });
  await cluster.registry.delete(resourceQuotas, 'default', 'q');
  expect(await refusal(pod('a'))).toBe('let in');
  expect((cluster.getPod('a') as Pod).metadata.name).toBe('a');
});
