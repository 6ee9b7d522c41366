import { type FieldError, invalid, notSupported, required } from '../field-error.js';
import { equalJson } from '../json.js';
import { type Binding, RBAC_GROUP, type Role } from '../policy-rules.js';
import { AGE, column, NAME, nameAndAge, printer, wide } from '../printing/printer.js';
import type { KubeObject } from '../types.js';
import { checkPathSegmentName } from '../validation/names.js';
import { itemsAt, valueAt } from './cells.js';
import { plainKind } from './plain-kind.js';

const SUBJECT_KINDS = ['ServiceAccount', 'User', 'Group'];

/** Roles: rules say what may be done. */
const role = (kind: string, plural: string, namespaced: boolean) =>
  plainKind<Role>({
    group: RBAC_GROUP,
    kind,
    plural,
    namespaced,
    validName: checkPathSegmentName,
    createsOnUpdate: true,
    defaults: { rules: null },
    strategy: { validate: o => itemsAt(o, 'rules').flatMap((rule, i) => ruleErrors(rule, `rules[${i}]`, namespaced)) },
    printer: nameAndAge,
  });

/** Every rule says verbs, and is about resources or (in cluster roles) about paths that are none. */
function ruleErrors(rule: Record<string, unknown>, path: string, namespaced: boolean): FieldError[] {
  const errors: FieldError[] = [];
  const has = (field: string) => Array.isArray(rule[field]) && (rule[field] as unknown[]).length > 0;
  if (!has('verbs')) errors.push(required(`${path}.verbs`, 'verbs must contain at least one value'));
  if (has('nonResourceURLs')) {
    const why = namespaced
      ? 'namespaced rules cannot apply to non-resource URLs'
      : 'rules cannot apply to both regular resources and non-resource URLs';
    if (namespaced || has('apiGroups') || has('resources') || has('resourceNames'))
      errors.push(invalid(`${path}.nonResourceURLs`, rule.nonResourceURLs, why));
    return errors;
  }
  if (!has('apiGroups'))
    errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
  if (!has('resources')) errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'));
  return errors;
}

/** Bindings: who has the role. */
const binding = (kind: string, plural: string, namespaced: boolean) =>
  plainKind<Binding>({
    group: RBAC_GROUP,
    kind,
    plural,
    namespaced,
    validName: checkPathSegmentName,
    createsOnUpdate: true,
    defaults: { 'roleRef.apiGroup': RBAC_GROUP },
    required: ['roleRef.name'],
    oneOf: { 'roleRef.kind': namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'], 'roleRef.apiGroup': [RBAC_GROUP] },
    strategy: {
      setDefaults(o) {
        // Upstream fills in the group of users and groups; that of service accounts is the core one.
        for (const subject of itemsAt(o, 'subjects'))
          if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ??= RBAC_GROUP;
      },
      validate: o => itemsAt(o, 'subjects').flatMap((s, i) => subjectErrors(s, `subjects[${i}]`)),
      validateUpdate: (o, old) =>
        equalJson(o.roleRef, old.roleRef) ? [] : [invalid('roleRef', o.roleRef, 'cannot change roleRef')],
    },
    printer: printer(
      NAME,
      column('Role', 'The role that is given.', o => `${valueAt(o, 'roleRef.kind')}/${valueAt(o, 'roleRef.name')}`),
      AGE,
      wide('Users', 'Users who get it.', o => subjects(o, 'User')),
      wide('Groups', 'Groups that get it.', o => subjects(o, 'Group')),
      wide('ServiceAccounts', 'Service accounts that get it.', o => subjects(o, 'ServiceAccount')),
    ),
  });

function subjectErrors({ kind, name, namespace }: Record<string, unknown>, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (!name) errors.push(required(`${path}.name`));
  if (!SUBJECT_KINDS.includes(kind as string)) errors.push(notSupported(`${path}.kind`, kind ?? '', SUBJECT_KINDS));
  if (kind === 'ServiceAccount' && !namespace) errors.push(required(`${path}.namespace`));
  return errors;
}

function subjects(o: KubeObject, kind: string): string {
  const found = itemsAt(o, 'subjects').filter(subject => subject.kind === kind);
  return found.map(({ name, namespace }) => (kind === 'ServiceAccount' ? `${namespace}/${name}` : name)).join(', ');
}

export const clusterRoleBindings = binding('ClusterRoleBinding', 'clusterrolebindings', false);
export const clusterRoles = role('ClusterRole', 'clusterroles', false);
export const roleBindings = binding('RoleBinding', 'rolebindings', true);
export const roles = role('Role', 'roles', true);

/** `rbac.authorization.k8s.io/v1` */
export const access = [clusterRoleBindings, clusterRoles, roleBindings, roles];
