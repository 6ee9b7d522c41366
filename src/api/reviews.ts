import { ISSUER, TokenError } from '../access/account-tokens.js';
import type { User } from '../access/user.js';
import { formatTime } from '../clock/clock.js';
import type { Verdict } from '../registry/authorizer.js';
import { StatusError } from '../registry/status.js';
import type { AnyDraft } from '../resources/definition.js';
import { type FieldError, invalid } from '../resources/field-error.js';
import { missingRoles } from '../resources/policy-rules.js';
import type { KubeObject } from '../resources/types.js';
import type { VirtualRequest } from './virtual.js';

interface AccessSpec {
  readonly resourceAttributes?: {
    readonly namespace?: string;
    readonly verb?: string;
    readonly group?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly name?: string;
  };
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
}

interface SubjectSpec extends AccessSpec {
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** How each kind of question is answered, by kind. */
export const REVIEWS: Readonly<Record<string, (request: VirtualRequest, posted: AnyDraft) => KubeObject>> = {
  TokenReview({ access }, posted) {
    const { token = '', audiences } = specOf<{ token?: string; audiences?: readonly string[] }>(posted);
    if (!token) throw StatusError.badRequest('token is required for TokenReview in authentication');
    try {
      const verified = access.guard.review(token, audiences?.length ? audiences : [ISSUER]);
      const { user } = verified;
      return answered(posted, { authenticated: true, user: userInfo(user), audiences: verified.audiences });
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      return answered(posted, { user: {}, error: error.message });
    }
  },

  SelfSubjectReview({ exchange, registry }, posted) {
    const metadata = { ...posted.metadata, creationTimestamp: formatTime(registry.clock.now()) };
    return answered({ ...posted, metadata }, { userInfo: userInfo(exchange.user) });
  },

  SelfSubjectAccessReview(request, posted) {
    const spec = specOf<AccessSpec>(posted);
    refuse(posted, attributeErrors(spec));
    return answered(posted, statusOf(verdict(request, request.exchange.user, spec)));
  },

  SubjectAccessReview(request, posted) {
    const spec = specOf<SubjectSpec>(posted);
    refuse(posted, [...attributeErrors(spec), ...subjectErrors(spec)]);
    return answered(posted, statusOf(verdict(request, subjectOf(spec), spec)));
  },

  LocalSubjectAccessReview(request, posted) {
    const spec = specOf<SubjectSpec>(posted);
    const { namespace } = request.target;
    const errors = [...attributeErrors(spec), ...subjectErrors(spec)];
    if (spec.nonResourceAttributes)
      errors.push(
        invalid('spec.nonResourceAttributes', spec.nonResourceAttributes, 'disallowed on this kind of request'),
      );
    refuse(posted, errors);
    if (spec.resourceAttributes?.namespace !== namespace)
      throw StatusError.badRequest(`spec.resourceAttributes.namespace must match namespace: ${namespace}`);
    return answered(posted, statusOf(verdict(request, subjectOf(spec), spec)));
  },

  SelfSubjectRulesReview({ access, exchange }, posted) {
    const { namespace = '' } = specOf<{ namespace?: string }>(posted);
    if (!namespace) throw StatusError.badRequest('no namespace on request');
    const { missing, ...rules } = access.authorizer.rules(exchange.user, namespace);
    return answered(posted, {
      ...rules,
      incomplete: false,
      ...(missing.length > 0 ? { evaluationError: missingRoles(missing) } : {}),
    });
  },
};

const specOf = <T>(posted: AnyDraft): T => ((posted as { spec?: T }).spec ?? {}) as T;

const answered = (posted: AnyDraft, status: object): KubeObject => ({ ...posted, status }) as unknown as KubeObject;

function userInfo({ name, uid, groups, extra }: User): object {
  return { username: name, ...(uid ? { uid } : {}), groups, ...(extra ? { extra } : {}) };
}

const subjectOf = ({ user = '', groups = [], uid, extra }: SubjectSpec): User => ({
  name: user,
  groups,
  ...(uid ? { uid } : {}),
  ...(extra ? { extra } : {}),
});

function verdict({ access }: VirtualRequest, user: User, spec: AccessSpec): Verdict {
  const { resourceAttributes: wanted, nonResourceAttributes } = spec;
  if (!wanted) {
    const { verb = '', path = '' } = nonResourceAttributes ?? {};
    return access.authorizer.path(user, { verb, path });
  }
  const { verb = '', group = '', resource = '', subresource = '', namespace = '', name = '' } = wanted;
  return access.authorizer.resource(user, { verb, group, resource, subresource, namespace, name });
}

const statusOf = ({ allowed, reason }: Verdict): object => ({ allowed, ...(reason ? { reason } : {}) });

function attributeErrors({ resourceAttributes, nonResourceAttributes }: AccessSpec): FieldError[] {
  if (resourceAttributes && nonResourceAttributes)
    return [
      invalid(
        'spec.nonResourceAttributes',
        nonResourceAttributes,
        'cannot be specified in combination with resourceAttributes',
      ),
    ];
  if (resourceAttributes || nonResourceAttributes) return [];
  return [
    invalid(
      'spec.resourceAttributes',
      null,
      'exactly one of nonResourceAttributes or resourceAttributes must be specified',
    ),
  ];
}

function subjectErrors({ user = '', groups = [] }: SubjectSpec): FieldError[] {
  return user === '' && groups.length === 0
    ? [invalid('spec.user', user, 'at least one of user or group must be specified')]
    : [];
}

function refuse({ kind, metadata }: AnyDraft, errors: FieldError[]): void {
  // The name, too, has no meaning here.
  if (metadata.name) errors.push(invalid('metadata', metadata, 'must be empty'));
  if (errors.length > 0) throw StatusError.invalid({ group: 'authorization.k8s.io', kind }, '', errors);
}
