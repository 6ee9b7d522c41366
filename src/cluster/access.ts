import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Access } from '../access/access.js';
import { AccountTokens } from '../access/account-tokens.js';
import { newSigningKey } from '../access/json-web-token.js';
import { RbacAuthorizer } from '../access/rbac.js';
import { ALWAYS_ALLOW } from '../registry/authorizer.js';
import type { Registry } from '../registry/registry.js';
import type { ClusterOptions } from './options.js';

/** Who is known to a cluster by what, and who may do what in it. */
export function createAccess(registry: Registry, { data, authorization }: ClusterOptions): Access {
  const keys = data === undefined ? undefined : () => keptKey(`${data}-tokens.key`);
  return accessWith(new AccountTokens(registry, keys), authorization);
}

/** For a fork: whoever is known to the base is known to it, and what they may do is told by the fork's own roles. */
export const forkedAccess = (registry: Registry, { tokens }: Access, { authorization }: ClusterOptions): Access =>
  accessWith(tokens.over(registry), authorization);

function accessWith(tokens: AccountTokens, authorization: ClusterOptions['authorization']): Access {
  return { tokens, authorizer: authorization === 'RBAC' ? new RbacAuthorizer(tokens.registry) : ALWAYS_ALLOW };
}

/**
 * The key that service accounts' tokens are signed with, beside the data and for its owner's eyes only: tokens stay good when
 * the cluster is opened again. Made when the first token is.
 */
function keptKey(path: string): string {
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const key = newSigningKey();
  writeFileSync(path, key, { mode: 0o600 });
  return key;
}
