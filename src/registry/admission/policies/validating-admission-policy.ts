import type {
  PolicySpec,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  Validation,
} from '../../../resources/admission/configuration.js';
import {
  type Activation,
  compileExpression,
  type Expression,
  ExpressionError,
  type Scope,
} from '../../../resources/admission/environment.js';
import { LazyMap } from '../../../resources/cel/dynamic.js';
import { type CelType, DYN } from '../../../resources/cel/types.js';
import type { Value } from '../../../resources/cel/values.js';
import type { ResourceDefinition } from '../../../resources/definition.js';
import { validatingAdmissionPolicies, validatingAdmissionPolicyBindings } from '../../../resources/plain/admission.js';
import type { KubeObject } from '../../../resources/types.js';
import type { Registry } from '../../registry.js';
import { StatusError } from '../../status.js';
import type { AdmissionPlugin, AdmissionRequest } from '../admission.js';
import { Asked } from '../asked.js';
import { matchedVersion } from '../matching.js';
import {
  activationOf,
  conditionsHold,
  EvaluationError,
  Evaluator,
  type ExpressionFault,
  OutOfBudget,
  POLICY_BUDGET,
} from './evaluation.js';
import { ConfigurationError, paramsOf } from './params.js';

const GROUP = 'admissionregistration.k8s.io';
/** Policies have no say in these: nobody could be let in again to take a wrong one away. */
const EXEMPT: readonly string[] = [
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
];

const CODES: Readonly<Record<string, number>> = {
  Forbidden: 403,
  Unauthorized: 401,
  RequestEntityTooLarge: 413,
  Invalid: 422,
};
const MAX_MESSAGE_BYTES = 5 * 1024;

/** What one expression of a policy says against a request. */
interface Objection {
  readonly message: string;
  readonly reason?: string;
}

/** An objection of a policy, which a binding made it say if it was that far. */
interface Denial extends Objection {
  readonly policy: string;
  readonly binding?: string;
}

/** Asks the policies that users wrote in CEL. */
export const validatingAdmissionPolicy: AdmissionPlugin = {
  name: 'ValidatingAdmissionPolicy',
  isConfigurable: true,
  validate(request, registry) {
    const bindings = registry.all(validatingAdmissionPolicyBindings);
    if (bindings.length === 0 || (request.kind.group === GROUP && EXEMPT.includes(request.kind.plural)))
      return undefined;
    const asked = new Asked(request, registry);
    const denials = [...boundPolicies(registry, bindings)].flatMap(([policy, bound]) =>
      denialsOf(policy, bound, asked),
    );
    const [first] = denials;
    if (first) throw refusal(request, first);
    return undefined;
  },
};

/** The policies that are bound, with their bindings, by name. */
function boundPolicies(
  registry: Registry,
  bindings: readonly { readonly object: ValidatingAdmissionPolicyBinding }[],
): Map<ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding[]> {
  const bound = new Map<ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding[]>();
  for (const { object: policy } of registry.all(validatingAdmissionPolicies)) {
    const own = bindings.flatMap(({ object }) => (object.spec.policyName === policy.metadata.name ? [object] : []));
    if (own.length > 0) bound.set(policy, own);
  }
  return bound;
}

function denialsOf(
  policy: ValidatingAdmissionPolicy,
  bindings: readonly ValidatingAdmissionPolicyBinding[],
  asked: Asked,
): Denial[] {
  const { spec } = policy;
  const { name } = policy.metadata;
  const kind = matchedVersion(spec.matchConstraints ?? {}, asked);
  if (!kind) return [];
  const denials: Denial[] = [];
  for (const binding of bindings) {
    const { matchResources, paramRef, validationActions = [] } = binding.spec;
    if (matchResources && !matchedVersion(matchResources, asked)) continue;
    const where = { policy: name, binding: binding.metadata.name };
    try {
      for (const params of paramsOf(spec.paramKind, paramRef, asked)) {
        const { objections, faults } = new Inquiry(compiled(policy), asked, kind, params).outcome();
        for (const objection of objections) {
          if (validationActions.includes('Deny')) denials.push({ ...where, ...objection });
          if (validationActions.includes('Warn')) {
            const what = `Validation failed for ValidatingAdmissionPolicy '${name}' with binding '${where.binding}'`;
            asked.request.options?.warn?.(`${what}: ${objection.message}`);
          }
        }
        denials.push(...faults.map(message => ({ ...where, message })));
      }
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      const { message } = error;
      if (error.what === 'policy')
        return spec.failurePolicy === 'Ignore' ? [] : [...denials, { policy: name, message }];
      if (spec.failurePolicy !== 'Ignore') denials.push({ ...where, message });
    }
  }
  return denials;
}

function refusal(
  { kind, name }: AdmissionRequest,
  { policy, binding, message, reason = 'Invalid' }: Denial,
): StatusError {
  const by = binding === undefined ? '' : ` with binding '${binding}'`;
  const text = `ValidatingAdmissionPolicy '${policy}'${by} denied request: ${message}`;
  const forbidden = StatusError.forbidden(kind, name, text, [{ message: text }]);
  return new StatusError(CODES[reason] ?? 500, reason, forbidden.message, forbidden.details);
}

