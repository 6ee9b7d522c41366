import type { KubeObject } from '../resources/types.js';
import {
  type Backend,
  type FoundRow,
  type LogBounds,
  type Row,
  type RowFilter,
  type Stamp,
  StoreError,
  type Version,
} from './backend.js';
import { Batch, inverse } from './batch.js';
import { Branch } from './branch.js';
import type { Change, ChangeType, Entry } from './entry.js';
import { MemoryBackend } from './memory.js';
import { RecentChanges } from './recent.js';
import { ParsedObjects, StoredEntry } from './stored-entry.js';
import { StoredJson } from './stored-json.js';
import { Table, Tables } from './table.js';

/** Rows that commit together: more gains nothing and blocks the event loop for longer. */
const BATCH = 100;
/** Rows read at once from the back end while a follower catches up. */
const CATCH_UP = 500;

/** A write that has been decided and is to become a row. */
export interface Write<T extends KubeObject = KubeObject> {
  readonly type: ChangeType;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The object, but for its `resourceVersion`, which the log assigns. */
  readonly object: T;
}

/** A revision, or the newest one at or before a time (ms since the epoch, by the cluster's clock). */
export type Moment = number | { readonly time: number };

export interface LogOptions {
  readonly now: () => number;
  /** Why nothing may be written to it, if nothing may. */
  readonly frozen?: string | undefined;
  /** Where parsed objects are kept. */
  readonly parsed?: ParsedObjects;
}

/**
 * The revision log and the state it adds up to. Writes are applied to the state at once (`append`), so that the next
 * decision sees them, and are committed in groups at the end of the event loop's turn (`committed` tells when). Followers
 * hear of a write only after its commit. If a commit fails, its writes are undone and their revisions never were.
 */
export class RevisionLog {
  readonly #backend: Backend;
  readonly #now: () => number;
  readonly #parsed: ParsedObjects;
  readonly #tables: Tables;
  readonly #followers = new Set<(changes: readonly Change[]) => void>();
  readonly #appliers = new Set<(change: Change) => void>();
  #revision = 0;
  #committed = 0;
  #compacted = 0;
  #batches: Batch[] = [];
  #flushing: Promise<void> | undefined;
  #flushScheduled = false;
  #closed = false;
  /** Why nothing is written to it, ever. */
  #frozen: string | undefined;
  /** The log that this one branched off from, and where. */
  #origin: { readonly log: RevisionLog; readonly revision: number } | undefined;
  #failure: string | undefined;
  /** Has a say before rows are kept: it may take its time, or throw a StoreError as a back end does. */
  beforeCommit: (() => Promise<void> | undefined) | undefined;
  readonly #recent = new RecentChanges();

  private constructor(backend: Backend, bounds: LogBounds, tables: Tables, options: LogOptions) {
    this.#backend = backend;
    this.#revision = this.#committed = bounds.revision;
    this.#compacted = bounds.compacted;
    this.#tables = tables;
    this.#now = options.now;
    this.#parsed = options.parsed ?? new ParsedObjects();
    this.#frozen = options.frozen;
  }

