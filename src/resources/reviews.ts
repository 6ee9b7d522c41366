import { define } from './define.js';
import type { ResourceDefinition } from './definition.js';

/** Questions and their answers in one object. They are posted and answered, never stored. */

const AUTHENTICATION = 'authentication.k8s.io';
const AUTHORIZATION = 'authorization.k8s.io';

const review = (group: string, kind: string, namespaced = false): ResourceDefinition =>
  define({ group, kind, plural: `${kind.toLowerCase()}s`, namespaced, verbs: ['create'], virtual: true });

/** The body of `serviceaccounts/NAME/token`; has no path of its own. */
export const tokenRequests = review(AUTHENTICATION, 'TokenRequest', true);

export const reviews: readonly ResourceDefinition[] = [
  review(AUTHENTICATION, 'TokenReview'),
  review(AUTHENTICATION, 'SelfSubjectReview'),
  review(AUTHORIZATION, 'SelfSubjectAccessReview'),
  review(AUTHORIZATION, 'SubjectAccessReview'),
  review(AUTHORIZATION, 'LocalSubjectAccessReview', true),
  review(AUTHORIZATION, 'SelfSubjectRulesReview'),
];
