import { goQuoted } from '../resources/go-format.js';
import { equalJson } from '../resources/json.js';
import { clusterRoles, roles } from '../resources/plain/access.js';
import {
  allowsPath,
  allowsResource,
  type Binding,
  missingRoles,
  type PolicyRule,
  RBAC_GROUP,
  type Role,
} from '../resources/policy-rules.js';
import type { KubeObject } from '../resources/types.js';
import type { AdmissionRequest } from './admission/admission.js';
import type { Registry } from './registry.js';
import { StatusError } from './status.js';
import type { User } from './types.js';

/** To put roles together of any others is to be able to have everything. */
const EVERYTHING: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

const PLURALS: Readonly<Record<string, string>> = { ClusterRole: clusterRoles.plural, Role: roles.plural };

/**
 * Nobody writes a role that may more than they do themselves, unless they may `escalate` that role.
 * @throws StatusError 403
 */
export function refuseBroaderRole(request: AdmissionRequest, registry: Registry): void {
  const { operation, kind, namespace, object, old, user } = request;
  if (!user || isNobodysRight(request, registry)) return;
  const name = operation === 'CREATE' ? '' : object.metadata.name;
  if (may(registry, user, 'escalate', kind.plural, namespace, name)) return;
  const excess = excessOf(registry, user, namespace, (object as Role).rules ?? []);
  if (excess) throw refusal(request, excess);
  if ((gathers(object) || (old && gathers(old))) && excessOf(registry, user, namespace, EVERYTHING))
    throw refusal(request, 'must have cluster-admin privileges to use the aggregationRule');
}

/**
 * Nobody gives away a role that may more than they do themselves, unless they may `bind` it.
 * @throws StatusError 403, 404 for a role that is not there, 500 for one of a kind that is none
 */
export function refuseBroaderBinding(request: AdmissionRequest, registry: Registry): void {
  const { namespace, object, user } = request;
  if (!user || isNobodysRight(request, registry)) return;
  const { roleRef } = object as Binding;
  const plural = PLURALS[roleRef.kind];
  if (plural === undefined)
    throw new StatusError(500, '', `unsupported role reference kind: ${JSON.stringify(roleRef.kind)}`);
  if (may(registry, user, 'bind', plural, namespace, roleRef.name)) return;

  const role =
    roleRef.kind === 'Role'
      ? registry.get(roles, namespace, roleRef.name)
      : registry.get(clusterRoles, '', roleRef.name);
  if (!role) throw StatusError.notFound({ group: RBAC_GROUP, plural }, roleRef.name);
  const excess = excessOf(registry, user, namespace, role.object.rules ?? []);
  if (excess) throw refusal(request, excess);
}

/** A name that is drawn has not been told to anybody. */
const refusal = ({ kind, name, object }: AdmissionRequest, why: string): StatusError =>
  StatusError.forbidden(kind, name === object.metadata.name ? name : '', why);

/** Where everybody may do everything, and while the garbage collector's work is done, there is nothing to refuse. */
function isNobodysRight({ operation, object, old }: AdmissionRequest, registry: Registry): boolean {
  if (operation === 'DELETE' || registry.authorizer.allowsAll) return true;
  return old !== undefined && equalJson(withoutOwners(object), withoutOwners(old));
}

function withoutOwners({ metadata, ...rest }: KubeObject): object {
  const { ownerReferences: _, finalizers: __, managedFields: ___, ...others } = metadata;
  return { ...rest, metadata: others };
}

const gathers = (role: KubeObject): boolean => ((role as Role).aggregationRule?.clusterRoleSelectors ?? []).length > 0;

const may = (registry: Registry, user: User, verb: string, resource: string, namespace: string, name: string) =>
  registry.authorizer.resource(user, { verb, group: RBAC_GROUP, resource, subresource: '', namespace, name }).allowed;

/** What is in `rules` that a user may not do in a namespace, in upstream's words; undefined if there is nothing. */
function excessOf(registry: Registry, user: User, namespace: string, rules: readonly PolicyRule[]): string | undefined {
  const { resourceRules, nonResourceRules, missing: gone } = registry.authorizer.rules(user, namespace);
  const held: readonly PolicyRule[] = [...resourceRules, ...nonResourceRules];
  const missing = rules.flatMap(split).filter(single => !held.some(rule => covers(rule, single)));
  if (missing.length === 0) return undefined;
  const lines = [...new Set(joined(missing).map(described))].sort();
  const errors = gone.length > 0 ? `; resolution errors: [${missingRoles(gone, kind => PLURALS[kind] ?? kind)}]` : '';
  const who = `user ${JSON.stringify(user.name)} (groups=${goQuoted(user.groups)})`;
  return `${who} is attempting to grant RBAC permissions not currently held:\n${lines.join('\n')}${errors}`;
}

/** A rule of one verb, and either one path, or one group with one resource and at most one name. */
interface SingleRule {
  readonly verbs: readonly [string];
  readonly apiGroups?: readonly [string];
  readonly resources?: readonly [string];
  readonly resourceNames?: readonly [string];
  readonly nonResourceURLs?: readonly [string];
}

/** All that a rule allows, one by one: each is allowed by a single rule of somebody else's, or not at all. */
function split({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): SingleRule[] {
  const singles: SingleRule[] = [];
  for (const group of apiGroups ?? [])
    for (const resource of resources ?? [])
      for (const verb of verbs) {
        const single: SingleRule = { verbs: [verb], apiGroups: [group], resources: [resource] };
        if (!resourceNames?.length) singles.push(single);
        for (const name of resourceNames ?? []) singles.push({ ...single, resourceNames: [name] });
      }
  for (const url of nonResourceURLs ?? [])
    for (const verb of verbs) singles.push({ verbs: [verb], nonResourceURLs: [url] });
  return singles;
}

function covers(
  rule: PolicyRule,
  { verbs, apiGroups, resources, resourceNames, nonResourceURLs }: SingleRule,
): boolean {
  const [verb] = verbs;
  if (nonResourceURLs) return allowsPath(rule, { verb, path: nonResourceURLs[0] });
  const [resource = '', ...subresource] = (resources?.[0] ?? '').split('/');
  return allowsResource(rule, {
    verb,
    group: apiGroups?.[0] ?? '',
    resource,
    subresource: subresource.join('/'),
    name: resourceNames?.[0] ?? '',
  });
}

/** What differs only by its verb becomes one rule again. */
function joined(singles: readonly SingleRule[]): PolicyRule[] {
  const whole: PolicyRule[] = [];
  const verbsOf = new Map<string, string[]>();
  for (const single of singles) {
    const { verbs, ...what } = single;
    const key = JSON.stringify(what);
    const known = verbsOf.get(key);
    if (known && !single.nonResourceURLs) known.push(...verbs);
    else {
      const collected = [...verbs];
      verbsOf.set(key, collected);
      whole.push({ ...what, verbs: collected });
    }
  }
  return whole;
}

function described({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const parts = Object.entries({
    APIGroups: apiGroups,
    Resources: resources,
    NonResourceURLs: nonResourceURLs,
    ResourceNames: resourceNames,
    Verbs: verbs,
  });
  return `{${parts.flatMap(([name, list]) => (list?.length ? [`${name}:${goQuoted(list)}`] : [])).join(', ')}}`;
}
