import { CelFailure, Opaque } from '../values.js';
import type { Row, Work } from './overload.js';

/** What is asked of an authorizer: about an object, or about a path. */
type AccessQuestion =
  | {
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      readonly subresource: string;
      readonly namespace: string;
      readonly name: string;
    }
  | { readonly verb: string; readonly path: string };

interface Account {
  readonly namespace: string;
  readonly name: string;
}

interface Answer {
  readonly allowed: boolean;
  readonly reason: string;
}

/** Answers for whoever makes the request, or for the service account `as`. */
export type AskAccess = (question: AccessQuestion, as: Account | undefined) => Answer;

/** The variable `authorizer`. */
export class AuthorizerValue extends Opaque {
  readonly type = 'kubernetes.authorization.Authorizer';

  constructor(
    readonly ask: AskAccess,
    readonly as?: Account,
  ) {
    super();
  }
}

class PathCheck extends Opaque {
  readonly type = 'kubernetes.authorization.PathCheck';

  constructor(
    readonly by: AuthorizerValue,
    readonly path: string,
  ) {
    super();
  }
}

class GroupCheck extends Opaque {
  readonly type = 'kubernetes.authorization.GroupCheck';

  constructor(
    readonly by: AuthorizerValue,
    readonly group: string,
  ) {
    super();
  }
}

type About = Omit<Extract<AccessQuestion, { resource: string }>, 'verb'>;

/** A question about objects, to which only the verb is missing: `authorizer.group('apps').resource('deployments')`. */
export class ResourceCheck extends Opaque {
  readonly type = 'kubernetes.authorization.ResourceCheck';

  constructor(
    readonly by: AuthorizerValue,
    readonly about: About,
  ) {
    super();
  }

  with(change: Partial<About>): ResourceCheck {
    return new ResourceCheck(this.by, { ...this.about, ...change });
  }
}

class Decision extends Opaque {
  readonly type = 'kubernetes.authorization.Decision';

  constructor(readonly answer: Answer) {
    super();
  }

  override equals(other: Opaque): boolean {
    return other instanceof Decision && other.answer.allowed === this.answer.allowed;
  }
}

const decide = (by: AuthorizerValue, question: AccessQuestion) => new Decision(by.ask(question, by.as));

/** Asking is dear, whatever is asked. */
const ask: Work = () => 350_000;

/** The part of Kubernetes' library that asks what somebody may do. */
export const AUTHORIZER: readonly Row[] = [
  [
    'Authorizer.path(string) PathCheck',
    (by: AuthorizerValue, path: string) => {
      if (path === '') throw new CelFailure('path must not be empty');
      return new PathCheck(by, path);
    },
  ],
  ['Authorizer.group(string) GroupCheck', (by: AuthorizerValue, group: string) => new GroupCheck(by, group)],
  [
    'Authorizer.serviceAccount(string, string) Authorizer',
    (by: AuthorizerValue, namespace: string, name: string) => new AuthorizerValue(by.ask, { namespace, name }),
  ],
  ['PathCheck.check(string) Decision', ({ by, path }: PathCheck, verb: string) => decide(by, { verb, path }), ask],
  [
    'GroupCheck.resource(string) ResourceCheck',
    ({ by, group }: GroupCheck, resource: string) =>
      new ResourceCheck(by, { group, resource, subresource: '', namespace: '', name: '' }),
  ],
  ['ResourceCheck.subresource(string) ResourceCheck', (of: ResourceCheck, to: string) => of.with({ subresource: to })],
  ['ResourceCheck.namespace(string) ResourceCheck', (of: ResourceCheck, to: string) => of.with({ namespace: to })],
  ['ResourceCheck.name(string) ResourceCheck', (of: ResourceCheck, to: string) => of.with({ name: to })],
  // What lists are narrowed to, no role speaks of.
  ['ResourceCheck.fieldSelector(string) ResourceCheck', (of: ResourceCheck) => of],
  ['ResourceCheck.labelSelector(string) ResourceCheck', (of: ResourceCheck) => of],
  [
    'ResourceCheck.check(string) Decision',
    ({ by, about }: ResourceCheck, verb: string) => decide(by, { verb, ...about }),
    ask,
  ],
  ['Decision.allowed() bool', ({ answer }: Decision) => answer.allowed],
  ['Decision.reason() string', ({ answer }: Decision) => answer.reason],
  ['Decision.errored() bool', () => false],
  ['Decision.error() string', () => ''],
];
