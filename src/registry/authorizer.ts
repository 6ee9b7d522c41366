import type { PathAttributes, ResourceAttributes, RoleName } from '../resources/policy-rules.js';
import type { User } from './types.js';

export interface Verdict {
  readonly allowed: boolean;
  /** Why, in upstream's words; empty where there is nothing to say. */
  readonly reason: string;
}

/** Rules of one user, as SelfSubjectRulesReview shows them. */
export interface RuleList {
  readonly resourceRules: readonly {
    readonly verbs: readonly string[];
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
  }[];
  readonly nonResourceRules: readonly {
    readonly verbs: readonly string[];
    readonly nonResourceURLs: readonly string[];
  }[];
  /** Roles that are bound to the user, and are not there. */
  readonly missing: readonly RoleName[];
}

/** Says who may do what. */
export interface Authorizer {
  /** True if all may do everything, so that nobody needs to ask. */
  readonly allowsAll: boolean;
  resource(user: User, attributes: ResourceAttributes): Verdict;
  path(user: User, attributes: PathAttributes): Verdict;
  /** What `user` may do in a namespace. */
  rules(user: User, namespace: string): RuleList;
}

const ALLOWED: Verdict = { allowed: true, reason: '' };

/** `--authorization-mode=AlwaysAllow`. */
export const ALWAYS_ALLOW: Authorizer = {
  allowsAll: true,
  resource: () => ALLOWED,
  path: () => ALLOWED,
  rules: () => ({
    resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
    nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
    missing: [],
  }),
};