  /**
   * Rebuilds the state from the back end; closes it if that fails.
   * @throws StoreError if it cannot be read
   */
  static async open(backend: Backend, options: LogOptions): Promise<RevisionLog> {
    try {
      const bounds = await backend.bounds();
      const log = new RevisionLog(backend, bounds, new Tables(), options);
      await backend.stood(bounds.revision, version => log.table(version.resource).set(log.#entryOf(version)));
      return log;
    } catch (error) {
      await backend.close();
      throw error;
    }
  }

  get backend(): Backend {
    return this.#backend;
  }

  /** The newest revision that is committed. */
  get revision(): number {
    return this.#committed;
  }

  /** Revisions below this one may be missing from the log. */
  get compacted(): number {
    const origin = this.#origin;
    return Math.max(this.#compacted, origin ? Math.min(origin.log.compacted, origin.revision) : 0);
  }

  /** Whether writes are applied that are not yet committed. */
  get pending(): boolean {
    return this.#batches.length > 0;
  }

  /** Whether its state is that of the revision, with nothing on its way. */
  isAt(revision: number): boolean {
    return revision === this.#committed && !this.pending;
  }

  /** Why the last commit failed; undefined if it went well. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Why it is never written to; undefined if it is. */
  get frozen(): string | undefined {
    return this.#frozen;
  }

  /** The current entries of `resource`. */
  table(resource: string): Table {
    return this.#tables.of(resource);
  }

  /** The committed version of one object: what clients may see. */
  committedGet(resource: string, namespace: string, name: string): Entry | undefined {
    for (const { changes } of this.#batches) {
      for (const { entry, previous } of changes) {
        if (entry.name === name && entry.resource === resource && entry.namespace === namespace) return previous;
      }
    }
    return this.table(resource).get(namespace, name);
  }

  /** The committed entries of `resource`, by namespace and name: what clients may see. */
  committedList(resource: string, namespace?: string): readonly Entry[] {
    const ours = this.#batches.flatMap(b => b.changes).filter(c => c.entry.resource === resource);
    if (ours.length === 0) return this.table(resource).list(namespace);
    const table = new Table();
    for (const entry of this.table(resource).list(namespace)) table.set(entry);
    for (const { entry, previous } of ours.reverse()) {
      if (namespace !== undefined && entry.namespace !== namespace) continue;
      if (previous) table.set(previous);
      else table.delete(entry.namespace, entry.name);
    }
    return table.list(namespace);
  }

  /** Gives the write its revision and applies it to the state. It is durable once {@link committed} resolves. */
  append<T extends KubeObject>(write: Write<T>): Entry<T> {
    if (this.#closed) throw new Error('the cluster is closed');
    if (this.#frozen) throw new StoreError('unwritable', this.#frozen);
    const revision = ++this.#revision;
    const { resource, namespace, name, uid } = write;
    const object = { ...write.object, metadata: { ...write.object.metadata, resourceVersion: String(revision) } };
    const json = StoredJson.of(object);
    const previous = this.table(resource).get(namespace, name) as StoredEntry | undefined;
    const created = previous?.created ?? revision;
    const entry = new StoredEntry<T>(resource, namespace, name, uid, revision, created, json, this.#parsed, object);
    const change: Change = { type: write.type, revision, time: this.#now(), entry, previous };
    const batch = this.#openBatch();
    batch.rows.push({ revision, type: write.type, resource, namespace, name, uid, created, time: change.time, json });
    batch.changes.push(change);
    this.#apply(change);
    return entry;
  }

  /** Resolves once everything appended so far is committed; rejects with a StoreError if it could not be. */
  committed(): Promise<void> {
    return this.#batches.at(-1)?.done ?? Promise.resolve();
  }

  /** Hears of committed changes, in order. Answers how to stop. */
  follow(follower: (changes: readonly Change[]) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /** Hears of every change the moment it is applied, and of its inverse if it could not be committed. For derived state. */
  onApply(applier: (change: Change) => void): () => void {
    this.#appliers.add(applier);
    return () => this.#appliers.delete(applier);
  }

  /**
   * Delivers every change after `revision` to `deliver`, from the log as far as needed and then as they come.
   * `previous` is known for all of them. Answers how to stop.
   * @throws RangeError (in `failed`) if the log no longer reaches back to `revision`.
   */
  followFrom(
    revision: number,
    deliver: (changes: readonly Change[]) => void,
    failed: (error: unknown) => void,
  ): () => void {
    let stopped = false;
    let unfollow: (() => void) | undefined;
    const goLive = (after: number) => {
      const missed = this.#recent.since(after, this.#committed);
      if (!missed) return false;
      unfollow = this.follow(deliver);
      if (missed.length > 0) deliver(missed);
      return true;
    };
    const catchUp = async () => {
      for (let after = revision; !stopped && !goLive(after); ) {
        this.#checkKept(after);
        const rows = await this.#backend.read(after, CATCH_UP);
        this.#checkKept(after);
        if (rows.length === 0) throw new RangeError(`revision ${after + 1} is not in the log`);
        const changes = await Promise.all(rows.map(row => this.#changeOf(row)));
        if (!stopped) deliver(changes);
        after = rows.at(-1)!.revision;
      }
    };
    if (!goLive(revision)) catchUp().catch(failed);
    return () => {
      stopped = true;
      unfollow?.();
    };
  }

  /** The entries of `resource` as they stood at `revision`, by namespace and name. */
  async at(resource: string, namespace: string | undefined, revision: number): Promise<readonly Entry[]> {
    this.#checkKept(revision);
    const versions = await this.#backend.at(resource, namespace, revision);
    this.#checkKept(revision);
    const table = new Table();
    for (const version of versions) table.set(this.#entryOf(version));
    return table.list(namespace);
  }

  /**
   * Which revision a moment means, and when that was written.
   * @throws RangeError (as a rejection) if the log no longer reaches back to it, or not yet
   */
  async stampOf(moment: Moment): Promise<Stamp> {
    const revision = typeof moment === 'number' ? moment : await this.#newestAt(moment.time);
    if (!(revision <= this.#committed)) throw new RangeError(`revision ${revision} is still to come`);
    this.#checkKept(revision);
    return { revision, time: (await this.#backend.stamp(revision))?.time ?? 0 };
  }

  /** Found by halving, since times ascend as revisions do; where the clock was put back meanwhile, one of those that may be meant. */
  async #newestAt(time: number): Promise<number> {
    let low = this.compacted;
    let high = this.#committed;
    const isLater = async (revision: number) => ((await this.#backend.stamp(revision))?.time ?? 0) > time;
    if (low > 0 && (await isLater(low)))
      throw new RangeError(`${new Date(time).toISOString()} is no longer in the log`);
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (await isLater(middle)) high = middle - 1;
      else low = middle;
    }
    return low;
  }

  /**
   * All as it stood at `revision`: a log that can be read like any other and not be written to. What was not overwritten since is
   * the same in both.
   * @throws RangeError (as a rejection) if the log no longer reaches back to `revision`, or not yet
   */
  async past(revision: number): Promise<RevisionLog> {
    const { time } = await this.stampOf(revision);
    const tables = await this.#tablesAt(revision);
    const past = this.#branch(revision, tables, tables, { now: () => time, parsed: this.#parsed });
    past.#frozen = `revision ${revision} is past, and cannot be changed`;
    return past;
  }

  /**
   * A log of its own, in memory, that goes another way from `revision` on. This one is not touched by it, and it is not touched by what
   * becomes of this one, but for what came before the fork: that is read from here.
   * @throws RangeError (as a rejection) if the log no longer reaches back to `revision`, or not yet
   */
  async fork(revision: number, options: LogOptions): Promise<RevisionLog> {
    await this.stampOf(revision);
    const tables = await this.#tablesAt(revision);
    return this.#branch(revision, tables.copy(), tables, options);
  }

  /**
   * A log of its own, in memory, that begins with all that is committed here and nothing of what was before: whoever goes on from an earlier
   * revision than its first is told that it is no longer there.
   */
  copy(revision: number, options: LogOptions): RevisionLog {
    const tables = this.#takenBack(this.#committed)!;
    const nothing = { backend: new MemoryBackend(revision, this.#now()), compacted: revision };
    const branch = new Branch(nothing, revision, tables.copy());
    return new RevisionLog(branch, { revision, compacted: revision }, tables, options);
  }

  #branch(revision: number, tables: Tables, stood: Tables, options: LogOptions): RevisionLog {
    const branch = new Branch(this, revision, stood);
    const log = new RevisionLog(branch, { revision, compacted: this.compacted }, tables, options);
    log.#origin = { log: this, revision };
    return log;
  }

  async #tablesAt(revision: number): Promise<Tables> {
    return this.#takenBack(revision) ?? this.#readBack(revision);
  }

  /** What takes back all that came after `revision`, newest first; undefined if not all of that is at hand. */
  undoing(revision: number): readonly Change[] | undefined {
    const committed = this.#recent.since(revision, this.#committed);
    return committed && [...committed, ...this.#batches.flatMap(b => b.changes)].reverse().map(inverse);
  }

  /** How all stood, found by taking back what came since; undefined if not all of that is at hand. */
  #takenBack(revision: number): Tables | undefined {
    const undoing = this.undoing(revision);
    if (!undoing) return undefined;
    const tables = this.#tables.copy();
    for (const change of undoing) tables.apply(change);
    return tables;
  }

  async #readBack(revision: number): Promise<Tables> {
    const atHand = new Map<number, StoredEntry>();
    for (const entry of this.#tables.entries()) atHand.set(entry.revision, entry as StoredEntry);
    const tables = new Tables();
    await this.#backend.stood(
      revision,
      version => tables.of(version.resource).set(this.#entryOf(version)),
      at => atHand.get(at),
    );
    this.#checkKept(revision);
    return tables;
  }

  #checkKept(revision: number): void {
    if (!(revision >= this.compacted)) throw new RangeError(`revision ${revision} is no longer in the log`);
  }

  /**
   * Which writes there were after one revision, up to another; ascending.
   * @throws RangeError (as a rejection) if the log no longer reaches back so far
   */
  async find(after: number, upTo: number, filter: RowFilter = {}): Promise<readonly FoundRow[]> {
    this.#checkKept(after);
    return this.#backend.find(after, upTo, filter);
  }

  /** One write; undefined if it is not in the log, or not any more. */
  async write(revision: number): Promise<Change | undefined> {
    const [row] = await this.#backend.read(revision - 1, 1);
    return row?.revision === revision ? this.#changeOf(row) : undefined;
  }

  /** What tells the object of an entry from its namesakes before and after. */
  identify({ resource, namespace, name, ...entry }: Entry): RowFilter {
    return 'created' in entry ? { resource, created: Number(entry.created) } : { resource, namespace, name };
  }

  /** The version of an entry's object at or before `revision`, that of its deletion included. */
  async versionAt(entry: Entry, revision: number): Promise<Entry | undefined> {
    const version = await this.#backend.before({ ...(entry as StoredEntry), revision: revision + 1 });
    return version && this.#entryOf(version);
  }

  /** Every kept version of the objects that have or had this name, oldest first. */
  async history(resource: string, namespace: string, name: string): Promise<Change[]> {
    let previous: Entry | undefined;
    return (await this.#backend.history(resource, namespace, name)).map(row => {
      const change: Change = {
        type: row.type,
        revision: row.revision,
        time: row.time,
        entry: this.#entryOf(row),
        previous,
      };
      previous = row.type === 'DELETED' ? undefined : change.entry;
      return change;
    });
  }

  /** Forgets what was overwritten at or before `revision`. Answers how many rows went. */
  async compact(revision: number): Promise<number> {
    const upTo = Math.min(revision, this.#committed);
    if (upTo <= this.#compacted) return 0;
    this.#compacted = upTo;
    this.#recent.forget(upTo);
    return this.#backend.compact(upTo);
  }

  /** Commits what is pending and closes the back end. */
  async close(): Promise<void> {
    if (await this.end()) await this.#backend.close();
  }

  /** Commits what is pending; nothing is written after it. The back end is left open for another log. Answers false if it had ended before. */
  async end(): Promise<boolean> {
    if (this.#closed) return false;
    this.#closed = true;
    while (this.pending) await this.#flush();
    this.#followers.clear();
    this.#appliers.clear();
    return true;
  }

  #entryOf(version: Version): Entry {
    if (version instanceof StoredEntry) return version;
    const { resource, namespace, name, uid, revision, created, json } = version;
    return new StoredEntry(resource, namespace, name, uid, revision, created, json, this.#parsed);
  }

  async #changeOf(row: Row): Promise<Change> {
    const before = row.type === 'ADDED' ? undefined : await this.#backend.before(row);
    return {
      type: row.type,
      revision: row.revision,
      time: row.time,
      entry: this.#entryOf(row),
      previous: before && this.#entryOf(before),
    };
  }

  #apply(change: Change): void {
    this.#tables.apply(change);
    for (const applier of this.#appliers) applier(change);
  }

  #openBatch(): Batch {
    let batch = this.#batches.at(-1);
    if (!batch || batch.rows.length >= BATCH) {
      batch = new Batch();
      this.#batches.push(batch);
    }
    this.#scheduleFlush();
    return batch;
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled || this.#flushing) return;
    this.#flushScheduled = true;
    // At the end of the turn, so that all that one turn decided commits together.
    setImmediate(() => {
      this.#flushScheduled = false;
      void this.#flush();
    });
  }

  /** Commits the oldest batch. Never two at once. */
  #flush(): Promise<void> {
    this.#flushing ??= this.#commit(this.#batches[0]).finally(() => {
      this.#flushing = undefined;
      if (this.pending) this.#scheduleFlush();
    });
    return this.#flushing;
  }

  async #commit(batch: Batch | undefined): Promise<void> {
    if (!batch) return;
    // Closed to further writes from here on: `#openBatch` would add to it while it is being stored.
    if (batch === this.#batches.at(-1) && batch.rows.length < BATCH) this.#batches.push(new Batch());
    try {
      const disturbance = this.beforeCommit?.();
      if (disturbance) await disturbance;
      await this.#backend.append(batch.rows);
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
      this.#undo(error);
      return;
    }
    this.#failure = undefined;
    this.#batches.shift();
    if (this.#batches[0]?.rows.length === 0) this.#batches.shift()!.resolve();
    this.#committed = batch.rows.at(-1)!.revision;
    this.#recent.add(batch);
    // Watches first: a client that is told that its write is done should find it in what it watches as well.
    try {
      for (const follower of this.#followers) follower(batch.changes);
    } finally {
      batch.resolve();
    }
  }

  /** Takes back everything that is not committed, newest first, as if it had never been asked for. */
  #undo(error: unknown): void {
    const batches = this.#batches;
    this.#batches = [];
    for (const change of batches.flatMap(b => b.changes).reverse()) this.#apply(inverse(change));
    this.#revision = this.#committed;
    for (const batch of batches) batch.reject(error);
  }
}
