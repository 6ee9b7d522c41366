import { beforeAll, describe, expect, it } from 'vitest';
import { RbacAuthorizer } from '../../../src/access/rbac.js';
import type { Registry } from '../../../src/registry/registry.js';
import type { CustomResourceDefinition } from '../../../src/resources/custom/types.js';
import {
  configMaps,
  cronJobs,
  customResourceDefinitions,
  deployments,
  events,
  jobs,
  pods,
  priorityClasses,
  replicaSets,
  services,
} from '../../../src/resources/index.js';
import type { KubeObject, Pod } from '../../../src/resources/types.js';
import type { Entry } from '../../../src/store/entry.js';
import { askGraph, queryGraph, selection } from '../../support/graph.js';
import { openRegistry, type TestRegistry } from '../../support/registry.js';
import { addDaemonPod, addDaemonSet, addNode } from '../../support/small-cluster.js';

const ownedBy = ({ object, name, uid }: Entry) => [
  { apiVersion: object.apiVersion, kind: object.kind, name, uid, controller: true },
];
const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'web:1' }] } };
const selector = { matchLabels: { app: 'web' } };

const ESTABLISHED = { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: '' };

let registry: TestRegistry;

async function addPod(name: string, owner: Entry, more: Partial<Pod['status']> = {}, node = 'n1') {
  const draft = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: { app: 'web' }, ownerReferences: ownedBy(owner) },
    spec: { ...template.spec, nodeName: node, priorityClassName: 'important', priority: 1000 },
    status: {},
  };
  const { object } = await registry.create<Pod>(pods, draft as never);
  await registry.update<Pod>(pods, { ...object, status: { phase: 'Running', ...more } }, { subresource: 'status' });
}

/** A Deployment with two ReplicaSets, a CronJob with a Job, a Service over their pods, events, and a custom kind. */
beforeAll(async () => {
  registry = await openRegistry(['default', 'shop']);
  const create = <T extends KubeObject>(kind: unknown, draft: unknown) =>
    registry.create<T>(kind as never, draft as never);
  await addNode(registry, 'n1', { labels: { 'topology.kubernetes.io/zone': 'a' } });
  await addNode(registry, 'n2', {
    labels: { 'topology.kubernetes.io/zone': 'b' },
    taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }],
    unschedulable: true,
  });
  await create(priorityClasses, {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'important' },
    value: 1000,
  });
  await create(priorityClasses, {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'all-important' },
    value: 9000,
    description: 'above all',
  });
  const apps = { apiVersion: 'apps/v1' };
  const deployment = await create(deployments, {
    ...apps,
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { replicas: 3, selector, template },
  });
  const replicaSet = (name: string) =>
    create(replicaSets, {
      ...apps,
      kind: 'ReplicaSet',
      metadata: { name, namespace: 'shop', labels: { app: 'web' }, ownerReferences: ownedBy(deployment) },
      spec: { replicas: 2, selector, template },
    });
  const [older, newer] = [await replicaSet('web-1'), await replicaSet('web-2')];
  const started = (restartCount: number) => ({
    containerStatuses: [{ name: 'main', image: 'web:1', imageID: '', ready: true, restartCount }],
  });
  const READY: Partial<Pod['status']> = { conditions: [{ type: 'Ready', status: 'True' }] };
  await addPod('web-1-a', older, { ...READY, ...started(2) });
  await registry.clock.moveTo(registry.clock.now() + 60_000);
  await addPod('web-2-a', newer, { ...READY, ...started(7) }, 'n2');
  await addPod('web-2-b', newer, { phase: 'Failed' });
  const batch = { apiVersion: 'batch/v1' };
  const podTemplate = { metadata: {}, spec: { ...template.spec, restartPolicy: 'Never' } };
  const cron = await create(cronJobs, {
    ...batch,
    kind: 'CronJob',
    metadata: { name: 'nightly', namespace: 'shop' },
    spec: { schedule: '0 0 * * *', jobTemplate: { spec: { template: podTemplate } } },
  });
  const job = await create(jobs, {
    ...batch,
    kind: 'Job',
    metadata: { name: 'nightly-1', namespace: 'shop', ownerReferences: ownedBy(cron) },
    spec: { template: podTemplate },
  });
  await addPod('nightly-1-x', job, {});
  await create(services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
  });
  await create(services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'elsewhere', namespace: 'shop' },
    spec: { type: 'ExternalName', externalName: 'example.org' },
  });
  const event = (name: string, type: string, reason: string, lastTimestamp: string) =>
    create(events, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace: 'shop' },
      involvedObject: { ...apps, kind: 'Deployment', namespace: 'shop', name: 'web', uid: deployment.uid },
      reason,
      message: `Told of ${reason}`,
      type,
      count: 3,
      lastTimestamp,
      source: { component: 'deployment-controller' },
    });
  await event('web.1', 'Normal', 'ScalingReplicaSet', '2026-01-01T00:00:00Z');
  await event('web.2', 'Warning', 'FailedCreate', '2026-01-02T00:00:00Z');
  await create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'shop', labels: { tier: 'Front' } },
    data: { a: 'b' },
  });
  const definition = await create<CustomResourceDefinition>(customResourceDefinitions, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Cluster',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  });
  await registry.update(
    customResourceDefinitions,
    { ...definition.object, status: { ...definition.object.status, conditions: [ESTABLISHED] } } as never,
    { subresource: 'status' },
  );
  const agent = await addDaemonSet(registry, 'agent');
  await addDaemonPod(registry, agent, 'n1');
});

