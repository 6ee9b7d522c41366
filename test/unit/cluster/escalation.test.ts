import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.js';
import type { Manifests } from '../../../src/registry/manifests.js';
import type { PolicyRule } from '../../../src/resources/policy-rules.js';
import { pkcs10 } from '../../support/certificate-request.js';

const GROUP = 'rbac.authorization.k8s.io';
const apiVersion = `${GROUP}/v1`;
const CSRS = 'certificates.k8s.io';

/** `get,list` of `pods,pods/log` of the core group; `apps: deployments`; `configmaps one,two` by name; `/metrics`. */
function rule(verbs: string, what: string, names?: string): PolicyRule {
  const list = verbs.split(',').filter(verb => verb !== '');
  if (what.startsWith('/')) return { verbs: list, nonResourceURLs: what.split(',') };
  const [group, resources] = what.includes(': ') ? what.split(': ') : ['', what];
  return {
    verbs: list,
    apiGroups: group!.split(','),
    resources: resources!.split(','),
    ...(names ? { resourceNames: names.split(',') } : {}),
  };
}
type Body = Record<string, unknown> & { kind: string; metadata: object };
const role = (kind: string, name: string, ...rules: PolicyRule[]): Body => ({
  apiVersion,
  kind,
  metadata: { name },
  rules,
});
const aggregated = (name: string): Body => ({
  ...role('ClusterRole', name),
  aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] },
});
/** `role` is `Role/x` or `ClusterRole/x`, `subject` `User/x` or `Group/x`. */
function binding(kind: string, name: string, role: string, subject = 'User/eve'): Body {
  const ref = (text: string) => ({ apiGroup: GROUP, kind: text.split('/')[0], name: text.split('/')[1] });
  return { apiVersion, kind, metadata: { name }, roleRef: ref(role), subjects: [ref(subject)] };
}
const within = (namespace: string, object: Body): Body => ({ ...object, metadata: { ...object.metadata, namespace } });

