import { type FieldError, invalid, notSupported, required } from '../field-error.js';
import { JqQuery } from '../jq/query.js';
import { Template } from '../templates/template.js';
import type { ExpressionSource, Stage, StagePatch, StageRequirement } from './types.js';

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

/** What of a stage has to be read before it can be used. */
export interface StageParts {
  readonly requirements: readonly CompiledRequirement[];
  readonly weightFrom: JqQuery | undefined;
  readonly durationFrom: JqQuery | undefined;
  readonly jitterFrom: JqQuery | undefined;
  readonly patches: readonly CompiledPatch[];
}

const WITH_VALUES = ['In', 'NotIn'];
const WITHOUT_VALUES = ['Exists', 'DoesNotExist'];

/** Reads the queries and templates of a stage, and tells what is wrong with them. */
export function compileStage({ spec }: Stage): { readonly parts: StageParts; readonly errors: readonly FieldError[] } {
  const errors: FieldError[] = [];

  function read<T>(path: string, source: string, make: (source: string) => T): T | undefined {
    try {
      return make(source);
    } catch (error) {
      errors.push(invalid(path, source, (error as Error).message));
      return undefined;
    }
  }
  const query = (path: string, source: string) => read(path, source, text => new JqQuery(text));
  const from = (path: string, source: ExpressionSource | undefined) =>
    source?.expressionFrom ? query(`${path}.expressionFrom`, source.expressionFrom) : undefined;

  function requirement(
    { key, operator, values = [] }: StageRequirement,
    path: string,
  ): CompiledRequirement | undefined {
    if (![...WITH_VALUES, ...WITHOUT_VALUES].includes(operator))
      errors.push(notSupported(`${path}.operator`, operator, [...WITH_VALUES, ...WITHOUT_VALUES]));
    else if (WITH_VALUES.includes(operator) && values.length === 0)
      errors.push(required(`${path}.values`, `must be given when the operator is ${operator}`));
    else if (WITHOUT_VALUES.includes(operator) && values.length > 0)
      errors.push(invalid(`${path}.values`, values, `must be empty when the operator is ${operator}`));
    const asked = query(`${path}.key`, key);
    return asked && { query: asked, operator, values };
  }

  function patch(given: StagePatch, path: string): CompiledPatch | undefined {
    // As kwok: space around a template counts for nothing.
    const template = read(path, (given.template ?? '').trim(), text => new Template(text));
    return template && { ...given, template };
  }

  const { selector, delay, next } = spec;
  const requirements = (selector?.matchExpressions ?? []).map((one, i) =>
    requirement(one, `spec.selector.matchExpressions[${i}]`),
  );
  const patches = (next.patches ?? []).map((one, i) => patch(one, `spec.next.patches[${i}].template`));
  if (next.statusTemplate) {
    const { statusTemplate, statusSubresource = 'status', statusPatchAs } = next;
    const status: StagePatch = {
      subresource: statusSubresource,
      root: 'status',
      template: statusTemplate,
      ...(statusPatchAs ? { impersonation: statusPatchAs } : {}),
    };
    patches.push(patch(status, 'spec.next.statusTemplate'));
  }
  const parts: StageParts = {
    requirements: requirements.filter(one => one !== undefined),
    weightFrom: from('spec.weightFrom', spec.weightFrom),
    durationFrom: from('spec.delay.durationFrom', delay?.durationFrom),
    jitterFrom: from('spec.delay.jitterDurationFrom', delay?.jitterDurationFrom),
    patches: patches.filter(one => one !== undefined),
  };
  return { parts, errors };
}
