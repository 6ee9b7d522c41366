import supertest from 'supertest';
import { afterEach, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.js';
import { pods } from '../../../src/resources/index.js';

/** What users see that others do not. */
let cluster: Cluster;
afterEach(() => cluster.close());

const role = (user: string, resources: string) => `
  {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: ${user}}, rules: [
    {nonResourceURLs: [/graphql], verbs: [post]}, {apiGroups: ["", apps, discovery.k8s.io], resources: [${resources}], verbs: [get, list]}]}
  ---
  {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: ${user}},
   roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${user}},
   subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: ${user}}]}`;

async function start(...roles: string[]): Promise<void> {
  cluster = await createCluster({ clock: 'virtual', nodes: 2, authorization: 'RBAC' });
  await cluster.apply(roles.join('\n  ---'));
}

async function ask(user: string, query: string) {
  const { body } = await supertest(cluster.app).post('/graphql').set('impersonate-user', user).send({ query });
  expect(body.errors).toBeUndefined();
  return body.data;
}

it('tells what the controller could not do, as its events have it, to those alone who may list events', async () => {
  await start(role('eve', 'nodes, pods, daemonsets'), role('bob', 'nodes, pods, daemonsets, events'));
  await cluster.apply(`
    {apiVersion: v1, kind: ResourceQuota, metadata: {name: none, namespace: default}, spec: {hard: {pods: "0"}}}
    ---
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: {name: agent}
    spec:
      selector: {matchLabels: {app: agent}}
      template: {metadata: {labels: {app: agent}}, spec: {containers: [{name: m, image: x}]}}`);
  await cluster.advance('5s');
  const query =
    '{ explain(daemonSet: "agent", node: "node-1") { actual reason } placements(first: 1) { nodes { reason } } }';
  const bob = await ask('bob', query);
  expect(bob.explain).toMatchObject({ actual: 'MISSING', reason: expect.stringContaining('exceeded quota') });
  const eve = await ask('eve', query);
  expect(eve.explain).toEqual({ actual: 'MISSING', reason: 'a pod is wanted, and the controller has not made it yet' });
  expect(eve.placements.nodes[0].reason).toBe(eve.explain.reason);
});

it('leads from a Service to the pods in its slices, where there are some that the user may see', async () => {
  await start(role('eve', 'services, pods'), role('bob', 'services, pods, endpointslices'));
  await cluster.apply(`
    {apiVersion: v1, kind: Service, metadata: {name: web, namespace: default}, spec: {selector: {app: web}, ports: [{port: 80}]}}
    ---
    {apiVersion: v1, kind: Service, metadata: {name: byhand, namespace: default}, spec: {ports: [{port: 80}]}}
    ---
    {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: default, labels: {app: web}}, spec: {containers: [{name: m, image: x}]}}
    ---
    {apiVersion: v1, kind: Pod, metadata: {name: ended, namespace: default, labels: {app: web}}, spec: {restartPolicy: Never, containers: [{name: m, image: x}]}}
    ---
    {apiVersion: v1, kind: Pod, metadata: {name: other, namespace: default}, spec: {containers: [{name: m, image: x}]}}`);
  await cluster.comeToRest();
  const { object: ended } = cluster.registry.get(pods, 'default', 'ended')!;
  await cluster.registry.update(
    pods,
    { ...ended, status: { ...ended.status, phase: 'Succeeded' } },
    { subresource: 'status' },
  );
  const { uid } = cluster.registry.get(pods, 'default', 'other')!;
  await cluster.apply(`
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: byhand-1, namespace: default, labels: {kubernetes.io/service-name: byhand}}
    addressType: IPv4
    endpoints: [{addresses: [10.1.2.3], targetRef: {kind: Pod, namespace: default, name: other, uid: ${uid}}}]`);
  await cluster.comeToRest();
  const query =
    '{ web: service(name: "web") { pods { nodes { name } } } byhand: service(name: "byhand") { pods { nodes { name } } } }';
  const named = (names: string[]) => ({ pods: { nodes: names.map(name => ({ name })) } });
  expect(await ask('bob', query)).toEqual({ web: named(['web']), byhand: named(['other']) });
  // By the selector alone.
  expect(await ask('eve', query)).toEqual({ web: named(['ended', 'web']), byhand: named([]) });
});
