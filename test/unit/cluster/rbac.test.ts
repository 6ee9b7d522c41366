import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.js';

/** A whole cluster with RBAC, asked over HTTP by people whom the administrator impersonates. */
describe('a cluster with RBAC', () => {
  let cluster: Cluster;
  let url: string;
  beforeAll(async () => {
    cluster = await createCluster({ clock: 'virtual', nodes: 1, authorization: 'RBAC' });
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'vera' }];
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    await cluster.apply([
      { apiVersion, kind: 'RoleBinding', metadata: { name: 'vera' }, roleRef, subjects },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'hidden' } },
    ]);
    await cluster.settled();
    ({ url } = await cluster.listen());
  });
  afterAll(() => cluster.close());

  const ask = async (user: string | undefined, path: string, method = 'GET', body?: object) => {
    const headers = { 'content-type': 'application/json', ...(user ? { 'Impersonate-User': user } : {}) };
    const answer = await fetch(url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    return {
      code: answer.status,
      body: (await answer.json().catch(() => ({}))) as { message?: string; [key: string]: unknown },
    };
  };
  const core = '/api/v1/namespaces/default';

  it.each<[string | undefined, string, string, string | undefined]>([
    [undefined, 'GET', '/api/v1/secrets', undefined],
    ['vera', 'GET', `${core}/pods`, undefined],
    ['vera', 'GET', '/api', undefined],
    ['vera', 'GET', core, undefined],
    [
      'vera',
      'GET',
      `${core}/secrets`,
      'secrets is forbidden: User "vera" cannot list resource "secrets" in API group "" in the namespace "default"',
    ],
    [
      'vera',
      'GET',
      `${core}/secrets/hidden`,
      'secrets "hidden" is forbidden: User "vera" cannot get resource "secrets" in API group "" in the namespace "default"',
    ],
    [
      'vera',
      'GET',
      '/api/v1/nodes?watch=1',
      'nodes is forbidden: User "vera" cannot watch resource "nodes" in API group "" at the cluster scope',
    ],
    [
      'vera',
      'DELETE',
      `${core}/pods/x`,
      'pods "x" is forbidden: User "vera" cannot delete resource "pods" in API group "" in the namespace "default"',
    ],
    [
      'vera',
      'GET',
      '/apis/metrics.k8s.io/v1beta1/nodes',
      'nodes.metrics.k8s.io is forbidden: User "vera" cannot list resource "nodes" in API group "metrics.k8s.io" at the cluster scope',
    ],
    ['vera', 'GET', '/metrics', 'forbidden: User "vera" cannot get path "/metrics"'],
    ['vera', 'POST', '/graphql', 'forbidden: User "vera" cannot post path "/graphql"'],
  ])('%s: %s %s', async (user, method, path, refusal) => {
    const { code, body } = await ask(user, path, method);
    if (refusal === undefined) expect(code).toBe(200);
    else expect([code, body.message]).toEqual([403, refusal]);
  });

  it('lets GraphQL show what REST would, to who may ask it at all', async () => {
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    await cluster.apply([
      {
        apiVersion,
        kind: 'ClusterRole',
        metadata: { name: 'asker' },
        rules: [{ nonResourceURLs: ['/graphql'], verbs: ['get', 'post'] }],
      },
      {
        apiVersion,
        kind: 'ClusterRoleBinding',
        metadata: { name: 'asker' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'asker' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'gita' }],
      },
    ]);
    const query = '{ cluster { nodeCount } }';
    expect((await ask(undefined, '/graphql', 'POST', { query })).body).toMatchObject({
      data: { cluster: { nodeCount: 1 } },
    });
    const { code, body } = await ask('gita', '/graphql', 'POST', { query });
    expect([code, body.data]).toEqual([200, null]);
    expect(body.errors).toMatchObject([
      {
        message: 'nodes is forbidden: User "gita" cannot list resource "nodes" in API group "" at the cluster scope',
        extensions: { code: 'FORBIDDEN', status: { kind: 'Status', code: 403 } },
      },
    ]);
  });

  it('tells beforehand', async () => {
    const spec = { user: 'vera', resourceAttributes: { verb: 'list', resource: 'pods', namespace: 'default' } };
    const { body } = await ask(undefined, '/apis/authorization.k8s.io/v1/subjectaccessreviews', 'POST', { spec });
    expect(body.status).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "vera/default" of ClusterRole "view" to User "vera"',
    });
    expect((await ask('vera', '/apis/authentication.k8s.io/v1/selfsubjectreviews', 'POST', {})).code).toBe(201);
  });

  it.each([
    ['extensions', 'daemonsets', true],
    ['extensions', 'daemonsets/status', true],
    ['extensions', 'podsecuritypolicies', false],
  ])('lets people look at what is in %s still: %s %s', async (group, name, allowed) => {
    const [resource, subresource] = name.split('/');
    const resourceAttributes = { namespace: 'default', verb: 'list', group, resource, subresource };
    const spec = { user: 'vera', resourceAttributes };
    const { body } = await ask(undefined, '/apis/authorization.k8s.io/v1/subjectaccessreviews', 'POST', { spec });
    expect(body.status).toMatchObject({ allowed });
  });

  it('asks for leave to create of a PUT that creates', async () => {
    const rules = [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['update'] }];
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    await cluster.apply([
      { apiVersion, kind: 'Role', metadata: { name: 'renew' }, rules },
      {
        apiVersion,
        kind: 'RoleBinding',
        metadata: { name: 'renew' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'renew' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'rene' }],
      },
    ]);
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'x' }, spec: {} };
    const path = '/apis/coordination.k8s.io/v1/namespaces/default/leases/x';
    expect(await ask('rene', path, 'PUT', lease)).toMatchObject({
      code: 403,
      body: { message: expect.stringContaining('cannot create resource "leases"') },
    });
  });

  it('asks for leave to create of an apply that creates', async () => {
    const rules = [{ verbs: ['get', 'patch'], apiGroups: [''], resources: ['configmaps'] }];
    const group = 'rbac.authorization.k8s.io';
    await cluster.apply([
      { apiVersion: `${group}/v1`, kind: 'Role', metadata: { name: 'patcher' }, rules },
      {
        apiVersion: `${group}/v1`,
        kind: 'RoleBinding',
        metadata: { name: 'patcher' },
        roleRef: { apiGroup: group, kind: 'Role', name: 'patcher' },
        subjects: [{ apiGroup: group, kind: 'User', name: 'paula' }],
      },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'there' } },
    ]);
    const apply = async (name: string) => {
      const headers = { 'content-type': 'application/apply-patch+yaml', 'Impersonate-User': 'paula' };
      const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: '1' } });
      return (await fetch(`${url}${core}/configmaps/${name}?fieldManager=t`, { method: 'PATCH', headers, body }))
        .status;
    };
    expect([await apply('there'), await apply('new')]).toEqual([200, 403]);
  });

  it('puts roles together of what is labelled for them', async () => {
    const rule = { verbs: ['get'], apiGroups: ['example.com'], resources: ['widgets'] };
    const labels = { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' };
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    await cluster.apply({ apiVersion, kind: 'ClusterRole', metadata: { name: 'a-widgets', labels }, rules: [rule] });
    await cluster.settled();
    for (const role of ['view', 'edit', 'admin']) {
      const { body } = await ask(undefined, `/apis/rbac.authorization.k8s.io/v1/clusterroles/${role}`);
      expect(body.rules).toContainEqual(rule);
    }
  });

  it('asks who may speak for whom', async () => {
    const token = await ask(undefined, `${core}/serviceaccounts/default/token`, 'POST', {});
    const bearer = (token.body as { status: { token: string } }).status.token;
    const headers = { authorization: `Bearer ${bearer}`, 'Impersonate-User': 'kubernetes-admin' };
    const answer = await fetch(`${url}${core}/pods`, { headers });
    expect([answer.status, ((await answer.json()) as { message: string }).message]).toEqual([
      403,
      'users "kubernetes-admin" is forbidden: User "system:serviceaccount:default:default" cannot impersonate resource "users" in API group "" at the cluster scope',
    ]);
  });
});
