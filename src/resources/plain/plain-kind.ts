import { setPodTemplateDefaults } from '../defaults/pod-spec.js';
import { define, statusOf } from '../define.js';
import type { ResourceDefinition, Strategy } from '../definition.js';
import { type FieldError, invalid, notSupported, required } from '../field-error.js';
import { cloneJson, equalJson, type JsonObject } from '../json.js';
import { AGE, NAME, printer } from '../printing/printer.js';
import type { KubeObject, PodTemplateSpec } from '../types.js';
import { IMMUTABLE } from '../validation/messages.js';
import { validatePodTemplate } from '../validation/pod-template.js';
import { placesOf } from './paths.js';

/** An object of a kind that Kubette stores, shows and checks, and knows nothing else of. */
export interface PlainObject extends KubeObject {
  spec?: JsonObject;
  status?: JsonObject;
  [field: string]: unknown;
}

/** What can be said of a kind without code. Paths are those of {@link placesOf}. */
interface PlainRules {
  /** There is a status, which only `/status` writes; what it is at first. */
  readonly status?: JsonObject;
  /** `metadata.generation` counts the changes of what is beside metadata and status. */
  readonly generation?: boolean;
  /** Path → the value that stands where there is none. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** What must be there, and not be empty. */
  readonly required?: readonly string[];
  /** Path → the values that are allowed. */
  readonly oneOf?: Readonly<Record<string, readonly string[]>>;
  /** What stays as it was created. */
  readonly immutable?: readonly string[];
  /** An update must name the version that it was made from. */
  readonly needsResourceVersion?: boolean;
  /** Where a pod template stands. */
  readonly podTemplate?: string;
}

/** A kind as a row of a table: its names, its rules, and what only code can say. */
export type PlainFacts = PlainRules &
  Pick<ResourceDefinition<PlainObject>, 'kind' | 'plural'> &
  Partial<Omit<ResourceDefinition<PlainObject>, 'strategy'>> & {
    /** Beside the rules, and after them. */
    readonly strategy?: Pick<
      Strategy<PlainObject>,
      'setDefaults' | 'prepareForCreate' | 'prepareForUpdate' | 'validate' | 'validateUpdate' | 'warnings'
    >;
  };

/** A kind of which everything follows from its row. */
export function plainKind(facts: PlainFacts): ResourceDefinition {
  const {
    status,
    generation,
    defaults,
    required: _,
    oneOf: __,
    immutable,
    podTemplate,
    needsResourceVersion,
    strategy,
    ...names
  } = facts;
  const validate = (object: PlainObject) => [...ruleErrors(facts, object), ...(strategy?.validate?.(object) ?? [])];
  return define<PlainObject>({
    printer: printer(NAME, AGE),
    ...names,
    subresources: [...(status ? [statusOf(facts.kind)] : []), ...(facts.subresources ?? [])],
    strategy: {
      setDefaults(object) {
        for (const [path, value] of Object.entries(defaults ?? {})) setDefault(object, path, value);
        for (const { parent, key } of podTemplate ? placesOf(object, podTemplate) : [])
          setPodTemplateDefaults((parent[key] ??= {}) as PodTemplateSpec);
        strategy?.setDefaults?.(object);
      },
      prepareForCreate(object) {
        if (generation) object.metadata.generation = 1;
        if (status) object.status = cloneJson(status);
        strategy?.prepareForCreate?.(object);
      },
      prepareForUpdate(object, old) {
        if (status) keep(object, old, ['status']);
        strategy?.prepareForUpdate?.(object, old);
        if (generation && !equalJson(content(object), content(old)))
          object.metadata.generation = (old.metadata.generation ?? 0) + 1;
      },
      prepareForStatusUpdate(object, old) {
        keep(
          object,
          old,
          Object.keys({ ...object, ...old }).filter(field => !OWN_FIELDS.includes(field)),
        );
      },
      validate,
      validateUpdate: (object, old) => [
        ...immutabilityErrors(immutable ?? [], object, old),
        ...validate(object),
        ...(strategy?.validateUpdate?.(object, old) ?? []),
      ],
      ...(needsResourceVersion ? { needsResourceVersion } : {}),
      ...(strategy?.warnings ? { warnings: strategy.warnings } : {}),
    },
  }) as unknown as ResourceDefinition;
}

/** What a write to the status may change, or is no part of the content. */
const OWN_FIELDS = ['kind', 'apiVersion', 'metadata', 'status'];

function content(object: PlainObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !OWN_FIELDS.includes(field)));
}

function keep(object: PlainObject, old: PlainObject, fields: readonly string[]): void {
  for (const field of fields) {
    if (old[field] === undefined) delete object[field];
    else object[field] = old[field];
  }
}

function setDefault(object: PlainObject, path: string, value: unknown): void {
  for (const { parent, key } of placesOf(object as unknown as JsonObject, path, true)) {
    if (parent[key] === undefined) parent[key] = cloneJson(value);
  }
}

const isEmpty = (value: unknown) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

function ruleErrors({ required: wanted, oneOf, podTemplate }: PlainRules, object: PlainObject): FieldError[] {
  const errors: FieldError[] = [];
  const json = object as unknown as JsonObject;
  for (const rule of wanted ?? []) {
    // What is missing as a whole is missed with its first part.
    for (const { parent, key, path } of placesOf(json, rule)) if (isEmpty(parent[key])) errors.push(required(path));
  }
  for (const [rule, allowed] of Object.entries(oneOf ?? {})) {
    for (const { parent, key, path } of placesOf(json, rule)) {
      const value = parent[key];
      if (value !== undefined && !allowed.includes(value as string)) errors.push(notSupported(path, value, allowed));
    }
  }
  for (const { parent, key, path } of podTemplate ? placesOf(json, podTemplate) : []) {
    if (parent[key]) validatePodTemplate(errors, path, parent[key] as PodTemplateSpec);
  }
  return errors;
}

function immutabilityErrors(rules: readonly string[], object: PlainObject, old: PlainObject): FieldError[] {
  const valueAt = (o: PlainObject, rule: string) => {
    const [place] = placesOf(o as unknown as JsonObject, rule);
    return place?.parent[place.key];
  };
  return rules
    .filter(rule => !equalJson(valueAt(object, rule), valueAt(old, rule)))
    .map(rule => invalid(rule, valueAt(object, rule), IMMUTABLE));
}
