import { isShared } from '../resources/json.js';
import type { KubeObject } from '../resources/types.js';
import type { Entry } from './entry.js';

/**
 * How many parsed objects are kept beside their bytes. Parsed objects are several times as large as bytes, so at 150,000
 * pods most are parsed again when asked for (about 10 µs each).
 */
const PARSED_KEPT = 1 << 15;

/** Remembers the entries that were parsed last; the one that falls out forgets its object. */
export class ParsedObjects {
  readonly #ring: (StoredEntry | undefined)[] = [];
  #next = 0;

  constructor(readonly capacity = PARSED_KEPT) {}

  keep(entry: StoredEntry): void {
    this.#ring[this.#next]?.forget();
    this.#ring[this.#next] = entry;
    this.#next = (this.#next + 1) % this.capacity;
  }
}

/** An {@link Entry} that parses its bytes when somebody looks inside. */
export class StoredEntry<T extends KubeObject = KubeObject> implements Entry<T> {
  #object: T | undefined;

  constructor(
    readonly resource: string,
    readonly namespace: string,
    readonly name: string,
    readonly uid: string,
    readonly revision: number,
    readonly bytes: Buffer,
    private readonly parsed: ParsedObjects,
    object?: T,
  ) {
    this.#object = object;
    if (object) parsed.keep(this);
  }

  get object(): T {
    if (this.#object === undefined) {
      this.#object = JSON.parse(this.bytes.toString('utf8')) as T;
      this.parsed.keep(this);
    }
    return this.#object;
  }

  forget(): void {
    this.#object = undefined;
  }
}

/** An object as bytes, in memory of its own: slices of Node's shared pool would keep their neighbours alive. */
export function serialise(object: KubeObject): Buffer {
  const text = textOf(object);
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text, 'utf8'));
  bytes.write(text, 0, 'utf8');
  return bytes;
}

/** The JSON of what many objects share: the containers of a set's pods. */
const texts = new WeakMap<object, string>();

/** `JSON.stringify(object)`, but that what its spec shares with others is put into text once and for all. */
function textOf(object: KubeObject): string {
  const { containers } = (object as { spec?: { containers?: object } }).spec ?? {};
  if (!containers || !isShared(containers)) return JSON.stringify(object);
  return textOfMembers(object, (key, value) =>
    key === 'spec' ? textOfMembers(value as object, textOfField) : JSON.stringify(value),
  );
}

function textOfMembers(object: object, textOf: (key: string, value: unknown) => string | undefined): string {
  let json = '{';
  for (const key in object) {
    const text = textOf(key, object[key as keyof typeof object]);
    if (text !== undefined) json += `${json.length > 1 ? ',' : ''}"${key}":${text}`;
  }
  return `${json}}`;
}

function textOfField(_key: string, value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !isShared(value)) return JSON.stringify(value);
  let text = texts.get(value);
  if (text === undefined) texts.set(value, (text = JSON.stringify(value)));
  return text;
}
