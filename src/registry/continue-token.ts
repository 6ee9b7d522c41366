import { StatusError } from './status.js';

/** Where a paged list goes on: after which object, and at which revision; -1 is "as of now". */
export interface ContinueToken {
  readonly revision: number;
  readonly namespace: string;
  readonly name: string;
}

/** An opaque text for `metadata.continue`. */
export function encodeContinue(token: ContinueToken): string {
  return Buffer.from(
    JSON.stringify({ v: 'kubette/v1', rv: token.revision, ns: token.namespace, name: token.name }),
  ).toString('base64url');
}

/** @throws StatusError 400 if the text is none of ours. */
export function decodeContinue(text: string): ContinueToken {
  try {
    const { v, rv, ns, name } = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Record<string, unknown>;
    if (v === 'kubette/v1' && typeof rv === 'number' && typeof ns === 'string' && typeof name === 'string') {
      return { revision: rv, namespace: ns, name };
    }
  } catch {
    // falls through: not ours
  }
  throw StatusError.badRequest('invalid continue token: continue key is not valid: it was not made by this server');
}