const ask = (query: string, variables?: Record<string, unknown>) => askGraph(registry, query, { variables });
const names = (page: { nodes: { name: string }[] }) => page.nodes.map(({ name }) => name);

describe('edges', () => {
  it('lead from a pod up through all its owners, and down again', async () => {
    const { pod, workloads, cron, rollouts } = await ask(`{
      pod(namespace: "shop", name: "web-2-a") {
        owners { __typename kind name ... on Workload { children { name } pods { nodes { name } } } }
        metadata { ownerReferences { owner { __typename name } } }
        services { name }
        priorityClass { value }
        inNamespace { name phase }
      }
      workloads(namespace: "shop", kind: "Deployment") {
        nodes { name replicas readyReplicas updatedReplicas images children { name kind replicas } owners { name } }
      }
      rollouts: workloads(namespace: "shop") { nodes { kind name rollout { desired updated done message } } }
      cron: workloads(kind: "CronJob") { nodes { replicas images children { kind replicas } pods { nodes { name } } } }
    }`);
    expect(pod.owners).toEqual([
      {
        __typename: 'Workload',
        kind: 'ReplicaSet',
        name: 'web-2',
        children: [],
        pods: { nodes: [{ name: 'web-2-a' }, { name: 'web-2-b' }] },
      },
      {
        __typename: 'Workload',
        kind: 'Deployment',
        name: 'web',
        children: [{ name: 'web-2' }, { name: 'web-1' }],
        pods: { nodes: [{ name: 'web-1-a' }, { name: 'web-2-a' }, { name: 'web-2-b' }] },
      },
    ]);
    expect(pod.metadata.ownerReferences).toEqual([{ owner: { __typename: 'Workload', name: 'web-2' } }]);
    expect([pod.services, pod.priorityClass, pod.inNamespace]).toEqual([
      [{ name: 'web' }],
      { value: 1000 },
      { name: 'shop', phase: 'Active' },
    ]);
    expect(workloads.nodes).toEqual([
      {
        name: 'web',
        replicas: 3,
        readyReplicas: 0,
        updatedReplicas: null,
        images: ['web:1'],
        children: [
          { name: 'web-2', kind: 'ReplicaSet', replicas: 2 },
          { name: 'web-1', kind: 'ReplicaSet', replicas: 2 },
        ],
        owners: [],
      },
    ]);
    expect(cron.nodes).toEqual([
      {
        replicas: null,
        images: ['web:1'],
        children: [{ kind: 'Job', replicas: 1 }],
        pods: { nodes: [{ name: 'nightly-1-x' }] },
      },
    ]);
    const message = 'Waiting for deployment spec update to be observed...';
    expect(rollouts.nodes.filter((one: { rollout: unknown }) => one.rollout)).toEqual([
      { kind: 'Deployment', name: 'web', rollout: { desired: 3, updated: 0, done: false, message } },
    ]);
  });

  it('lead from a namespace to all that is in it, and from a Service to its pods', async () => {
    const { namespace, service, elsewhere } = await ask(`{
      namespace(name: "shop") {
        pods(phase: [FAILED]) { nodes { name } } services { nodes { name } } daemonSets { totalCount }
        workloads { nodes { kind name } }
      }
      service(namespace: "shop", name: "web") {
        type selector ports { name protocol port targetPort nodePort }
        pods { totalCount } ready: pods(ready: true) { nodes { name } }
      }
      elsewhere: service(namespace: "shop", name: "elsewhere") { type selector pods { totalCount } }
    }`);
    expect(namespace.pods.nodes).toEqual([{ name: 'web-2-b' }]);
    expect([names(namespace.services), namespace.daemonSets.totalCount]).toEqual([['elsewhere', 'web'], 0]);
    expect(namespace.workloads.nodes.map((w: { kind: string; name: string }) => `${w.kind}/${w.name}`)).toEqual([
      'CronJob/nightly',
      'Job/nightly-1',
      'Deployment/web',
      'ReplicaSet/web-1',
      'ReplicaSet/web-2',
    ]);
    expect(service).toMatchObject({ type: 'ClusterIP', selector: 'app=web', pods: { totalCount: 4 } });
    expect(service.ports).toEqual([{ name: 'http', protocol: 'TCP', port: 80, targetPort: '8080', nodePort: null }]);
    expect(names(service.ready)).toEqual(['web-1-a', 'web-2-a']);
    expect(elsewhere).toEqual({ type: 'ExternalName', selector: null, pods: { totalCount: 0 } });
  });

  it('lead from an object to its events, newest first, and back', async () => {
    const { workloads, warnings, about, reasons } = await ask(`{
      workloads(kind: "Deployment") { nodes {
        events { totalCount nodes { type reason message count component lastTimestamp aboutKind aboutName about { kind name } } }
        warnings: events(type: "Warning") { nodes { reason } }
      } }
      warnings: events(type: "Warning") { nodes { reason } }
      about: events(kind: "Deployment", name: "web", text: "told of scaling") { nodes { reason } }
      reasons: events(namespace: "default", reason: "FailedCreate") { totalCount }
    }`);
    const [{ events: told, warnings: ofIt }] = workloads.nodes;
    expect(told.nodes).toMatchObject([{ reason: 'FailedCreate' }, { reason: 'ScalingReplicaSet' }]);
    expect(told.nodes[0]).toEqual({
      type: 'Warning',
      reason: 'FailedCreate',
      message: 'Told of FailedCreate',
      count: 3,
      component: 'deployment-controller',
      lastTimestamp: '2026-01-02T00:00:00Z',
      aboutKind: 'Deployment',
      aboutName: 'web',
      about: { kind: 'Deployment', name: 'web' },
    });
    expect([ofIt, warnings]).toEqual([
      { nodes: [{ reason: 'FailedCreate' }] },
      { nodes: [{ reason: 'FailedCreate' }] },
    ]);
    expect([names(about), reasons.totalCount]).toEqual([[undefined], 0]);
    expect(about.nodes).toEqual([{ reason: 'ScalingReplicaSet' }]);
  });
});

