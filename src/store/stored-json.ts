import { isShared, type JsonObject, setKey } from '../resources/json.js';
import type { KubeObject } from '../resources/types.js';

/**
 * The JSON of one version of an object: text as the write made it, and bytes from when somebody first sends it. Most versions
 * are overwritten before anybody asks for them.
 */
export class StoredJson {
  #content: string | Buffer;

  /** @param content text, or UTF-8 in a buffer of its own */
  constructor(content: string | Buffer) {
    this.#content = content;
  }

  static of(object: KubeObject): StoredJson {
    return new StoredJson(textOf(object));
  }

  /** As it is at hand: what a database takes. */
  get content(): string | Buffer {
    return this.#content;
  }

  /** In UTF-8. */
  get bytes(): Buffer {
    if (typeof this.#content === 'string') {
      // In memory of its own: slices of Node's shared pool would keep their neighbours alive.
      const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(this.#content, 'utf8'));
      bytes.write(this.#content, 0, 'utf8');
      this.#content = bytes;
    }
    return this.#content;
  }

  /** How long it is: exact in bytes, or in characters, whichever it is at hand in. */
  get length(): number {
    return this.#content.length;
  }

  parse(): unknown {
    return JSON.parse(typeof this.#content === 'string' ? this.#content : this.#content.toString('utf8'));
  }
}

/** The JSON of what many objects share: the containers of a set's pods. */
const texts = new WeakMap<object, string>();

/**
 * `JSON.stringify(object)`, but that what it shares with others is put into text once and for all. In the same order: so it does not matter for
 * the text of its next version whether it was parsed again in between.
 */
function textOf(object: KubeObject): string {
  const { containers } = (object as { spec?: { containers?: object } }).spec ?? {};
  if (!containers || !isShared(containers)) return JSON.stringify(object);
  const parts: string[] = [];
  for (const key in object) {
    const value = object[key as keyof KubeObject] as unknown;
    if (value === undefined) continue;
    const text = key === 'metadata' || key === 'spec' ? textOfFields(value as JsonObject) : JSON.stringify(value);
    parts.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${parts.join(',')}}`;
}

function textOfFields(fields: JsonObject): string {
  const pieces: string[] = [];
  let own: JsonObject = {};
  // Several of its own that stand side by side are put into text together.
  const flush = () => {
    const text = JSON.stringify(own);
    if (text.length > 2) pieces.push(text.slice(1, -1));
    own = {};
  };
  for (const key in fields) {
    const value = fields[key];
    if (typeof value === 'object' && value !== null && isShared(value)) {
      flush();
      pieces.push(`${JSON.stringify(key)}:${remembered(value)}`);
    } else setKey(own, key, value);
  }
  flush();
  return `{${pieces.join(',')}}`;
}

function remembered(value: object): string {
  let text = texts.get(value);
  if (text === undefined) texts.set(value, (text = JSON.stringify(value)));
  return text;
}
