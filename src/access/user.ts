import type { User } from '../registry/types.js';

export type { User };

/** Members may do everything, whatever roles say. */
export const MASTERS = 'system:masters';
export const AUTHENTICATED = 'system:authenticated';
export const UNAUTHENTICATED = 'system:unauthenticated';

/** Whoever may use the server without a name of their own: the administrator that kubeadm writes a kubeconfig for. */
export const ADMIN: User = {
  name: 'kubernetes-admin',
  groups: ['kubeadm:cluster-admins', MASTERS, AUTHENTICATED],
};

/** Who told nothing about themselves. */
export const ANONYMOUS: User = { name: 'system:anonymous', groups: [UNAUTHENTICATED] };

/** Under this key of `extra`, a user carries the id of the credential that was shown. */
export const CREDENTIAL_ID = 'authentication.kubernetes.io/credential-id';

const ACCOUNT_PREFIX = 'system:serviceaccount:';

/** The user name of a service account. */
export const accountUserName = (namespace: string, name: string): string => `${ACCOUNT_PREFIX}${namespace}:${name}`;

/** The groups that a service account is in for being one. */
export const accountGroups = (namespace: string): string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
];

/** The service account that a user name stands for; undefined if it is no account's. */
export function accountOf(userName: string): { readonly namespace: string; readonly name: string } | undefined {
  const [namespace, name, ...more] = userName.startsWith(ACCOUNT_PREFIX)
    ? userName.slice(ACCOUNT_PREFIX.length).split(':')
    : [];
  return namespace && name && more.length === 0 ? { namespace, name } : undefined;
}
