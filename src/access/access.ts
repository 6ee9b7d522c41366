import type { Authorizer } from '../registry/authorizer.js';
import type { AccountTokens } from './account-tokens.js';

/** What one cluster knows of who asks, and of what they may do. */
export interface Access {
  readonly tokens: AccountTokens;
  readonly authorizer: Authorizer;
}
