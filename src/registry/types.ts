import type { ResourceDefinition } from '../resources/definition.js';
import type { KubeObject } from '../resources/types.js';
import type { Entry } from '../store/entry.js';
import type { Component } from './managed-fields/natures.js';
import type { StatusError } from './status.js';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

/** Who makes a request, as authentication found out. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** What every write may be told. */
export interface WriteOptions {
  /** Evaluate, admit and validate, then store nothing. */
  dryRun?: boolean;
  /** Name in `managedFields`; for HTTP the `fieldManager` parameter or the first word of the User-Agent. Without one, a component of the cluster writes. */
  fieldManager?: string | undefined;
  /** Which component of the cluster writes, where no client does: the controller manager, unless told otherwise. */
  component?: Component;
  /** The owners of fields stay as the object tells them: nobody comes to own what is written. */
  keepsOwners?: boolean;
  /** The version that the request is in, where it is not the one that is stored: for `managedFields`. */
  apiVersion?: string;
  /**
   * Write through a subresource: `status` changes only status and mutable metadata, `finalize` only a namespace's
   * `spec.finalizers`, any other what the kind's `partialUpdates` say of it. `scale` is a write like any
   * other, but tells the owners of fields what it came through.
   */
  subresource?: string;
  /** On whose behalf; nobody's where the cluster itself writes. */
  user?: User;
  /** What to do about unknown and duplicate fields; `Ignore` unless told otherwise. */
  fieldValidation?: FieldValidation;
  /** Called with each warning that belongs in the `Warning` header. */
  warn?: (message: string) => void;
}

export type PropagationPolicy = 'Background' | 'Foreground' | 'Orphan';

export interface DeleteOptions {
  dryRun?: boolean;
  /** Seconds; 0 removes at once. */
  gracePeriodSeconds?: number;
  propagationPolicy?: PropagationPolicy;
  /** Deprecated form of propagationPolicy. */
  orphanDependents?: boolean;
  preconditions?: { uid?: string; resourceVersion?: string };
  /** On whose behalf; nobody's where the cluster itself deletes. */
  user?: User;
  /** Called with each warning that belongs in the `Warning` header. */
  warn?: (message: string) => void;
  /** The version that the request is in, where it is not the one that is stored. */
  apiVersion?: string;
  /** Whoever has a say in it was asked already: about an eviction. */
  admitted?: boolean;
}

export interface DeleteResult<T extends KubeObject = KubeObject> {
  /** The object as it was removed, or as it stands marked for deletion. */
  readonly entry: Entry<T>;
  /** False while finalizers or a grace period hold the object. */
  readonly removed: boolean;
}

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export interface Patch {
  readonly type: PatchType;
  /** The parsed body: an array of operations for `json`, else an object. */
  readonly body: unknown;
  /** Keys that stood twice in the body, as its reader reports them. */
  readonly duplicates?: readonly string[] | undefined;
  /** `apply` only: take fields over from other managers. */
  readonly force?: boolean;
}

export interface PatchResult<T extends KubeObject = KubeObject> {
  readonly entry: Entry<T>;
  /** Server-side apply to a name that did not exist. */
  readonly created: boolean;
}

export type ResourceVersionMatch = 'Exact' | 'NotOlderThan';

export interface ListOptions {
  /** Absent or empty: all namespaces. */
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  /** Page size; absent or 0: everything. */
  limit?: number;
  continue?: string;
  resourceVersion?: string;
  resourceVersionMatch?: ResourceVersionMatch;
  /** For watches; refused in a list. */
  sendInitialEvents?: boolean;
}

export interface ListResult<T extends KubeObject = KubeObject> {
  /** In etcd's order: by namespace, then name. */
  readonly entries: readonly Entry<T>[];
  /** The revision that the list shows: where a watch goes on from. */
  readonly revision: number;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export interface WatchOptions {
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  /** For lists; a watch refuses it where it matters. */
  continue?: string;
  /** Absent or `0`: begin with what is there (as ADDED). */
  resourceVersion?: string;
  allowWatchBookmarks?: boolean;
  sendInitialEvents?: boolean;
  resourceVersionMatch?: ResourceVersionMatch;
}

/** One event of a watch. BOOKMARKs carry only a revision; ERROR ends the watch. */
export type WatchEvent<T extends KubeObject = KubeObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly entry: Entry<T>; readonly revision: number }
  | { readonly type: 'BOOKMARK'; readonly revision: number; readonly initialEventsEnd: boolean }
  | { readonly type: 'ERROR'; readonly error: StatusError };

export interface Watch {
  /** Stops delivery; safe to call twice. */
  close(): void;
}

/** A derived index over one resource, kept with every write: `keysOf` names the buckets an object is in. */
export interface Index<T extends KubeObject> {
  /** The entries under `key`, in the order they came in. */
  get(key: string): readonly Entry<T>[];
  keys(): IterableIterator<string>;
}

export type AnyDefinition = ResourceDefinition<KubeObject>;
