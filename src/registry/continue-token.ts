import { posix } from 'node:path';
import { goKind } from '../resources/go-format.js';
import { jsonSyntaxError } from '../resources/go-json.js';
import { isObject } from '../resources/json.js';
import { StatusError } from './status.js';

/** Where a paged list goes on. */
export interface ContinueToken {
  /** The revision that all pages show; -1 is "as of now". */
  readonly revision: number;
  /** The key, below the list's own, that the page begins at or behind; see {@link keyBelow}. */
  readonly start: string;
}

const VERSION = 'meta.k8s.io/v1';

/** The key of an object below that of the list it is in: the name, and the namespace where the list goes across all of them. */
export function keyBelow(listed: string | undefined, { namespace, name }: { namespace: string; name: string }): string {
  return namespace && !listed ? `${namespace}/${name}` : name;
}

/** The text for `metadata.continue`; opaque to clients, and in upstream's form. */
export function encodeContinue({ revision, start }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: VERSION, rv: revision, start })).toString('base64url');
}

/** @throws StatusError 400 if the text is no such token */
export function decodeContinue(text: string): ContinueToken {
  const { v, rv, start } = parse(text);
  if (v !== VERSION) throw refuse(`: server does not recognize this encoded version ${JSON.stringify(v ?? '')}`);
  if (typeof rv !== 'number' || rv === 0)
    throw refuse(`: incorrect encoded start resourceVersion (version ${VERSION})`);
  if (typeof start !== 'string' || start === '') throw refuse(`: encoded start key empty (version ${VERSION})`);
  const path = start.startsWith('/') ? start : `/${start}`;
  if (posix.normalize(path) !== path) throw refuse(`: ${start}`);
  return { revision: rv, start: path.slice(1) };
}

function parse(text: string): { v?: unknown; rv?: unknown; start?: unknown } {
  const wrong = /[^\w-]/.exec(text)?.index ?? (text.length % 4 === 1 ? text.length - 1 : undefined);
  if (wrong !== undefined) throw refuse(`: illegal base64 data at input byte ${wrong}`);
  const json = Buffer.from(text, 'base64url');
  // Go's scanner takes each byte for a character.
  const why = jsonSyntaxError(json.toString('latin1'));
  if (why) throw refuse(`: ${why}`);
  const token: unknown = JSON.parse(json.toString('utf8')) ?? {};
  if (!isObject(token))
    throw refuse(`: json: cannot unmarshal ${goKind(token)} into Go value of type storage.continueToken`);
  return token;
}

function refuse(why: string): StatusError {
  return StatusError.badRequest(`invalid continue token: continue key is not valid${why}`);
}
