import type { Authorizer, RuleList, Verdict } from '../registry/authorizer.js';
import type { Registry } from '../registry/registry.js';
import { accountUserName } from '../resources/account-names.js';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from '../resources/plain/access.js';
import {
  allowsPath,
  allowsResource,
  type Binding,
  missingRoles,
  type PathAttributes,
  type PolicyRule,
  type ResourceAttributes,
  type RoleName,
} from '../resources/policy-rules.js';
import { MASTERS, type User } from './user.js';

const EVERYTHING: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];
const DENIED: Verdict = { allowed: false, reason: '' };

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

  path(user: User, attributes: PathAttributes): Verdict {
    return this.#decide(user, '', rule => allowsPath(rule, attributes));
  }

  rules(user: User, namespace: string): RuleList {
    const missing: RoleName[] = [];
    const granted = user.groups.includes(MASTERS)
      ? EVERYTHING
      : [...this.#grants(user, namespace, missing)].flatMap(({ rules }) => rules);
    return {
      resourceRules: granted.flatMap(({ verbs, apiGroups = [], resources, resourceNames }) =>
        resources?.length ? [{ verbs, apiGroups, resources, ...(resourceNames?.length ? { resourceNames } : {}) }] : [],
      ),
      nonResourceRules: granted.flatMap(({ verbs, nonResourceURLs }) =>
        nonResourceURLs?.length ? [{ verbs, nonResourceURLs }] : [],
      ),
      missing,
    };
  }

  #decide(user: User, namespace: string, allows: (rule: PolicyRule) => boolean): Verdict {
    if (user.groups.includes(MASTERS)) return { allowed: true, reason: '' };
    const missing: RoleName[] = [];
    for (const { rules, by } of this.#grants(user, namespace, missing)) {
      if (rules.some(allows)) return { allowed: true, reason: `RBAC: allowed by ${by}` };
    }
    if (missing.length === 0) return DENIED;
    return { allowed: false, reason: `RBAC: ${missingRoles(missing)}` };
  }

  /** What is bound to a user in all the cluster, then in a namespace. Roles that are missing are told to `missing`. */
  *#grants(user: User, namespace: string, missing: RoleName[]): Iterable<Granted> {
    const { registry } = this;
    const everywhere = registry.all(clusterRoleBindings);
    const here = namespace ? registry.all(roleBindings, namespace) : [];
    for (const { object: binding } of [...everywhere, ...here]) {
      const subject = binding.subjects?.find(subject => isMeant(subject, user));
      if (!subject) continue;
      const { kind, name } = binding.roleRef;
      const role = kind === 'Role' ? registry.get(roles, namespace, name) : registry.get(clusterRoles, '', name);
      if (!role) {
        missing.push({ kind, name });
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

type Subject = NonNullable<Binding['subjects']>[number];

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
