import { beforeAll, describe, expect, it } from 'vitest';
import { RbacAuthorizer } from '../../../src/access/rbac.js';
import { ADMIN, type User } from '../../../src/access/user.js';
import { accountGroups, accountUserName } from '../../../src/resources/account-names.js';
import type { ResourceDefinition } from '../../../src/resources/definition.js';
import { access } from '../../../src/resources/plain/access.js';
import { RBAC_GROUP } from '../../../src/resources/policy-rules.js';
import { openRegistry, type TestRegistry } from '../../support/registry.js';

const apiVersion = `${RBAC_GROUP}/v1`;
const BOB: User = { name: 'bob', groups: ['devs', 'system:authenticated'] };
const ROBOT: User = { name: accountUserName('default', 'robot'), groups: accountGroups('default') };

let registry: TestRegistry;
let rbac: RbacAuthorizer;
beforeAll(async () => {
  registry = await openRegistry(['default', 'x']);
  rbac = new RbacAuthorizer(registry);
  const create = (kind: string, name: string, namespace: string | undefined, rest: object) => {
    const definition = access.find(one => one.kind === kind) as ResourceDefinition;
    const metadata = { name, ...(namespace ? { namespace } : {}) };
    return registry.create(definition, { apiVersion, kind, metadata, ...rest });
  };
  const bind = (name: string, role: string, subject: object, namespace?: string, kind = 'ClusterRole') =>
    create(namespace ? 'RoleBinding' : 'ClusterRoleBinding', name, namespace, {
      roleRef: { apiGroup: RBAC_GROUP, kind, name: role },
      subjects: [subject],
    });
  await create('ClusterRole', 'reader', undefined, {
    rules: [
      { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods', 'pods/log'] },
      { verbs: ['get'], apiGroups: ['apps'], resources: ['daemonsets'], resourceNames: ['agent'] },
      { verbs: ['*'], apiGroups: ['*'], resources: ['*/scale'] },
    ],
  });
  await create('ClusterRole', 'looker', undefined, {
    rules: [{ verbs: ['get'], nonResourceURLs: ['/metrics', '/logs/*'] }],
  });
  await create('Role', 'writer', 'x', {
    rules: [{ verbs: ['create'], apiGroups: [''], resources: ['pods'] }],
  });
  await bind('readers', 'reader', { kind: 'Group', apiGroup: RBAC_GROUP, name: 'devs' }, 'default');
  await bind('lookers', 'looker', { kind: 'User', apiGroup: RBAC_GROUP, name: 'bob' });
  await bind('robots', 'reader', { kind: 'ServiceAccount', name: 'robot', namespace: 'default' });
  await bind('writers', 'writer', { kind: 'User', apiGroup: RBAC_GROUP, name: 'bob' }, 'x', 'Role');
  await bind('broken', 'gone', { kind: 'User', apiGroup: RBAC_GROUP, name: 'eve' });
});

/** `verb group/resource/subresource name in namespace`, shortened. */
const ask = (
  user: User,
  verb: string,
  resource: string,
  namespace = '',
  more: { group?: string; name?: string } = {},
) => {
  const [plural = '', subresource = ''] = resource.split('/');
  return rbac.resource(user, { verb, group: '', resource: plural, subresource, namespace, name: '', ...more });
};

describe('roles', () => {
  it.each<[string, boolean, () => { allowed: boolean }]>([
    ['what a role says, where it is bound', true, () => ask(BOB, 'list', 'pods', 'default')],
    ['another verb', false, () => ask(BOB, 'delete', 'pods', 'default')],
    ['another namespace', false, () => ask(BOB, 'list', 'pods', 'x')],
    ['all namespaces, of which one is bound', false, () => ask(BOB, 'list', 'pods')],
    ['another group', false, () => ask(BOB, 'list', 'pods', 'default', { group: 'metrics.k8s.io' })],
    ['a subresource that is named', true, () => ask(BOB, 'get', 'pods/log', 'default')],
    ['a subresource that is not', false, () => ask(BOB, 'get', 'pods/exec', 'default')],
    ['a subresource of anything', true, () => ask(BOB, 'update', 'deployments/scale', 'default', { group: 'apps' })],
    ['an object that is named', true, () => ask(BOB, 'get', 'daemonsets', 'default', { group: 'apps', name: 'agent' })],
    ['another object', false, () => ask(BOB, 'get', 'daemonsets', 'default', { group: 'apps', name: 'other' })],
    ['a list where one object is named', false, () => ask(BOB, 'get', 'daemonsets', 'default', { group: 'apps' })],
    ['a role of the namespace', true, () => ask(BOB, 'create', 'pods', 'x')],
    ['a service account, everywhere', true, () => ask(ROBOT, 'list', 'pods')],
    ['anything, for the administrator', true, () => ask(ADMIN, 'delete', 'nodes')],
    ['a path', true, () => rbac.path(BOB, { verb: 'get', path: '/metrics' })],
    ['a path below another', true, () => rbac.path(BOB, { verb: 'get', path: '/logs/kubelet' })],
    ['a path that only begins alike', false, () => rbac.path(BOB, { verb: 'get', path: '/metrics/cadvisor' })],
  ])('%s: %s', (_, allowed, verdict) => {
    expect(verdict().allowed).toBe(allowed);
  });

  it('say why', () => {
    expect(ask(BOB, 'list', 'pods', 'default').reason).toBe(
      'RBAC: allowed by RoleBinding "readers/default" of ClusterRole "reader" to Group "devs"',
    );
    expect(ask(ROBOT, 'list', 'pods').reason).toBe(
      'RBAC: allowed by ClusterRoleBinding "robots" of ClusterRole "reader" to ServiceAccount "robot/default"',
    );
    expect(ask(BOB, 'delete', 'pods').reason).toBe('');
    expect(ask({ name: 'eve', groups: [] }, 'list', 'pods').reason).toBe(
      'RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found',
    );
  });

  it('are listed for one user', () => {
    const { resourceRules, nonResourceRules } = rbac.rules(BOB, 'x');
    expect(resourceRules).toEqual([{ verbs: ['create'], apiGroups: [''], resources: ['pods'] }]);
    expect(nonResourceRules).toEqual([{ verbs: ['get'], nonResourceURLs: ['/metrics', '/logs/*'] }]);
    expect(rbac.rules(ADMIN, 'x').resourceRules).toEqual([{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }]);
  });
});