describe('filters and orders', () => {
  it.each<[string, string[]]>([
    ['pods(ready: true, namespace: "shop")', ['web-1-a', 'web-2-a']],
    ['pods(ready: false, owner: "web-2")', ['web-2-b']],
    ['pods(zone: "b")', ['web-2-a']],
    ['pods(owner: "Deployment/web")', ['web-1-a', 'web-2-a', 'web-2-b']],
    ['pods(owner: "DaemonSet/agent")', ['agent-n1']],
    ['pods(owner: "ReplicaSet/web")', []],
    ['pods(text: "WEB-2")', ['web-2-a', 'web-2-b']],
    ['pods(orderBy: RESTARTS, namespace: "shop", first: 2)', ['web-2-a', 'web-1-a']],
    ['pods(orderBy: PROBLEMS_FIRST)', ['web-2-b', 'nightly-1-x', 'agent-n1', 'web-1-a', 'web-2-a']],
    ['pods(orderBy: OLDEST, namespace: "shop", first: 1)', ['web-1-a']],
    ['pods(orderBy: NEWEST, namespace: "shop", last: 1)', ['web-1-a']],
    ['nodes(zone: "a")', ['n1']],
    ['nodes(taint: "gpu")', ['n2']],
    ['nodes(taint: "gpu=yes:NoSchedule")', ['n2']],
    ['nodes(taint: "gpu=no")', []],
    ['nodes(unschedulable: false)', ['n1']],
    ['nodes(text: "zone=b")', ['n2']],
    ['namespaces', ['default', 'shop']],
    ['services(text: "else")', ['elsewhere']],
    ['priorityClasses', ['all-important', 'important']],
    ['daemonSets(text: "age")', ['agent']],
    ['workloads(text: "nightly", orderBy: NEWEST)', ['nightly', 'nightly-1']],
    ['workloads(text: "SHOP  ly-1")', ['nightly-1']],
    ['workloads(text: "shop agent")', []],
    ['objects(kind: "cm", text: "front")', ['settings']],
    ['objects(kind: "ConfigMap", labelSelector: "tier=Front")', ['settings']],
    ['objects(kind: "deployments.apps", apiVersion: "apps/v1", namespace: "shop")', ['web']],
    ['objects(kind: "pods", fieldSelector: "spec.nodeName=n2")', ['web-2-a']],
    ['objects(kind: "crd")', ['widgets.example.com']],
    ['objects(kind: "widget")', []],
  ])('%s', async (field, expected) => {
    const data = await ask(`{ ${field} { totalCount nodes { name } } }`);
    expect(names(Object.values(data)[0] as never)).toEqual(expected);
  });

  it('leaf through any order', async () => {
    const found: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { pods: page } = await ask(
        'query($after: String) { pods(orderBy: RESTARTS, first: 2, after: $after) { nodes { name } pageInfo { endCursor hasNextPage } } }',
        { after },
      );
      found.push(...names(page));
      [after, more] = [page.pageInfo.endCursor, page.pageInfo.hasNextPage];
    }
    expect(found).toEqual(['web-2-a', 'web-1-a', 'agent-n1', 'nightly-1-x', 'web-2-b']);
  });
});

