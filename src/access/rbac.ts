import type { Registry } from '../registry/registry.js';
import type { ResourceDefinition } from '../resources/definition.js';
import type { KubeObject, LabelSelector } from '../resources/types.js';
import type { Authorizer, ResourceAttributes, RuleList, Verdict } from './authorizer.js';
import { accountUserName, MASTERS, type User } from './user.js';

export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** A Role or ClusterRole. */
export interface Role extends KubeObject {
  readonly rules?: readonly PolicyRule[];
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly LabelSelector[] };
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** A RoleBinding or ClusterRoleBinding. */
export interface Binding extends KubeObject {
  readonly subjects?: readonly Subject[];
  readonly roleRef: { readonly apiGroup?: string; readonly kind: string; readonly name: string };
}

export const RBAC_GROUP = 'rbac.authorization.k8s.io';
const EVERYTHING: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];
const DENIED: Verdict = { allowed: false, reason: '' };

/** One of the kinds of roles and bindings, by its plural. @throws Error if it is not served */
export function rbacKind<T extends KubeObject>(registry: Registry, plural: string): ResourceDefinition<T> {
  const kind = registry.kinds.byResource(`${plural}.${RBAC_GROUP}`);
  if (!kind) throw new Error(`${plural} are not served`);
  return kind as unknown as ResourceDefinition<T>;
}

/** The rules of one binding that speaks of a user. */
interface Granted {
  readonly rules: readonly PolicyRule[];
  /** For the reason of a verdict: what grants it. */
  readonly by: string;
}

/** `--authorization-mode=RBAC`: may is what a role says that is bound to the user, by the newest roles and bindings. */
export class RbacAuthorizer implements Authorizer {
  readonly allowsAll = false;

  constructor(readonly registry: Registry) {}

  resource(user: User, attributes: ResourceAttributes): Verdict {
    return this.#decide(user, attributes.namespace, rule => allowsResource(rule, attributes));
  }

  path(user: User, { verb, path }: { readonly verb: string; readonly path: string }): Verdict {
    return this.#decide(
      user,
      '',
      rule => has(rule.verbs, verb) && (rule.nonResourceURLs ?? []).some(url => covers(url, path)),
    );
  }

  rules(user: User, namespace: string): RuleList {
    const granted = user.groups.includes(MASTERS)
      ? EVERYTHING
      : [...this.#grants(user, namespace, [])].flatMap(({ rules }) => rules);
    return {
      resourceRules: granted.flatMap(({ verbs, apiGroups = [], resources, resourceNames }) =>
        resources?.length ? [{ verbs, apiGroups, resources, ...(resourceNames?.length ? { resourceNames } : {}) }] : [],
      ),
      nonResourceRules: granted.flatMap(({ verbs, nonResourceURLs }) =>
        nonResourceURLs?.length ? [{ verbs, nonResourceURLs }] : [],
      ),
    };
  }

  #decide(user: User, namespace: string, allows: (rule: PolicyRule) => boolean): Verdict {
    if (user.groups.includes(MASTERS)) return { allowed: true, reason: '' };
    const problems: string[] = [];
    for (const { rules, by } of this.#grants(user, namespace, problems)) {
      if (rules.some(allows)) return { allowed: true, reason: `RBAC: allowed by ${by}` };
    }
    if (problems.length === 0) return DENIED;
    return { allowed: false, reason: `RBAC: ${problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`}` };
  }

  /** What is bound to a user in all the cluster, then in a namespace. Roles that are missing are told to `problems`. */
  *#grants(user: User, namespace: string, problems: string[]): Iterable<Granted> {
    const { registry } = this;
    const everywhere = registry.all(rbacKind<Binding>(registry, 'clusterrolebindings'));
    const here = namespace ? registry.all(rbacKind<Binding>(registry, 'rolebindings'), namespace) : [];
    for (const { object: binding } of [...everywhere, ...here]) {
      const subject = binding.subjects?.find(subject => isMeant(subject, user));
      if (!subject) continue;
      const { kind, name } = binding.roleRef;
      const role =
        kind === 'Role'
          ? registry.get(rbacKind<Role>(registry, 'roles'), namespace, name)
          : registry.get(rbacKind<Role>(registry, 'clusterroles'), '', name);
      if (!role) {
        problems.push(`${kind.toLowerCase()}.${RBAC_GROUP} ${JSON.stringify(name)} not found`);
        continue;
      }
      const named = binding.metadata.namespace
        ? `RoleBinding ${JSON.stringify(`${binding.metadata.name}/${binding.metadata.namespace}`)}`
        : `ClusterRoleBinding ${JSON.stringify(binding.metadata.name)}`;
      yield {
        rules: role.object.rules ?? [],
        by: `${named} of ${kind} ${JSON.stringify(name)} to ${described(subject)}`,
      };
    }
  }
}

function isMeant({ kind, name, namespace = '' }: Subject, user: User): boolean {
  switch (kind) {
    case 'User':
      return user.name === name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount':
      return namespace !== '' && user.name === accountUserName(namespace, name);
    default:
      return false;
  }
}

const described = ({ kind, name, namespace }: Subject): string =>
  `${kind} ${JSON.stringify(kind === 'ServiceAccount' ? `${name}/${namespace}` : name)}`;

const has = (list: readonly string[] | undefined, item: string): boolean =>
  list !== undefined && (list.includes('*') || list.includes(item));

function allowsResource(rule: PolicyRule, { verb, group, resource, subresource, name }: ResourceAttributes): boolean {
  const whole = subresource ? `${resource}/${subresource}` : resource;
  return (
    has(rule.verbs, verb) &&
    has(rule.apiGroups, group) &&
    (has(rule.resources, whole) || (subresource !== '' && rule.resources?.includes(`*/${subresource}`) === true)) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(name))
  );
}

/** `*` at its end stands for anything; elsewhere it is a letter like others. */
const covers = (url: string, path: string): boolean =>
  url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1)));
