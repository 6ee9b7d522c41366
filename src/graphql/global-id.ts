import type { Entry } from '../store/entry.js';

/**
 * A global id, opaque to clients: what finds the object again, by its resource (`daemonsets.apps`). Objects carry their uid too, so that
 * the id of a deleted object does not come to mean its successor of the same name.
 */
export type GlobalId =
  | { readonly resource: string; readonly namespace: string; readonly name: string; readonly uid: string }
  | {
      readonly resource: 'Placement';
      readonly namespace: string;
      readonly name: string;
      readonly uid: string;
      readonly node: string;
    };

/** The global id of an object. */
export function objectId(entry: Entry): string {
  return encode([entry.resource, entry.namespace, entry.name, entry.uid]);
}

/** The global id of a DaemonSet on a node. */
export function placementId(daemonSet: Entry, node: Entry): string {
  return encode(['Placement', daemonSet.namespace, daemonSet.name, daemonSet.uid, node.name]);
}

/** The parts of a global id; undefined for anything that is none. */
export function parseGlobalId(id: string): GlobalId | undefined {
  const parts = decode(id);
  if (!parts) return undefined;
  const [resource, namespace, name, uid, node] = parts;
  if (resource === undefined || namespace === undefined || name === undefined || uid === undefined) return undefined;
  if (resource !== 'Placement') return parts.length === 4 ? { resource, namespace, name, uid } : undefined;
  return node === undefined ? undefined : { resource, namespace, name, uid, node };
}

/** Strings as one opaque, URL-safe word; cursors use it as well. */
export function encode(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** The inverse of {@link encode}; undefined for anything else. */
export function decode(word: string): readonly string[] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(word, 'base64url').toString('utf8'));
    return Array.isArray(parts) && parts.every(part => typeof part === 'string') ? parts : undefined;
  } catch {
    return undefined;
  }
}