describe('objects of any kind', () => {
  it('are there as JSON, and found again by their global ids', async () => {
    await registry.create(registry.kinds.byKind('example.com/v1', 'Widget')!, {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w' },
    });
    const { object, widget, kinds } = await ask(`{
      object(kind: "configmap", namespace: "shop", name: "settings") { __typename id json }
      widget: object(kind: "Widget", name: "w") { id apiVersion ... on GenericObject { namespace } }
      kinds { group kind plural namespaced }
    }`);
    expect(object).toMatchObject({ __typename: 'GenericObject', json: { data: { a: 'b' } } });
    expect(widget).toMatchObject({ apiVersion: 'example.com/v1', namespace: null });
    for (const { id } of [object, widget]) {
      expect(await ask('query($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: { id } });
    }
    expect(kinds).toContainEqual({ group: 'example.com', kind: 'Widget', plural: 'widgets', namespaced: false });
    expect(kinds).toContainEqual({ group: 'apps', kind: 'Deployment', plural: 'deployments', namespaced: true });
  });

  it('are refused where there is no such kind, or nobody may see it', async () => {
    const { errors } = await queryGraph(registry, '{ objects(kind: "Unicorn") { totalCount } }');
    expect(errors!.map(error => error.message)).toEqual(['there is no kind Unicorn']);
    const guarded: Registry = await registry.past(registry.revision);
    guarded.authorizer = new RbacAuthorizer(guarded);
    const refused = await queryGraph(guarded, '{ objects(kind: "secrets", namespace: "shop") { totalCount } }', {
      user: { name: 'vera', groups: [] },
    });
    expect(refused.errors!.map(error => error.message)).toEqual([
      'secrets is forbidden: User "vera" cannot list resource "secrets" in API group "" in the namespace "shop"',
    ]);
  });

  it.each(['namespaces', 'services', 'workloads', 'events', 'priorityClasses', 'objects(kind: "configmaps")'])(
    'have a resolver for every field: %s',
    async field => {
      const types: Record<string, string> = { 'objects(kind: "configmaps")': 'KubernetesObject' };
      const type = types[field] ?? `${field[0]!.toUpperCase()}${field.slice(1).replace(/(?<=sse)s$|s$/, '')}`;
      const named = type.replace('Classe', 'Class');
      const data = await ask(`{ ${field} ${selection(`${named}Connection`, 4)} }`);
      expect(Object.values(data)[0]).toMatchObject({ totalCount: expect.any(Number) });
    },
  );
});
