import type { ResourceDefinition } from '../resources/definition.js';
import { without } from '../resources/json.js';
import type { KubeObject, ObjectMeta } from '../resources/types.js';
import type { Entry } from '../store/entry.js';
import { natureOf } from './managed-fields/natures.js';
import { isRecorded, type Owners, unrecordedOwners } from './managed-fields/unrecorded.js';

const views = new WeakMap<Entry, Entry>();

/** An entry as clients see it, with the owners of all its fields: itself where it has a record of them. */
export function clientView<T extends KubeObject, E extends Entry<T> | undefined>(
  kind: ResourceDefinition<T>,
  entry: E,
): E {
  if (!entry) return entry;
  let view = views.get(entry);
  if (!view) {
    const stored = kind.stored?.kind ?? (kind as unknown as ResourceDefinition);
    views.set(entry, (view = isWhole(stored, entry) ? entry : new ClientView(stored, entry)));
  }
  return view as E;
}

const MANAGED_FIELDS = Buffer.from('"managedFields":');

/** Whether clients see an entry as it is stored. Most do not even name owners, which is seen without parsing them. */
function isWhole(stored: ResourceDefinition, entry: Entry): boolean {
  if (!entry.bytes.includes(MANAGED_FIELDS)) return !natureOf(stored);
  const { managedFields } = entry.object.metadata;
  return isRecorded(entry.object) ? managedFields!.length > 0 : !managedFields && !natureOf(stored);
}

/** The length of the object's JSON, which costs less than to make it. */
export function lengthOf(entry: Entry): number {
  return entry instanceof ClientView ? entry.pieces.reduce((sum, { length }) => sum + length, 0) : entry.bytes.length;
}

/** The object's metadata, as JSON. */
export function metadataJson(entry: Entry): string {
  if (!(entry instanceof ClientView)) return JSON.stringify(entry.object.metadata);
  const text = JSON.stringify(entry.bareMetadata);
  const { owners } = entry;
  return owners ? `{"managedFields":${owners.text},${text.slice(1)}` : text;
}

/** How many views remember their pieces: an event goes to many watches, and some objects are read again and again. */
const REMEMBERED = 256;
const lastAsked: WeakRef<ClientView>[] = [];
let turn = 0;

/** An entry whose owners are told from what the object looks like. Light: what it tells is put together for whoever asks. */
class ClientView<T extends KubeObject = KubeObject> implements Entry<T> {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly revision: number;
  readonly #kind: ResourceDefinition;
  readonly #stored: Entry<T>;
  #told = false;
  #owners: Owners | undefined;
  #pieces: Buffer[] | undefined;

  constructor(kind: ResourceDefinition, stored: Entry<T>) {
    ({
      resource: this.resource,
      namespace: this.namespace,
      name: this.name,
      uid: this.uid,
      revision: this.revision,
    } = stored);
    this.#kind = kind;
    this.#stored = stored;
  }

  /** `undefined`: nobody. */
  get owners(): Owners | undefined {
    if (!this.#told && !isRecorded(this.#stored.object))
      this.#owners = unrecordedOwners(this.#kind, this.#stored.object);
    this.#told = true;
    return this.#owners;
  }

  /** Its metadata without owners. */
  get bareMetadata(): ObjectMeta {
    const { metadata } = this.#stored.object;
    return metadata.managedFields ? (without(metadata, 'managedFields') as ObjectMeta) : metadata;
  }

  get object(): T {
    const view = this;
    const metadata: ObjectMeta = {
      ...this.bareMetadata,
      // Of many lists, nobody looks at the owners.
      get managedFields() {
        return view.owners?.entries;
      },
    };
    return { ...this.#stored.object, metadata };
  }

  get bytes(): Buffer {
    const { pieces } = this;
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }

  /** The stored bytes with the owners put in where metadata begins, and what was kept in their place taken out. */
  get pieces(): Buffer[] {
    if (!this.#pieces) {
      this.#pieces = this.#cut();
      const oldest = lastAsked[turn]?.deref();
      if (oldest) oldest.#pieces = undefined;
      lastAsked[turn] = new WeakRef(this);
      turn = (turn + 1) % REMEMBERED;
    }
    return this.#pieces;
  }

  #cut(): Buffer[] {
    const { bytes, object } = this.#stored;
    const { kind, apiVersion, metadata } = object;
    const start = `{"kind":"${kind}","apiVersion":"${apiVersion}","metadata":{`.length;
    const owners = this.owners;
    const head = owners
      ? [bytes.subarray(0, start), Buffer.from(`"managedFields":${owners.text},`)]
      : [bytes.subarray(0, start)];
    if (!metadata.managedFields) return owners ? [...head, bytes.subarray(start)] : [bytes];
    const kept = `"managedFields":${JSON.stringify(metadata.managedFields)}`;
    const at = bytes.indexOf(kept, start);
    let end = at + kept.length;
    // With one of the commas beside it.
    const isLast = bytes[end] !== COMMA;
    if (!isLast) end++;
    return [...head, bytes.subarray(start, isLast ? at - 1 : at), bytes.subarray(end)];
  }
}

const COMMA = ','.charCodeAt(0);
