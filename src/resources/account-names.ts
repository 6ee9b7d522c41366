const PREFIX = 'system:serviceaccount:';

/** The user name of a service account. */
export const accountUserName = (namespace: string, name: string): string => `${PREFIX}${namespace}:${name}`;

/** The groups that a service account is in for being one. */
export const accountGroups = (namespace: string): string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
];

/** The service account that a user name stands for; undefined if it is no account's. */
export function accountOf(userName: string): { readonly namespace: string; readonly name: string } | undefined {
  const [namespace, name, ...more] = userName.startsWith(PREFIX) ? userName.slice(PREFIX.length).split(':') : [];
  return namespace && name && more.length === 0 ? { namespace, name } : undefined;
}
