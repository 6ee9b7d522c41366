import type { KubeObject, LabelSelector } from './types.js';

export const RBAC_GROUP = 'rbac.authorization.k8s.io';

export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** A Role or ClusterRole. */
export interface Role extends KubeObject {
  readonly rules?: readonly PolicyRule[] | null;
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly LabelSelector[] };
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** Which role a binding means. */
export interface RoleName {
  readonly kind: string;
  readonly name: string;
}

/** A RoleBinding or ClusterRoleBinding. */
export interface Binding extends KubeObject {
  readonly subjects?: readonly Subject[];
  readonly roleRef: RoleName & { readonly apiGroup?: string };
}

/** What somebody wants to do to objects. */
export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  /** Empty for cluster-scoped kinds and for all namespaces. */
  readonly namespace: string;
  /** Empty for a collection. */
  readonly name: string;
}

/** What somebody wants of a path that is no resource's. */
export interface PathAttributes {
  readonly verb: string;
  readonly path: string;
}

export function allowsResource(
  rule: PolicyRule,
  { verb, group, resource, subresource, name }: Omit<ResourceAttributes, 'namespace'>,
): boolean {
  const whole = subresource ? `${resource}/${subresource}` : resource;
  return (
    has(rule.verbs, verb) &&
    has(rule.apiGroups, group) &&
    (has(rule.resources, whole) || (subresource !== '' && rule.resources?.includes(`*/${subresource}`) === true)) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(name))
  );
}

/** In a rule's paths, `*` at the end stands for anything; elsewhere it is a letter like others. */
export function allowsPath(rule: PolicyRule, { verb, path }: PathAttributes): boolean {
  const covers = (url: string) => url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1)));
  return has(rule.verbs, verb) && rule.nonResourceURLs?.some(covers) === true;
}

/** What upstream says of roles that are bound and not there: it takes now the kind in lower case, now the plural for the resource. */
export function missingRoles(roles: readonly RoleName[], resourceOf = (kind: string) => kind.toLowerCase()): string {
  const texts = roles.map(({ kind, name }) => `${resourceOf(kind)}.${RBAC_GROUP} ${JSON.stringify(name)} not found`);
  return texts.length > 1 ? `[${texts.join(', ')}]` : (texts[0] ?? '');
}

const has = (list: readonly string[] | undefined, item: string): boolean =>
  list !== undefined && (list.includes('*') || list.includes(item));
