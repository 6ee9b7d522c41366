import { type FieldError, invalid, notSupported, required } from '../field-error.js';
import { equalJson } from '../json.js';
import { type Binding, RBAC_GROUP, type Role } from '../policy-rules.js';
import { AGE, column, NAME, nameAndAge, printer, wide } from '../printing/printer.js';
import type { KubeObject, LabelSelector } from '../types.js';
import { validateLabelSelector } from '../validation/labels.js';
import { addProblems } from '../validation/messages.js';
import { checkPathSegmentName, checkSubdomain } from '../validation/names.js';
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
    strategy: {
      validate: o => [
        ...itemsAt(o, 'rules').flatMap((rule, i) => ruleErrors(rule, `rules[${i}]`, namespaced)),
        ...aggregationErrors(o.aggregationRule as AggregationRule | undefined),
      ],
    },
    printer: nameAndAge,
  });

interface AggregationRule {
  clusterRoleSelectors?: LabelSelector[];
}

/** A role that is put together of others says which, by labels. */
function aggregationErrors(rule: AggregationRule | undefined): FieldError[] {
  const errors: FieldError[] = [];
  if (!rule) return errors;
  const path = 'aggregationRule.clusterRoleSelectors';
  const { clusterRoleSelectors: selectors = [] } = rule;
  if (selectors.length === 0)
    errors.push(required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil'));
  selectors.forEach((selector, i) => {
    const before = errors.length;
    validateLabelSelector(errors, `${path}[${i}]`, selector);
    if (errors.length > before) errors.push(invalid(`${path}[${i}]`, selector, 'invalid label selector.'));
  });
  return errors;
}

/** Every rule says verbs, and is about resources or (in cluster roles) about paths that are none. */
function ruleErrors(rule: Record<string, unknown>, path: string, namespaced: boolean): FieldError[] {
  const errors: FieldError[] = [];
  const has = (field: string) => Array.isArray(rule[field]) && (rule[field] as unknown[]).length > 0;
  if (!has('verbs')) errors.push(required(`${path}.verbs`, 'verbs must contain at least one value'));
  if (has('nonResourceURLs')) {
    const refuse = (why: string) => errors.push(invalid(`${path}.nonResourceURLs`, rule.nonResourceURLs, why));
    if (namespaced) refuse('namespaced rules cannot apply to non-resource URLs');
    if (has('apiGroups') || has('resources') || has('resourceNames'))
      refuse('rules cannot apply to both regular resources and non-resource URLs');
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
    strategy: {
      setDefaults(o) {
        Object.assign(o, { roleRef: { ...o.roleRef, apiGroup: o.roleRef?.apiGroup || RBAC_GROUP } });
        // Upstream fills in the group of users and groups; that of service accounts is the core one.
        for (const subject of itemsAt(o, 'subjects'))
          if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ??= RBAC_GROUP;
      },
      validate: o => [
        ...referenceErrors(o.roleRef as RoleRef, namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole']),
        ...itemsAt(o, 'subjects').flatMap((s, i) => subjectErrors(s, `subjects[${i}]`, namespaced)),
      ],
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

interface RoleRef {
  apiGroup?: string;
  kind?: string;
  name?: string;
}

function referenceErrors({ apiGroup = '', kind = '', name }: RoleRef, kinds: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  if (apiGroup !== RBAC_GROUP) errors.push(notSupported('roleRef.apiGroup', apiGroup, [RBAC_GROUP]));
  if (!kinds.includes(kind)) errors.push(notSupported('roleRef.kind', kind, kinds));
  if (name) addProblems(errors, 'roleRef.name', name, checkPathSegmentName(name));
  else errors.push(required('roleRef.name'));
  return errors;
}

/** Service accounts are of the core group and have a namespace, which in a namespace may be left open. */
function subjectErrors(subject: Record<string, unknown>, path: string, namespaced: boolean): FieldError[] {
  const { kind = '', name = '', namespace, apiGroup = '' } = subject as Record<string, string | undefined>;
  const errors: FieldError[] = [];
  if (!name) errors.push(required(`${path}.name`));
  if (kind === 'ServiceAccount') {
    if (name) addProblems(errors, `${path}.name`, name, checkSubdomain(name));
    if (apiGroup) errors.push(notSupported(`${path}.apiGroup`, apiGroup, ['']));
    if (!namespaced && !namespace) errors.push(required(`${path}.namespace`));
  } else if (!SUBJECT_KINDS.includes(kind)) errors.push(notSupported(`${path}.kind`, kind, SUBJECT_KINDS));
  else if (apiGroup !== RBAC_GROUP) errors.push(notSupported(`${path}.apiGroup`, apiGroup, [RBAC_GROUP]));
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
