import { setPodTemplateDefaults } from '../defaults/pod-spec.js';
import { define, statusOf } from '../define.js';
import type { ResourceDefinition, Strategy } from '../definition.js';
import { type FieldError, invalid, notSupported, required } from '../field-error.js';
import { cloneJson, equalJson, type JsonObject } from '../json.js';
import { AGE, NAME, printer } from '../printing/printer.js';
import type { KubeObject, PodTemplateSpec } from '../types.js';
import { IMMUTABLE } from '../validation/messages.js';
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
  /** `metadata.generation` counts the changes of what is beside metadata and status, and maybe those of the annotations. */
  readonly generation?: boolean | 'and annotations';
  /** Path → the value that stands where there is none. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** What must be there, and not be empty; behind a parent marked with `?`, only where that is there. */
  readonly required?: readonly string[];
  /** Path → the values that are allowed. */
  readonly oneOf?: Readonly<Record<string, readonly string[]>>;
  /** What stays as it was created. */
  readonly immutable?: readonly string[];
  /** An update must name the version that it was made from. */
  readonly needsResourceVersion?: boolean;
  /** PUT of an object that is not there creates it. */
  readonly createsOnUpdate?: boolean;
  /** Numbers that are left out where they are 0. */
  readonly omitZero?: readonly string[];
  /** Where a pod template stands: it gets its defaults. To check it, and to warn of it, is up to the kind. */
  readonly podTemplate?: string;
}

type PlainStrategy<T extends KubeObject> = Pick<
  Strategy<T>,
  | 'setDefaults'
  | 'prepareForCreate'
  | 'prepareForUpdate'
  | 'prepareForStatusUpdate'
  | 'validateUpdate'
  | 'validateStatusUpdate'
  | 'warnings'
  | 'statusWarnings'
  | 'deletionWarning'
  | 'defaultPropagation'
> & {
  /** What is wrong with the object, on create and on update, which has an `old`. */
  validate?(object: T, old?: T): FieldError[];
};

/** A kind as a row of a table: its names, its rules, and what only code can say. */
type PlainFacts<T extends KubeObject> = PlainRules &
  Pick<ResourceDefinition<T>, 'kind' | 'plural'> &
  Partial<Omit<ResourceDefinition<T>, 'strategy'>> & {
    /** Beside the rules, and after them. */
    readonly strategy?: PlainStrategy<T>;
  };

/** A kind of which everything follows from its row. `T` is the shape that the row's own code sees, defaults filled in. */
export function plainKind<T extends KubeObject = PlainObject>(facts: PlainFacts<NoInfer<T>>): ResourceDefinition<T> {
  return untypedKind(facts as unknown as PlainFacts<PlainObject>) as unknown as ResourceDefinition<T>;
}

function untypedKind(facts: PlainFacts<PlainObject>): ResourceDefinition<PlainObject> {
  const {
    status,
    generation,
    defaults,
    required: _,
    oneOf: __,
    immutable,
    omitZero,
    podTemplate,
    needsResourceVersion,
    createsOnUpdate,
    strategy,
    ...names
  } = facts;
  const validate = (object: PlainObject, old?: PlainObject) => [
    ...ruleErrors(facts, object),
    ...(strategy?.validate?.(object, old) ?? []),
  ];
  return define<PlainObject>({
    printer: printer(NAME, AGE),
    ...names,
    subresources: [...(status ? [statusOf(facts.kind)] : []), ...(facts.subresources ?? [])],
    strategy: {
      setDefaults(object) {
        for (const [path, value] of Object.entries(defaults ?? {})) setDefault(object, path, value);
        for (const path of omitZero ?? []) dropZero(object, path);
        for (const { parent, key } of podTemplate ? placesOf(object, podTemplate, true) : [])
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
        const isSame =
          equalJson(content(object), content(old)) &&
          (generation !== 'and annotations' ||
            equalJson(object.metadata.annotations ?? {}, old.metadata.annotations ?? {}));
        if (generation && !isSame) object.metadata.generation = (old.metadata.generation ?? 0) + 1;
      },
      prepareForStatusUpdate(object, old) {
        keep(
          object,
          old,
          Object.keys({ ...object, ...old }).filter(field => !OWN_FIELDS.includes(field)),
        );
        strategy?.prepareForStatusUpdate?.(object, old);
      },
      validate: object => validate(object),
      validateUpdate: (object, old) => [
        ...validate(object, old),
        ...immutabilityErrors(immutable ?? [], object, old),
        ...(strategy?.validateUpdate?.(object, old) ?? []),
      ],
      ...(needsResourceVersion ? { needsResourceVersion } : {}),
      ...(createsOnUpdate ? { createsOnUpdate } : {}),
      validateStatusUpdate: (object, old) => strategy?.validateStatusUpdate?.(object, old) ?? [],
      ...(strategy?.warnings ? { warnings: strategy.warnings } : {}),
      ...(strategy?.statusWarnings ? { statusWarnings: strategy.statusWarnings } : {}),
      ...(strategy?.deletionWarning ? { deletionWarning: strategy.deletionWarning } : {}),
      ...(strategy?.defaultPropagation ? { defaultPropagation: strategy.defaultPropagation } : {}),
    },
  });
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
  for (const { parent, key } of placesOf(object, path, true)) {
    if (parent[key] === undefined) parent[key] = cloneJson(value);
  }
}

function dropZero(object: PlainObject, path: string): void {
  for (const { parent, key } of placesOf(object, path)) if (parent[key] === 0) delete parent[key];
}

const isEmpty = (value: unknown) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

function ruleErrors({ required: wanted, oneOf }: PlainRules, object: PlainObject): FieldError[] {
  const errors: FieldError[] = [];
  for (const rule of wanted ?? []) {
    // A parent that is missing is as good as an empty one, unless it may be missing.
    for (const { parent, key, path } of placesOf(object, rule, 'imagined'))
      if (isEmpty(parent[key])) errors.push(required(path));
  }
  for (const [rule, allowed] of Object.entries(oneOf ?? {})) {
    for (const { parent, key, path } of placesOf(object, rule)) {
      const value = parent[key];
      if (value !== undefined && !allowed.includes(value as string)) errors.push(notSupported(path, value, allowed));
    }
  }
  return errors;
}

function immutabilityErrors(rules: readonly string[], object: PlainObject, old: PlainObject): FieldError[] {
  const valueAt = (o: PlainObject, rule: string) => {
    const [place] = placesOf(o, rule);
    return place?.parent[place.key];
  };
  return rules
    .filter(rule => !equalJson(valueAt(object, rule), valueAt(old, rule)))
    .map(rule => invalid(rule, valueAt(object, rule), IMMUTABLE));
}
