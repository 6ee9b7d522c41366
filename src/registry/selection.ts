import { isCustom, type ResourceDefinition } from '../resources/definition.js';
import { type FieldRequirement, parseFieldSelector, parseLabelSelector } from '../resources/selector.js';
import type { KubeObject } from '../resources/types.js';
import type { Entry } from '../store/entry.js';
import { messageOf, StatusError } from './status.js';

/** Label and field selectors of a list or a watch, made ready to be asked about many objects. */
export interface Selection<T extends KubeObject = KubeObject> {
  /** True if nothing is left out. */
  readonly everything: boolean;
  /** The one name that an object must have to be selected. */
  readonly name: string | undefined;
  matches(entry: Entry<T>): boolean;
}

/** Selectors as they are written, whatever kind they are meant for. */
export interface Selectors {
  readonly labels: ReturnType<typeof parseLabelSelector> | undefined;
  readonly fields: readonly FieldRequirement[];
}

/** @throws StatusError 400 for a selector that cannot be parsed */
export function parseSelectors(options: { labelSelector?: string; fieldSelector?: string }): Selectors {
  return {
    labels: options.labelSelector ? parsed(() => parseLabelSelector(options.labelSelector!)) : undefined,
    fields: options.fieldSelector ? parsed(() => parseFieldSelector(options.fieldSelector!)) : [],
  };
}

/** @throws StatusError 400 for a field that the kind does not select by */
export function select<T extends KubeObject>(
  kind: ResourceDefinition<T>,
  { labels, fields: requirements }: Selectors,
): Selection<T> {
  const fields = requirements.map(r => fieldTest(kind, r));
  return {
    everything: !labels && fields.length === 0,
    name: requirements.find(({ field, operator }) => field === 'metadata.name' && operator !== '!=')?.value,
    matches: entry => fields.every(test => test(entry)) && (!labels || labels.matches(entry.object.metadata.labels)),
  };
}

function parsed<R>(parse: () => R): R {
  try {
    return parse();
  } catch (error) {
    if (error instanceof StatusError) throw error;
    throw StatusError.badRequest(messageOf(error));
  }
}

function fieldTest<T extends KubeObject>(
  kind: ResourceDefinition<T>,
  { field, operator, value }: FieldRequirement,
): (entry: Entry<T>) => boolean {
  const valueIn = fieldOf(kind, field);
  const equal = operator !== '!=';
  return entry => (valueIn(entry) === value) === equal;
}

/** Whether a kind has a rule of its own about fields to select by, as custom kinds have; the others share one, and one wording. */
const hasOwnFields = (kind: Pick<ResourceDefinition, 'selectableFields' | 'schema'>) =>
  isCustom(kind) || Object.keys(kind.selectableFields).length > 0;

/** @throws StatusError 400 for a field that the kind does not select by */
function fieldOf<T extends KubeObject>(kind: ResourceDefinition<T>, field: string): (entry: Entry<T>) => string {
  if (field === 'metadata.name') return entry => entry.name;
  // Where there are no namespaces it is empty, and a label only for kinds without fields of their own.
  if (field === 'metadata.namespace' && (kind.namespaced || !hasOwnFields(kind))) return entry => entry.namespace;
  const valueIn = Object.hasOwn(kind.selectableFields, field) ? kind.selectableFields[field] : undefined;
  if (valueIn) return entry => valueIn(entry.object);
  throw StatusError.badRequest(unknownField(kind, field));
}

function unknownField(
  kind: Pick<ResourceDefinition, 'selectableFields' | 'schema' | 'unknownField'>,
  field: string,
): string {
  if (kind.unknownField) return kind.unknownField(field);
  return hasOwnFields(kind)
    ? `field label not supported: ${field}`
    : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
}
