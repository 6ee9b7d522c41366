import type { ChangeType } from './entry.js';
import type { StoredJson } from './stored-json.js';

/** One version of an object, as it is kept. */
export interface Version {
  readonly revision: number;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The revision that added the object: tells it from namesakes before and after. */
  readonly created: number;
  readonly json: StoredJson;
}

/** One row of the log: the version that a write made, and the write. */
export interface Row extends Version {
  readonly type: ChangeType;
  /** ms since the epoch, by the cluster's clock. */
  readonly time: number;
}

/** When a revision was written. */
export interface Stamp {
  readonly revision: number;
  readonly time: number;
}

/** Which rows are looked for; what is absent does not matter. */
export interface RowFilter {
  readonly resource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** The revision that added the object. */
  readonly created?: number | undefined;
}

/** Which row there is, and of what. */
export interface FoundRow {
  readonly revision: number;
  readonly resource: string;
  readonly created: number;
}

/** Where the log stands. */
export interface LogBounds {
  /** The newest revision; 0 in a new log. */
  readonly revision: number;
  /** Revisions up to this one may be missing: reads that need them fail. 0 if nothing was compacted. */
  readonly compacted: number;
}

/**
 * What keeps the rows. The log's logic is in `log.ts`; a back end only stores and finds. The port is asynchronous so that
 * a server-side database can stand behind it.
 */
export interface Backend {
  /** Where it outlives the process, its snapshots do too. */
  readonly snapshots?: KeptSnapshots;
  bounds(): Promise<LogBounds>;
  /**
   * Calls `visit` with the newest version at or before `revision` of every object that then existed, in no order. Versions that
   * `atHand` has need not be read.
   */
  stood(
    revision: number,
    visit: (version: Version) => void,
    atHand?: (revision: number) => Version | undefined,
  ): Promise<void>;
  /** The newest kept row at or before `revision`. */
  stamp(revision: number): Promise<Stamp | undefined>;
  /** Stores `rows` (ascending, without gaps) in one transaction. Rejects with a {@link StoreError}, having stored none of them. */
  append(rows: readonly Row[]): Promise<void>;
  /** At most `limit` rows with a revision above `after`, ascending. */
  read(after: number, limit: number): Promise<Row[]>;
  /** Which rows there are with a revision above `after`, up to `upTo`: ascending, without what is in them. */
  find(after: number, upTo: number, filter: RowFilter): Promise<FoundRow[]>;
  /** The version of the same object before this one. */
  before(version: Version): Promise<Version | undefined>;
  /** The newest version at or before `revision` of every object of `resource` that then existed; one namespace, or all. */
  at(resource: string, namespace: string | undefined, revision: number): Promise<Version[]>;
  /** All kept rows of the objects that have or had this name, ascending. */
  history(resource: string, namespace: string, name: string): Promise<Row[]>;
  /**
   * Forgets rows up to `revision` that are not an object's newest at that revision. Works in small steps and gives the
   * event loop back between them. Answers how many rows went.
   */
  compact(revision: number): Promise<number>;
  getMeta(key: string): Promise<string | undefined>;
  setMeta(key: string, value: string): Promise<void>;
  close(): Promise<void>;
}

/** What is kept of a snapshot besides the objects in it. */
export interface SnapshotRow {
  readonly name: string;
  /** The revision at which it was taken. */
  readonly revision: number;
  /** And when, in ms since the epoch by the cluster's clock. */
  readonly time: number;
  /** Where clock, dice and controllers stood: for whoever takes and restores it. */
  readonly state: string;
}

/** States that a log can be put back to. They outlive what becomes of the log. */
export interface KeptSnapshots {
  /** In the order in which they were taken. */
  list(): Promise<SnapshotRow[]>;
  /** Keeps all that stands at the snapshot's revision, in place of another one of its name. */
  save(snapshot: SnapshotRow): Promise<void>;
  delete(name: string): Promise<void>;
  /** Makes of the log what a snapshot holds, and nothing of before or after, in one transaction. The log goes on after `revision`. */
  restore(name: string, revision: number): Promise<void>;
}

export type StoreErrorCode =
  | 'newer-schema'
  | 'damaged'
  | 'not-a-database'
  | 'locked'
  | 'full'
  | 'unwritable'
  | 'failed';

/** A file that can't be used, or a write that could not be stored. The message is for a person. */
export class StoreError extends Error {
  constructor(
    readonly code: StoreErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'StoreError';
  }
}
