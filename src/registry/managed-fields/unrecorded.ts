import { apiVersionOf, type ResourceDefinition } from '../../resources/definition.js';
import { type JsonObject, without } from '../../resources/json.js';
import { structType } from '../../resources/schema.js';
import type { KubeObject, ManagedFieldsEntry, ObjectMeta } from '../../resources/types.js';
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from '../../resources/well-known.js';
import { type Change, changedAlike, changedFields } from './changed-fields.js';
import { compareEntries } from './managers.js';
import { type NaturalWrite, natureOf } from './natures.js';

/**
 * Objects that only components wrote to (see `natures.ts`) keep no record of who owns their fields: it would be as long as the
 * objects, and of thousands the same. It is told from the object when somebody asks.
 *
 * All that such an object keeps in `metadata.managedFields` is one entry with nothing but a time: when it was written to after it was
 * made. An empty list says that owners are recorded, and nobody owns anything.
 */

/** The owners of an object's fields, as its `metadata.managedFields`. */
export class Owners {
  constructor(
    private readonly template: readonly string[],
    private readonly values: readonly string[],
  ) {}

  /** As JSON. */
  get text(): string {
    const { template, values } = this;
    let text = template[0]!;
    for (let i = 0; i < values.length; i++) text += values[i]! + template[i + 1]!;
    return text;
  }

  get entries(): ManagedFieldsEntry[] {
    return JSON.parse(this.text) as ManagedFieldsEntry[];
  }
}

/** Whether the object keeps a record of its owners. */
export function isRecorded({ metadata: { managedFields } }: KubeObject): boolean {
  return managedFields !== undefined && noteIn(managedFields) === undefined;
}

/** The time that an object without a record notes. */
const noteIn = (entries: readonly ManagedFieldsEntry[] | undefined): string | undefined =>
  entries?.length === 1 && entries[0]!.manager === undefined && entries[0]!.fieldsV1 === undefined
    ? entries[0]!.time
    : undefined;

/** What an object without a record keeps of a write. */
export const note = (time: string): ManagedFieldsEntry[] => [{ time }];

/** The object less what it keeps in place of a record. */
export function withoutNote<T extends KubeObject>(object: T): T {
  const { metadata } = object;
  return noteIn(metadata?.managedFields) === undefined
    ? object
    : { ...object, metadata: without(metadata, 'managedFields') as ObjectMeta };
}

/** The owners of an object without a record; `undefined` if there are none. */
export function unrecordedOwners(kind: ResourceDefinition, object: KubeObject): Owners | undefined {
  const nature = natureOf(kind);
  if (!nature) return undefined;
  const { creationTimestamp, managedFields, ownerReferences } = object.metadata;
  const late = noteIn(managedFields) ?? creationTimestamp;
  const writes = nature.writes({ ...object, metadata: withoutIdentity(object.metadata) });
  const { phase = '' } = (object as { status?: { phase?: string } }).status ?? {};
  const key = `${kind.plural} ${writes[0]!.component} ${ownerReferences?.[0]?.uid} ${phase} ${late === creationTimestamp}`;
  let model = models.get(key);
  if (!model?.fits(kind, writes)) {
    if (models.size >= MAX_MODELS) models.clear();
    models.set(key, (model = new Model(kind, writes, creationTimestamp, late)));
  }
  return model.ownersOf(writes, creationTimestamp, late);
}

/** Metadata, but for who the object is and what the server keeps. */
function withoutIdentity({ generateName, labels, annotations, ownerReferences, finalizers }: ObjectMeta): ObjectMeta {
  // Who deletes with a policy comes to own no finalizer.
  const own = finalizers?.filter(name => name !== FOREGROUND_FINALIZER && name !== ORPHAN_FINALIZER);
  return {
    ...(generateName ? { generateName } : {}),
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
    ...(ownerReferences ? { ownerReferences } : {}),
    ...(own?.length ? { finalizers: own } : {}),
  } as ObjectMeta;
}

/** How many models are remembered before all are forgotten: far more than are in use at a time. */
const MAX_MODELS = 1024;
/** The object of each kind, owner and phase that was told of last: most others of them differ in values alone. */
const models = new Map<string, Model>();

/** Where a value comes in that is an object's own. No JSON contains it. */
const HOLE = '\0';

/** An object whose owners are known, and with them those of all that were made alike. */
class Model {
  readonly #changes: readonly Change[];
  /** The writes that left something to own, by the order of their entries; and whether a value of the object's own is part of that. */
  readonly #told: readonly { readonly index: number; readonly hasOwn: boolean }[];
  readonly #template: readonly string[];

  constructor(kind: ResourceDefinition, writes: readonly NaturalWrite[], creation: string, late: string) {
    this.#changes = writes.map(write => changeOf(write, kind));
    const told = writes
      .map((write, index) => ({
        index,
        manager: write.component,
        operation: 'Update' as const,
        apiVersion: apiVersionOf(write.kind ?? kind),
        time: write.isLate ? late : creation,
        subresource: write.subresource ?? '',
        fields: changedFields(this.#changes[index]!),
      }))
      .filter(({ fields }) => fields !== '')
      .sort(compareEntries);
    const shapes = told.map(({ index, fields }) => {
      const { own } = writes[index]!;
      const at = own ? fields.indexOf(own) : -1;
      return at < 0 ? fields : fields.slice(0, at) + HOLE + fields.slice(at + own!.length);
    });
    this.#told = told.map(({ index }, i) => ({ index, hasOwn: shapes[i]!.includes(HOLE) }));
    const entries = told.map(({ manager, operation, apiVersion, subresource }, i) => {
      const through = subresource ? `,"subresource":"${subresource}"` : '';
      return `{"manager":"${manager}","operation":"${operation}","apiVersion":"${apiVersion}","time":"${HOLE}","fieldsType":"FieldsV1","fieldsV1":${shapes[i]}${through}}`;
    });
    this.#template = `[${entries.join(',')}]`.split(HOLE);
  }

  /** Whether the writes added and changed the same fields as those of the model. */
  fits(kind: ResourceDefinition, writes: readonly NaturalWrite[]): boolean {
    return (
      writes.length === this.#changes.length &&
      writes.every((write, i) => changedAlike(this.#changes[i]!, changeOf(write, kind)))
    );
  }

  /** `undefined` if nobody owns anything. */
  ownersOf(writes: readonly NaturalWrite[], creation: string, late: string): Owners | undefined {
    const values: string[] = [];
    for (const { index, hasOwn } of this.#told) {
      const { isLate, own } = writes[index]!;
      values.push(isLate ? late : creation);
      if (hasOwn) values.push(own!);
    }
    return values.length > 0 ? new Owners(this.#template, values) : undefined;
  }
}

const NOTHING = { metadata: {} };

/** A write by what it can change: through a subresource the status, otherwise all else. */
function changeOf(write: NaturalWrite, stored: ResourceDefinition): Change {
  const { before = NOTHING, after, subresource, kind, own } = write;
  const type = structType((kind ?? stored).schema);
  if (subresource) return { before: statusOf(before), after: statusOf(after), type, own };
  const { apiVersion: _, kind: __, status: ___, ...rest } = after as JsonObject;
  return { before, after: rest, type, own };
}

const statusOf = ({ status }: { status?: unknown }) => ({ status });
