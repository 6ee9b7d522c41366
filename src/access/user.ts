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
