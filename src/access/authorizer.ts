import type { User } from './user.js';

/** What somebody wants to do to objects. */
export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  /** Empty for cluster-scoped kinds and for all namespaces. */
  readonly namespace: string;
  /** Empty for a collection. */
  readonly name: string;
}

/** What somebody wants of a path that is no resource's. */
interface PathAttributes {
  readonly verb: string;
  readonly path: string;
}

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
  }),
};
