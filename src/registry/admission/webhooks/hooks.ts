import type { MatchCondition, Webhook, WebhookConfiguration } from '../../../resources/admission/configuration.js';
import { compileExpression, type Expression, ExpressionError } from '../../../resources/admission/environment.js';
import type { ResourceDefinition } from '../../../resources/definition.js';
import type { KubeObject } from '../../../resources/types.js';
import type { Registry } from '../../registry.js';
import { StatusError } from '../../status.js';
import type { AdmissionRequest } from '../admission.js';
import { Asked } from '../asked.js';
import { matchedVersion } from '../matching.js';
import { activationOf, conditionsHold, EvaluationError, type ExpressionFault } from '../policies/evaluation.js';
import type { Question } from './consultation.js';
import { CallError, denial, type Verdict } from './response.js';

const GROUP = 'admissionregistration.k8s.io';
const SECOND = 1;
const DEFAULT_SECONDS = 10 * SECOND;

/** A webhook that a request has to get past. */
export interface Hook {
  /** Told apart from all others, also of the same name. */
  readonly id: string;
  readonly name: string;
  readonly webhook: Webhook;
}

/** All webhooks of these configurations, in the order of their names; none for what configures admission itself. */
export function hooksOf(
  registry: Registry,
  configurations: ResourceDefinition<WebhookConfiguration>,
  { kind }: AdmissionRequest,
): readonly Hook[] {
  const entries = registry.all(configurations);
  // Nobody could take a wrong one away if it had a say in that.
  if (entries.length === 0 || kind.group === GROUP || registry.webhooks.letsPass) return NONE;
  return entries.flatMap(({ name, object: { webhooks = [] } }) =>
    webhooks.map((webhook, i) => ({ id: `${name}/${i}`, name: webhook.name ?? '', webhook })),
  );
}

const NONE: readonly Hook[] = [];

/**
 * What a webhook is to be asked about a request; undefined if the request is none of its business.
 * @throws StatusError 400 (it cannot be asked about a dry run), 403 (its conditions cannot be evaluated)
 */
export function questionOf(
  { id, name, webhook }: Hook,
  request: AdmissionRequest,
  registry: Registry,
): { readonly question: Question; readonly kind: ResourceDefinition } | undefined {
  const { rules = [], matchConditions, clientConfig = {}, timeoutSeconds = DEFAULT_SECONDS } = webhook;
  if (rules.length === 0) return undefined;
  const asked = new Asked(request, registry);
  const kind = matchedVersion({ ...webhook, resourceRules: rules }, asked);
  if (!kind || (matchConditions?.length && !fulfils(webhook, matchConditions, asked, kind))) return undefined;
  if (request.options?.dryRun && !['None', 'NoneOnDryRun'].includes(webhook.sideEffects ?? ''))
    throw StatusError.badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`);
  const version = webhook.admissionReviewVersions?.find(one => one === 'v1' || one === 'v1beta1') ?? 'v1';
  const { uid: _, dryRun, options, ...about } = asked.review(kind, '');
  const [object = null, oldObject = null] = [asked.object(kind), asked.oldObject(kind)];
  const review = {
    kind: 'AdmissionReview',
    apiVersion: `admission.k8s.io/${version}`,
    request: { ...about, object, oldObject, dryRun, ...(options ? { options } : {}) },
  };
  const key = JSON.stringify([id, clientConfig, timeoutSeconds, review]);
  return { question: { key, client: clientConfig, timeoutSeconds, review }, kind };
}

const compiled = new WeakMap<readonly MatchCondition[], readonly (Expression | ExpressionFault)[]>();

function fulfils(
  { failurePolicy }: Webhook,
  conditions: readonly MatchCondition[],
  asked: Asked,
  kind: ResourceDefinition,
): boolean {
  let expressions = compiled.get(conditions);
  if (!expressions) compiled.set(conditions, (expressions = conditions.map(compile)));
  try {
    return conditionsHold(expressions, activationOf(asked, kind));
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    if (failurePolicy === 'Ignore') return false;
    throw StatusError.forbidden(asked.request.kind, asked.name, error.message);
  }
}

function compile({ expression = '' }: MatchCondition): Expression | ExpressionFault {
  try {
    return compileExpression(expression.trim(), { authorizer: true });
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { source: expression, fault: error.message };
  }
}

/**
 * Tells the client what the webhook wants told.
 * @throws StatusError if it denied the request
 */
export function heed({ name }: Hook, verdict: Verdict, { options }: AdmissionRequest<KubeObject>): void {
  if (options?.warn) verdict.warnings.forEach(options.warn);
  if (!verdict.allowed) throw denial(name, verdict);
}

/** Carries out what a webhook answered, or what is to be done if it did not. @throws StatusError */
export function orFail<T>({ webhook }: Hook, answered: () => T): T | undefined {
  try {
    return answered();
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    if (webhook.failurePolicy === 'Ignore') return undefined;
    throw StatusError.internal(error.message);
  }
}
