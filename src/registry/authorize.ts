import type { ResourceAttributes } from '../resources/policy-rules.js';
import type { Authorizer } from './authorizer.js';
import { StatusError } from './status.js';
import type { User } from './types.js';

/**
 * @throws StatusError 403 if `user` may not do that
 */
export function authorizeResource(authorizer: Authorizer, user: User, attributes: ResourceAttributes): void {
  if (authorizer.allowsAll) return;
  const { allowed, reason } = authorizer.resource(user, attributes);
  if (!allowed) throw forbiddenResource(user, attributes, reason);
}

/**
 * @throws StatusError 403 if `user` may not ask for that path
 */
export function authorizePath(authorizer: Authorizer, user: User, verb: string, path: string): void {
  if (authorizer.allowsAll) return;
  const { allowed, reason } = authorizer.path(user, { verb, path });
  if (allowed) return;
  const why = `User ${JSON.stringify(user.name)} cannot ${verb} path ${JSON.stringify(path)}`;
  throw new StatusError(403, 'Forbidden', `forbidden: ${because(why, reason)}`, {});
}

/** 403 as upstream words it: `pods "x" is forbidden: User "y" cannot get resource "pods" in API group "" in the namespace "z"`. */
export function forbiddenResource(user: User, attributes: ResourceAttributes, reason: string): StatusError {
  const { verb, group, resource, subresource, namespace, name } = attributes;
  const what = subresource ? `${resource}/${subresource}` : resource;
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope';
  const why = `User ${JSON.stringify(user.name)} cannot ${verb} resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${where}`;
  const subject = `${group ? `${resource}.${group}` : resource}${name ? ` ${JSON.stringify(name)}` : ''}`;
  return new StatusError(403, 'Forbidden', `${subject} is forbidden: ${because(why, reason)}`, {
    ...(name ? { name } : {}),
    ...(group ? { group } : {}),
    kind: resource,
  });
}

const because = (why: string, reason: string) => (reason ? `${why}: ${reason}` : why);
