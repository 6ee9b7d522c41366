import type { KubeObject } from '../resources/types.js';

/**
 * One version of one object: the JSON that went to disk and goes to every client, and what is needed to find it.
 * Entries never change; a write makes a new one.
 */
export interface Entry<T extends KubeObject = KubeObject> {
  /** Qualified name of the resource: `pods`, `daemonsets.apps`. */
  readonly resource: string;
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The revision of the write that made this version: its `resourceVersion`. */
  readonly revision: number;
  /** The object as JSON, in UTF-8. Begins with `{"kind":"…","apiVersion":"…",`. */
  readonly bytes: Buffer;
  /** The parsed object, shared by all readers: never change it in place. Parsed on demand. */
  readonly object: T;
}

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** One write, as followers of the log see it. */
export interface Change<T extends KubeObject = KubeObject> {
  readonly type: ChangeType;
  readonly revision: number;
  /** When it was written, ms since the epoch by the cluster's clock. */
  readonly time: number;
  /** The new version; for DELETED the last one, its `resourceVersion` set to the revision of the deletion. */
  readonly entry: Entry<T>;
  /** The version before, if there was one and it is still known. */
  readonly previous?: Entry<T> | undefined;
}
