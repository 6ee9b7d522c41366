import { plainKind } from './plain-kind.js';

const rbac = (kind: string, plural: string, namespaced: boolean) =>
  plainKind({ group: 'rbac.authorization.k8s.io', kind, plural, namespaced });

export const access = [
  rbac('ClusterRoleBinding', 'clusterrolebindings', false),
  rbac('ClusterRole', 'clusterroles', false),
  rbac('RoleBinding', 'rolebindings', true),
  rbac('Role', 'roles', true),
];