// ---- a policy made ready ----

type Compiled = Expression | ExpressionFault;

interface CompiledPolicy {
  readonly spec: PolicySpec;
  readonly conditions: readonly Compiled[];
  readonly variables: readonly (readonly [name: string, expression: Compiled])[];
  readonly validations: readonly { readonly rule: Validation; readonly holds: Compiled; readonly message?: Compiled }[];
  readonly annotations: readonly Compiled[];
}

const known = new WeakMap<ValidatingAdmissionPolicy, CompiledPolicy>();

function compiled(policy: ValidatingAdmissionPolicy): CompiledPolicy {
  let found = known.get(policy);
  if (!found) known.set(policy, (found = compilePolicy(policy.spec)));
  return found;
}

function compilePolicy(spec: PolicySpec): CompiledPolicy {
  const params = spec.paramKind !== undefined;
  const types = new Map<string, CelType>();
  const variables = (spec.variables ?? []).map(({ name = '', expression = '' }) => {
    const made = tryCompile(expression, { params, authorizer: true, variables: new Map(types) });
    types.set(name, 'fault' in made ? DYN : made.type);
    return [name, made] as const;
  });
  const scope: Scope = { params, authorizer: true, variables: types };
  return {
    spec,
    variables,
    conditions: (spec.matchConditions ?? []).map(({ expression = '' }) =>
      tryCompile(expression.trim(), { params, authorizer: true }),
    ),
    validations: (spec.validations ?? []).map(rule => ({
      rule,
      holds: tryCompile(rule.expression ?? '', scope),
      ...(rule.messageExpression ? { message: tryCompile(rule.messageExpression, scope) } : {}),
    })),
    annotations: (spec.auditAnnotations ?? []).map(({ valueExpression = '' }) =>
      tryCompile(valueExpression.trim(), scope),
    ),
  };
}

function tryCompile(source: string, scope: Scope): Compiled {
  try {
    return compileExpression(source, scope);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { source, fault: error.message };
  }
}

/** A policy asked about a request, with one set of parameters. */
class Inquiry {
  private readonly evaluator = new Evaluator(POLICY_BUDGET);
  private readonly activation: Activation;

  constructor(
    private readonly policy: CompiledPolicy,
    asked: Asked,
    kind: ResourceDefinition,
    params: KubeObject | null,
  ) {
    const variables: LazyMap = new LazyMap(
      new Map(
        policy.variables.map(([name, expression]) => [
          name,
          () => this.evaluator.variable(name, expression, this.activation),
        ]),
      ),
    );
    this.activation = activationOf(asked, kind, params, new Map([['variables', () => variables as Value]]));
  }

  /** What is said against the request, as bindings want it told, and what refuses it in any case. */
  outcome(): { objections: readonly Objection[]; faults: readonly string[] } {
    const { conditions, validations, annotations } = this.policy;
    const objections: Objection[] = [];
    try {
      if (!conditionsHold(conditions, this.activation)) return { objections, faults: [] };
      for (const { rule, holds, message } of validations) {
        const objection = this.objection(rule, holds, message);
        if (objection) objections.push(objection);
      }
      return { objections, faults: annotations.flatMap(one => this.annotationFault(one)) };
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      return { objections: this.failure(error), faults: [] };
    }
  }

  /** An error counts as a refusal, if the policy says so. */
  private failure({ message }: EvaluationError): readonly Objection[] {
    return this.policy.spec.failurePolicy === 'Ignore' ? [] : [{ message }];
  }

  private objection(rule: Validation, holds: Compiled, message: Compiled | undefined): Objection | undefined {
    try {
      if (this.evaluator.evaluate(holds, this.activation) === true) return undefined;
    } catch (error) {
      if (!(error instanceof EvaluationError) || error instanceof OutOfBudget) throw error;
      return this.failure(error)[0];
    }
    const { expression = '', reason = 'Invalid' } = rule;
    const said =
      (message && this.message(message)) || rule.message?.trim() || `failed expression: ${expression.trim()}`;
    return { message: said, reason };
  }

  /** What the rule's own expression says; nothing if it fails, or says what cannot be shown. */
  private message(expression: Compiled): string | undefined {
    try {
      const value = this.evaluator.evaluate(expression, this.activation);
      const text = typeof value === 'string' ? value.trim() : '';
      return text.includes('\n') || Buffer.byteLength(text) > MAX_MESSAGE_BYTES ? undefined : text;
    } catch (error) {
      if (error instanceof OutOfBudget) throw new OutOfBudget('failed messageExpression');
      if (error instanceof EvaluationError) return undefined;
      throw error;
    }
  }

  /** Nobody keeps a log of audits, but what cannot be told there is refused. */
  private annotationFault(expression: Compiled): string[] {
    try {
      this.evaluator.evaluate(expression, this.activation);
      return [];
    } catch (error) {
      if (!(error instanceof EvaluationError) || error instanceof OutOfBudget) throw error;
      return this.failure(error).map(({ message }) => message);
    }
  }
}