const SETUP = [
  ...['x', 'y'].map(name => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  role(
    'ClusterRole',
    'delegate',
    rule('create,update,patch,get', `${GROUP}: roles,clusterroles,rolebindings,clusterrolebindings`),
    rule('get,list', 'pods,pods/log'),
    rule('get', 'configmaps', 'one,two'),
    rule('get', '/metrics,/logs/*'),
    rule('update', '*: */scale'),
    rule('patch', `${CSRS}: certificatesigningrequests/approval,certificatesigningrequests/status`),
    rule('approve,sign', `${CSRS}: signers`, 'example.com/*'),
  ),
  binding('ClusterRoleBinding', 'delegate', 'ClusterRole/delegate', 'User/bob'),
  within('x', binding('RoleBinding', 'all', 'ClusterRole/cluster-admin', 'User/bob')),
  role('ClusterRole', 'mayall', rule('escalate', `${GROUP}: roles`), rule('bind', `${GROUP}: clusterroles`, 'view')),
  within('y', binding('RoleBinding', 'mayall', 'ClusterRole/mayall', 'User/bob')),
  role('ClusterRole', 'big', rule('get,delete', ',apps: secrets,deployments')),
  role('Role', 'there', rule('get', 'secrets')),
  aggregated('gathers'),
  binding('ClusterRoleBinding', 'broken', 'ClusterRole/gone', 'Group/lost'),
  within('default', binding('RoleBinding', 'broken', 'Role/gone', 'Group/lost')),
];

let cluster: Cluster;
let url: string;
beforeAll(async () => {
  cluster = await createCluster({ clock: 'virtual', nodes: 0, authorization: 'RBAC' });
  await cluster.apply(SETUP as Manifests);
  await cluster.settled();
  ({ url } = await cluster.listen());
});
afterAll(() => cluster.close());

/** What bob is answered: the code, and the message of a refusal. */
async function bob(method: string, path: string, body: object, groups: readonly string[] = []) {
  const type = method === 'PATCH' ? (path.includes('fieldManager') ? 'apply-patch+yaml' : 'merge-patch+json') : 'json';
  const headers = new Headers({ 'content-type': `application/${type}`, 'Impersonate-User': 'bob' });
  for (const group of groups) headers.append('Impersonate-Group', group);
  const answer = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
  const { message } = (await answer.json()) as { message?: string };
  return answer.ok ? `${answer.status}` : `${answer.status} ${message}`;
}
const pathOf = (kind: string, namespace: string) =>
  `/apis/${apiVersion}/${kind.startsWith('Cluster') ? '' : `namespaces/${namespace}/`}${kind.toLowerCase()}s`;
const create = (body: Body, namespace = 'default') => bob('POST', pathOf(body.kind, namespace), body);
const WHO = 'user "bob" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:';
const refused = (what: string, ...lines: string[]) =>
  `403 ${what.replace('/', `.${GROUP} "`)}" is forbidden: ${[WHO, ...lines].join('\n')}`;

describe('whoever may write roles', () => {
  it.each<[string, Body, string?]>([
    ['what is held', role('Role', 'held', rule('get', 'pods,pods/log'), rule('update', 'apps: deployments/scale'))],
    ['a name of those held', role('Role', 'named', rule('get', 'configmaps', 'one'))],
    ['paths', role('ClusterRole', 'paths', rule('get', '/logs/a,/metrics'))],
    [
      'any name',
      role('Role', 'names', rule('get', 'configmaps')),
      refused('roles/names', '{APIGroups:[""], Resources:["configmaps"], Verbs:["get"]}'),
    ],
    [
      'other names',
      role('Role', 'names', rule('get,list', 'configmaps', 'one,three')),
      refused(
        'roles/names',
        '{APIGroups:[""], Resources:["configmaps"], ResourceNames:["one"], Verbs:["list"]}',
        '{APIGroups:[""], Resources:["configmaps"], ResourceNames:["three"], Verbs:["get" "list"]}',
      ),
    ],
    [
      'other verbs and resources',
      role('Role', 'verbs', rule('get,list,delete,patch', 'pods'), rule('*', 'apps: *')),
      refused(
        'roles/verbs',
        '{APIGroups:[""], Resources:["pods"], Verbs:["delete" "patch"]}',
        '{APIGroups:["apps"], Resources:["*"], Verbs:["*"]}',
      ),
    ],
    [
      'other paths',
      role('ClusterRole', 'paths', rule('get,post', '/logs/a,/x')),
      refused(
        'clusterroles/paths',
        '{NonResourceURLs:["/logs/a"], Verbs:["post"]}',
        '{NonResourceURLs:["/x"], Verbs:["get"]}',
        '{NonResourceURLs:["/x"], Verbs:["post"]}',
      ),
    ],
    [
      'under a name to be drawn',
      { ...role('Role', '', rule('delete', 'pods')), metadata: { generateName: 'drawn-' } },
      refused('roles/', '{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}').replace(' ""', ''),
    ],
    [
      'whatever is gathered',
      aggregated('more'),
      `403 clusterroles.${GROUP} "more" is forbidden: must have cluster-admin privileges to use the aggregationRule`,
    ],
  ])('gives %s', async (_, body, refusal = '201') => {
    expect(await create(body)).toBe(refusal);
  });

  it('gives everything where they have everything, or may escalate', async () => {
    const everything = role('Role', 'everything', rule('*', '*: *'));
    expect([await create(everything, 'x'), await create(everything, 'y')]).toEqual(['201', '201']);
  });

  it('leaves roles as they are that say more', async () => {
    const there = `${pathOf('Role', 'default')}/there`;
    const refusal = refused('roles/there', '{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}');
    expect(await bob('PUT', there, role('Role', 'there', rule('get', 'secrets')))).toBe(`200`);
    expect(await bob('PATCH', there, { metadata: { labels: { a: 'b' } } })).toBe(refusal);
    // What the garbage collector does is for everybody to do.
    expect(await bob('PATCH', there, { metadata: { finalizers: ['example.com/x'] } })).toBe('200');
    expect(await bob('PATCH', `${pathOf('ClusterRole', '')}/gathers`, { aggregationRule: null })).toContain(
      'must have cluster-admin privileges',
    );
  });

  it.each<[string, string, string]>([
    ['PUT', '', 'new'],
    ['PATCH', '?fieldManager=test', 'applied'],
  ])('is held to that by a %s that creates', async (method, query, name) => {
    const path = `${pathOf('Role', 'default')}/${name}${query}`;
    expect(await bob(method, path, role('Role', name, rule('get', 'secrets')))).toBe(
      refused(`roles/${name}`, '{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}'),
    );
  });

  it('is told of roles that could not be found', async () => {
    const body = role('Role', 'more', rule('delete', 'pods'));
    expect(await bob('POST', pathOf('Role', 'default'), body, ['lost'])).toContain(
      `{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}; resolution errors: [[clusterroles.${GROUP} "gone" not found, roles.${GROUP} "gone" not found]]`,
    );
  });
});

describe('whoever may write bindings', () => {
  const big = ['', 'apps'].flatMap(group =>
    ['deployments', 'secrets'].map(
      resource => `{APIGroups:["${group}"], Resources:["${resource}"], Verbs:["get" "delete"]}`,
    ),
  );
  it.each<[string, string, Body, string?]>([
    ['a role that is held', '', binding('ClusterRoleBinding', 'same', 'ClusterRole/delegate')],
    ['everything where it is held', 'x', binding('RoleBinding', 'any', 'ClusterRole/cluster-admin')],
    ['what may be bound', 'y', binding('RoleBinding', 'view', 'ClusterRole/view')],
    ['more', 'default', binding('RoleBinding', 'big', 'ClusterRole/big'), refused('rolebindings/big', ...big)],
    [
      'more, everywhere',
      '',
      binding('ClusterRoleBinding', 'big', 'ClusterRole/big'),
      refused('clusterrolebindings/big', ...big),
    ],
    ['no role', 'default', binding('RoleBinding', 'no', 'Role/nobody'), `404 roles.${GROUP} "nobody" not found`],
    ['no kind of role', 'default', binding('RoleBinding', 'no', 'Foo/x'), '500 unsupported role reference kind: "Foo"'],
  ])('binds %s', async (_, namespace, body, refusal = '201') => {
    expect(await create(body, namespace)).toBe(refusal);
  });
});

describe('requests for certificates', () => {
  const path = (name: string, subresource: string) =>
    `/apis/${CSRS}/v1/certificatesigningrequests/${name}/${subresource}`;
  const conditions = (type: string) => ({
    status: { conditions: [{ type, status: 'True', reason: 'Test', message: '' }] },
  });
  beforeAll(async () => {
    const request = await pkcs10('CN=bob');
    await cluster.apply(
      ['example', 'other'].map(name => ({
        apiVersion: `${CSRS}/v1`,
        kind: 'CertificateSigningRequest',
        metadata: { name },
        spec: { request, signerName: `${name}.com/mine`, usages: ['client auth'] },
      })),
    );
  });

  it('are approved and signed by those who may', async () => {
    expect(await bob('PATCH', path('example', 'approval'), conditions('Approved'))).toBe('200');
    expect(await bob('PATCH', path('example', 'status'), { status: { certificate: null } })).toBe('200');
  });

  it.each([
    ['approval', 'Approved', 'approve'],
    ['status', 'Failed', 'sign'],
  ])('are left alone by others: %s', async (subresource, condition, verb) => {
    expect(await bob('PATCH', path('other', subresource), conditions(condition))).toBe(
      `403 certificatesigningrequests.${CSRS} "other" is forbidden: user not permitted to ${verb} requests with signerName "other.com/mine"`,
    );
    // Nobody minds what changes nothing.
    if (subresource === 'status') expect(await bob('PATCH', path('other', subresource), { status: {} })).toBe('200');
  });
});
