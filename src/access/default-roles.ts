import type { Registry } from '../registry/registry.js';
import { clusterRoleBindings, clusterRoles } from '../resources/plain/access.js';
import { type PolicyRule, RBAC_GROUP } from '../resources/policy-rules.js';
import type { LabelSelector } from '../resources/types.js';
import { ADMIN, AUTHENTICATED, MASTERS, UNAUTHENTICATED } from './user.js';

/** The roles and bindings that a cluster with RBAC is born with: those of kube-apiserver that people use, and kubeadm's. */

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];

const rule = (verbs: readonly string[], group: string, ...resources: string[]): PolicyRule => ({
  verbs,
  apiGroups: [group],
  resources,
});
const paths = (...nonResourceURLs: string[]): PolicyRule => ({ verbs: ['get'], nonResourceURLs });

/** Group → what teams work with. */
const WORK: Readonly<Record<string, readonly string[]>> = {
  '': [
    'configmaps',
    'endpoints',
    'persistentvolumeclaims',
    'pods',
    'replicationcontrollers',
    'replicationcontrollers/scale',
    'serviceaccounts',
    'services',
  ],
  apps: [
    'daemonsets',
    'deployments',
    'deployments/scale',
    'replicasets',
    'replicasets/scale',
    'statefulsets',
    'statefulsets/scale',
  ],
  autoscaling: ['horizontalpodautoscalers'],
  batch: ['cronjobs', 'jobs'],
  extensions: [
    'daemonsets',
    'deployments',
    'deployments/scale',
    'ingresses',
    'networkpolicies',
    'replicasets',
    'replicasets/scale',
    'replicationcontrollers/scale',
  ],
  'networking.k8s.io': ['ingresses', 'networkpolicies'],
  policy: ['poddisruptionbudgets'],
};

/** Group → what besides may be looked at. */
const SEEN: Readonly<Record<string, readonly string[]>> = {
  '': [
    'bindings',
    'events',
    'limitranges',
    'namespaces',
    'namespaces/status',
    'persistentvolumeclaims/status',
    'pods/log',
    'pods/status',
    'replicationcontrollers/status',
    'resourcequotas',
    'resourcequotas/status',
    'services/status',
  ],
  apps: ['controllerrevisions', 'daemonsets/status', 'deployments/status', 'replicasets/status', 'statefulsets/status'],
  autoscaling: ['horizontalpodautoscalers/status'],
  batch: ['cronjobs/status', 'jobs/status'],
  extensions: ['daemonsets/status', 'deployments/status', 'ingresses/status', 'replicasets/status'],
  'discovery.k8s.io': ['endpointslices'],
  'networking.k8s.io': ['ingresses/status'],
  policy: ['poddisruptionbudgets/status'],
};

const onAll = (verbs: readonly string[], table: Readonly<Record<string, readonly string[]>>): PolicyRule[] =>
  Object.entries(table).map(([group, resources]) => rule(verbs, group, ...resources));

const PROBES = ['/healthz', '/livez', '/readyz', '/version', '/version/'];

const ROLES: Readonly<Record<string, readonly PolicyRule[]>> = {
  'cluster-admin': [rule(['*'], '*', '*'), { verbs: ['*'], nonResourceURLs: ['*'] }],
  'system:discovery': [paths('/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*', ...PROBES)],
  'system:public-info-viewer': [paths(...PROBES)],
  'system:service-account-issuer-discovery': [
    paths(
      '/.well-known/openid-configuration',
      '/.well-known/openid-configuration/',
      '/openid/v1/jwks',
      '/openid/v1/jwks/',
    ),
  ],
  'system:basic-user': [
    rule(['create'], 'authorization.k8s.io', 'selfsubjectaccessreviews', 'selfsubjectrulesreviews'),
    rule(['create'], 'authentication.k8s.io', 'selfsubjectreviews'),
  ],
};

/** Parts of the roles for people, which are put together of whatever has the label. */
const PARTS: Readonly<Record<'admin' | 'edit' | 'view', readonly PolicyRule[]>> = {
  admin: [
    rule(['create'], 'authorization.k8s.io', 'localsubjectaccessreviews'),
    rule([...READ, ...WRITE], RBAC_GROUP, 'rolebindings', 'roles'),
  ],
  edit: [
    rule(READ, '', 'pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'secrets', 'services/proxy'),
    rule(['impersonate'], '', 'serviceaccounts'),
    rule(WRITE, '', 'pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'secrets', 'services/proxy'),
    rule(['create'], '', 'pods/eviction', 'serviceaccounts/token'),
    ...onAll(WRITE, WORK),
    rule(WRITE, '', 'events'),
    rule([...READ, ...WRITE], 'coordination.k8s.io', 'leases'),
  ],
  view: [...onAll(READ, WORK), ...onAll(READ, SEEN)],
};

/** A role also has what the role after it has. */
const PEOPLE = ['admin', 'edit', 'view'] as const;

const BINDINGS: Readonly<Record<string, readonly [role: string, ...groups: string[]]>> = {
  'cluster-admin': ['cluster-admin', MASTERS],
  'kubeadm:cluster-admins': ['cluster-admin', ADMIN.groups[0]!],
  'system:discovery': ['system:discovery', AUTHENTICATED],
  'system:basic-user': ['system:basic-user', AUTHENTICATED],
  'system:public-info-viewer': ['system:public-info-viewer', AUTHENTICATED, UNAUTHENTICATED],
  'system:service-account-issuer-discovery': ['system:service-account-issuer-discovery', 'system:serviceaccounts'],
};

const aggregateTo = (role: string) => ({ [`${RBAC_GROUP}/aggregate-to-${role}`]: 'true' });

/** Creates those that are not there. */
export async function createDefaultRoles(registry: Registry): Promise<void> {
  const apiVersion = `${RBAC_GROUP}/v1`;
  const metadata = (name: string, labels: Record<string, string> = {}) => ({
    name,
    labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels },
    annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
  });
  const kind = 'ClusterRole';
  const wanted = [
    ...Object.entries(ROLES).map(([name, rules]) => ({ apiVersion, kind, metadata: metadata(name), rules })),
    ...PEOPLE.map(name => {
      const clusterRoleSelectors: LabelSelector[] = [{ matchLabels: aggregateTo(name) }];
      const above = PEOPLE[PEOPLE.indexOf(name) - 1];
      const labels = above ? aggregateTo(above) : {};
      return { apiVersion, kind, metadata: metadata(name, labels), aggregationRule: { clusterRoleSelectors } };
    }),
    ...PEOPLE.map(name => ({
      apiVersion,
      kind,
      metadata: metadata(`system:aggregate-to-${name}`, aggregateTo(name)),
      rules: PARTS[name],
    })),
  ];
  await Promise.all([
    ...wanted
      .filter(role => !registry.get(clusterRoles, '', role.metadata.name))
      .map(role => registry.create(clusterRoles, role)),
    ...Object.entries(BINDINGS)
      .filter(([name]) => !registry.get(clusterRoleBindings, '', name))
      .map(([name, [role, ...groups]]) =>
        registry.create(clusterRoleBindings, {
          apiVersion,
          kind: 'ClusterRoleBinding',
          metadata: metadata(name),
          roleRef: { apiGroup: RBAC_GROUP, kind, name: role },
          subjects: groups.map(group => ({ apiGroup: RBAC_GROUP, kind: 'Group', name: group })),
        }),
      ),
  ]);
}
