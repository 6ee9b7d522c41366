import type { IncomingMessage } from 'node:http';
import { ANONYMOUS, AUTHENTICATED, UNAUTHENTICATED, type User } from '../access/user.js';
import { forbiddenResource } from '../registry/authorize.js';
import type { Authorizer } from '../registry/authorizer.js';
import { StatusError } from '../registry/status.js';
import { accountGroups, accountOf } from '../resources/account-names.js';
import type { ResourceAttributes } from '../resources/policy-rules.js';

const PREFIX = 'impersonate-';
const EXTRA = `${PREFIX}extra-`;
const AUTHENTICATION_GROUP = 'authentication.k8s.io';

/**
 * Whom a request is made as: the one that its `Impersonate-…` headers name, if there are any and `user` may speak for them.
 * @throws StatusError 403 for whoever may not, 500 for headers that name no user, as upstream answers them
 */
export function impersonated(req: IncomingMessage, user: User, authorizer: Authorizer): User {
  let any = false;
  for (const name in req.headers) if (name.startsWith(PREFIX)) any = true;
  if (!any) return user;

  const values = (header: string) => req.headersDistinct[PREFIX + header] ?? [];
  const name = values('user')[0] ?? '';
  const groups = values('group');
  const uid = values('uid')[0] ?? '';
  const extra = extraOf(req);
  if (name === '') throw StatusError.internal('groups, a uid or extra were to be impersonated without a user');

  const account = accountOf(name);
  if (!authorizer.allowsAll) {
    const check = (attributes: Partial<ResourceAttributes>) => checkAllowed(authorizer, user, attributes);
    if (account) check({ resource: 'serviceaccounts', ...account });
    else check({ resource: 'users', name });
    for (const group of groups) check({ resource: 'groups', name: group });
    if (uid) check({ resource: 'uids', group: AUTHENTICATION_GROUP, name: uid });
    for (const [key, items] of Object.entries(extra)) {
      for (const item of items)
        check({ resource: 'userextras', group: AUTHENTICATION_GROUP, subresource: key, name: item });
    }
  }
  return {
    name,
    ...(uid ? { uid } : {}),
    groups: withImplied(name, groups.length === 0 && account ? accountGroups(account.namespace) : groups),
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
}

/** Whoever is not anonymous is authenticated, unless the request says otherwise. */
function withImplied(name: string, groups: readonly string[]): readonly string[] {
  const implied = name === ANONYMOUS.name ? UNAUTHENTICATED : AUTHENTICATED;
  return groups.includes(implied) || groups.includes(UNAUTHENTICATED) ? groups : [...groups, implied];
}

/** `Impersonate-Extra-Some%2fKey: value`: header names know no upper case, and no slashes but escaped ones. */
function extraOf(req: IncomingMessage): Record<string, string[]> {
  const extra: Record<string, string[]> = {};
  for (const [header, values] of Object.entries(req.headersDistinct)) {
    if (!header.startsWith(EXTRA) || !values) continue;
    const escaped = header.slice(EXTRA.length);
    let key = escaped;
    try {
      key = decodeURIComponent(escaped);
    } catch {
      // then it is the key as it stands
    }
    extra[key] = values;
  }
  return extra;
}

function checkAllowed(authorizer: Authorizer, user: User, attributes: Partial<ResourceAttributes>): void {
  const whole = {
    group: '',
    resource: '',
    subresource: '',
    namespace: '',
    name: '',
    ...attributes,
    verb: 'impersonate',
  };
  const { allowed, reason } = authorizer.resource(user, whole);
  if (!allowed) throw forbiddenResource(user, whole, reason);
}
