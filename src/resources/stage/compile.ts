import { type FieldError, forbidden, invalid, notSupported, required } from '../field-error.js';
import { JqQuery } from '../jq/query.js';
import { Template } from '../templates/template.js';
import type {
  ExpressionSource,
  Requirement,
  Stage,
  StageEvent,
  StageFinalizers,
  StagePatch,
  StageRequirement,
  StageStep,
} from './types.js';

/** How an object is matched against what a query gives. */
export interface CompiledRequirement {
  readonly query: JqQuery;
  readonly operator: string;
  readonly values: readonly string[];
}

/** A patch whose template has been read. */
export interface CompiledPatch extends Omit<StagePatch, 'template'> {
  readonly template: Template;
}

interface CompiledEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: Template;
}

/** One of these. */
export interface CompiledStep {
  readonly event?: CompiledEvent;
  readonly finalizers?: StageFinalizers;
  readonly delete?: true;
  readonly patch?: CompiledPatch;
}

/** What of a stage has to be read before it can be used. */
export interface StageParts {
  readonly requirements: readonly CompiledRequirement[];
  readonly weightFrom: JqQuery | undefined;
  readonly durationFrom: JqQuery | undefined;
  readonly jitterFrom: JqQuery | undefined;
  readonly steps: readonly CompiledStep[];
}

const WITH_VALUES = ['In', 'NotIn'];
const WITHOUT_VALUES = ['Exists', 'DoesNotExist'];
const NO_CEL = 'CEL is not supported here: say it as a query, in jq';

/** Reads the queries and templates of a stage, and tells what is wrong with them. */
export function compileStage({ spec }: Stage): { readonly parts: StageParts; readonly errors: readonly FieldError[] } {
  const reader = new Reader();
  const { selector, weightFrom, delay } = spec;
  const parts: StageParts = {
    requirements: (selector?.matchExpressions ?? []).flatMap((one, i) =>
      reader.requirement(one, `spec.selector.matchExpressions[${i}]`),
    ),
    weightFrom: reader.source(weightFrom, 'spec.weightFrom'),
    durationFrom: reader.source(delay?.durationFrom, 'spec.delay.durationFrom'),
    jitterFrom: reader.source(delay?.jitterDurationFrom, 'spec.delay.jitterDurationFrom'),
    steps: reader.steps(spec),
  };
  return { parts, errors: reader.errors };
}

class Reader {
  readonly errors: FieldError[] = [];

  source(source: ExpressionSource | undefined, path: string): JqQuery | undefined {
    if (source?.cel) this.errors.push(forbidden(`${path}.cel`, NO_CEL));
    if (source?.jq) return this.#query(`${path}.jq.expression`, source.jq.expression ?? '');
    return source?.expressionFrom ? this.#query(`${path}.expressionFrom`, source.expressionFrom) : undefined;
  }

  requirement({ jq, cel, ...plain }: StageRequirement, path: string): CompiledRequirement[] {
    if (cel) {
      this.errors.push(forbidden(`${path}.cel`, NO_CEL));
      return [];
    }
    return jq ? this.#asked(jq, `${path}.jq`) : this.#asked(plain, path);
  }

  #asked({ key, operator, values = [] }: Requirement, path: string): CompiledRequirement[] {
    if (key === undefined) this.errors.push(required(`${path}.key`));
    if (operator === undefined) this.errors.push(required(`${path}.operator`));
    if (key === undefined || operator === undefined) return [];
    if (![...WITH_VALUES, ...WITHOUT_VALUES].includes(operator))
      this.errors.push(notSupported(`${path}.operator`, operator, [...WITH_VALUES, ...WITHOUT_VALUES]));
    else if (WITH_VALUES.includes(operator) && values.length === 0)
      this.errors.push(required(`${path}.values`, `must be given when the operator is ${operator}`));
    else if (WITHOUT_VALUES.includes(operator) && values.length > 0)
      this.errors.push(invalid(`${path}.values`, values, `must be empty when the operator is ${operator}`));
    const query = this.#query(`${path}.key`, key);
    return query ? [{ query, operator, values }] : [];
  }

  /** What a stage does, one after the other, however it says so. */
  steps({ next, steps }: Stage['spec']): CompiledStep[] {
    if (!next && !steps) this.errors.push(required('spec.next', 'what happens is to be said here, or in spec.steps'));
    const { event, finalizers, delete: deletes, patches = [], statusTemplate } = next ?? {};
    const made: CompiledStep[] = [...this.#step({ event, finalizers, delete: deletes }, 'spec.next')];
    for (const [i, patch] of patches.entries()) made.push(...this.#patch(patch, `spec.next.patches[${i}].template`));
    if (statusTemplate) {
      const { statusSubresource: subresource = 'status', statusPatchAs: impersonation } = next!;
      const patch = {
        subresource,
        root: 'status',
        template: statusTemplate,
        ...(impersonation ? { impersonation } : {}),
      };
      made.push(...this.#patch(patch, 'spec.next.statusTemplate'));
    }
    for (const [i, step] of (steps ?? []).entries()) made.push(...this.#step(step, `spec.steps[${i}]`));
    return made;
  }

  #step({ event, finalizers, delete: deletes, patch }: Optional<StageStep>, path: string): CompiledStep[] {
    return [
      ...(event ? this.#event(event, `${path}.event`) : []),
      ...(finalizers ? [{ finalizers }] : []),
      ...(deletes ? [{ delete: true as const }] : []),
      ...(patch ? this.#patch(patch, `${path}.patch.template`) : []),
    ];
  }

  #event({ type = 'Normal', reason = '', message = '' }: StageEvent, path: string): CompiledStep[] {
    const template = this.#read(`${path}.message`, message, text => new Template(text));
    if (type !== 'Normal' && type !== 'Warning') {
      this.errors.push(notSupported(`${path}.type`, type, ['Normal', 'Warning']));
      return [];
    }
    return template ? [{ event: { type, reason, message: template } }] : [];
  }

  #patch(patch: StagePatch, path: string): CompiledStep[] {
    // As kwok: space around a template counts for nothing.
    const template = this.#read(path, patch.template ?? '', text => new Template(text.trim()));
    return template ? [{ patch: { ...patch, template } }] : [];
  }

  #query(path: string, source: string): JqQuery | undefined {
    return this.#read(path, source, text => new JqQuery(text));
  }

  #read<T>(path: string, source: string, make: (source: string) => T): T | undefined {
    try {
      return make(source);
    } catch (error) {
      this.errors.push(invalid(path, source, (error as Error).message));
      return undefined;
    }
  }
}

type Optional<T> = { [K in keyof T]: T[K] | undefined };
