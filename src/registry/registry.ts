import type { Clock } from '../clock/clock.js';
import { Random } from '../clock/random.js';
import { VirtualClock } from '../clock/virtual-clock.js';
import { WorldClock } from '../clock/world-clock.js';
import { type AddressRanges, USUAL_RANGES } from '../resources/address-ranges.js';
import { apiVersionOf, type Era, type ResourceDefinition, storeKey } from '../resources/definition.js';
import { type KindTable, pods } from '../resources/index.js';
import { without } from '../resources/json.js';
import { kindsOf } from '../resources/old-versions.js';
import type { Draft, KubeObject, ObjectMeta, Pod } from '../resources/types.js';
import type { Change, Entry } from '../store/entry.js';
import type { Moment, RevisionLog, Write } from '../store/log.js';
import { StoredJson } from '../store/stored-json.js';
import type { Table } from '../store/table.js';
import type { AdmissionRequest, Consequence } from './admission/admission.js';
import { Admission, type AdmissionOptions } from './admission/index.js';
import {
  type Answer,
  Consultation,
  NO_WEBHOOKS,
  type Question,
  Unanswered,
  type WebhookCaller,
} from './admission/webhooks/consultation.js';
import { ALWAYS_ALLOW, type Authorizer } from './authorizer.js';
import { type BindOptions, boundPod } from './binding.js';
import { clientView } from './client-view.js';
import { serveCustomKinds } from './custom-kinds.js';
import { checkPreconditions, decideDeletion } from './deletion.js';
import { InherentObjects } from './inherent-objects.js';
import { list } from './lists.js';
import { withRecord } from './managed-fields/tracking.js';
import { ObjectIndexes } from './object-indexes.js';
import { patched } from './patches.js';
import { checkReached } from './revisions.js';
import { messageOf, StatusError } from './status.js';
import { NO_TURNS, type Turns } from './turns.js';
import type {
  DeleteOptions,
  DeleteResult,
  Index,
  ListOptions,
  ListResult,
  Patch,
  PatchResult,
  Watch,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from './types.js';
import { allInVersion, inVersion, isOutdated, isTranslated, shownAs, workerOf } from './versions.js';
import { inOrder, watch } from './watches.js';
import { type Decision, decideCreate, decideUpdate, otherUid, throwIfInvalid } from './writes.js';

export interface RegistryOptions {
  readonly log: RevisionLog;
  readonly kinds: KindTable;
  readonly clock: Clock;
  readonly random: Random;
  readonly era: Era;
  readonly admission?: AdmissionOptions | undefined;
  /** The usual ones if absent. */
  readonly ranges?: AddressRanges | undefined;
}

/**
 * The one gate: HTTP, GraphQL, controllers, kubelets and tests all read and write through it, under the same rules.
 *
 * There are two views of the state. `get`, `all` and `index` show every write the moment it is decided: controllers use
 * them, so that they never act on stale data. `read`, `list` and `watch` show what is committed: clients use them.
 * Writes resolve once committed. Objects that come out are shared and must not be changed.
 */
export class Registry {
  readonly era: Era;
  readonly kinds: KindTable;
  readonly log: RevisionLog;
  readonly ranges: AddressRanges;
  readonly admission: Admission;
  readonly inherent = new InherentObjects();
  /** Whom a write asks what its user may do besides; set where it is decided who may do what. */
  authorizer: Authorizer = ALWAYS_ALLOW;
  /** Through whom webhooks are asked; set where it is decided who may be. */
  webhooks: WebhookCaller = NO_WEBHOOKS;
  /** In which order those from outside are let in; set where it is known when the cluster has settled. */
  turns: Turns = NO_TURNS;
  readonly #options: RegistryOptions;
  readonly #clock: Clock;
  readonly #random: Random;
  /** What the decision that is being made is made with, if webhooks have a say in it. */
  #pinned: { readonly consultation: Consultation; readonly random: Random } | undefined;
  readonly #forkListeners: ((fork: Registry) => void)[] = [];
  readonly #tables = new WeakMap<object, Table>();
  readonly #indexes: ObjectIndexes;

  /** @throws TypeError for an admission plugin that does not exist */
  constructor(options: RegistryOptions) {
    this.#options = options;
    this.admission = new Admission(options.admission);
    this.log = options.log;
    this.#clock = options.clock;
    this.#random = options.random;
    this.era = options.era;
    this.kinds = options.kinds;
    this.ranges = options.ranges ?? USUAL_RANGES;
    this.#indexes = new ObjectIndexes(options.log);
    serveCustomKinds(this);
  }

  get clock(): Clock {
    return this.#pinned?.consultation.clock ?? this.#clock;
  }

  get random(): Random {
    return this.#pinned?.random ?? this.#random;
  }

  /** Asked for several times with each write, so that even putting its name together would show. */
  #table<T extends KubeObject>(kind: ResourceDefinition<T>): Table {
    let table = this.#tables.get(kind);
    if (!table) this.#tables.set(kind, (table = this.log.table(storeKey(kind))));
    return table;
  }

  /** The newest committed revision. */
  get revision(): number {
    return this.log.revision;
  }

  // ---- other moments ----

  /**
   * All as it stood at a moment: a registry that is read like any other, with the kinds of then and a clock that stands still
   * at the time of that revision, or at the time that was asked for. Every write is refused.
   * @throws RangeError (as a rejection) if the log no longer reaches back to it, or not yet
   */
  async past(moment: Moment): Promise<Registry> {
    const { revision, time } = await this.log.stampOf(moment);
    const now = typeof moment === 'number' ? time : Math.min(moment.time, this.clock.now());
    const past = this.over(await this.log.past(revision), new VirtualClock(now), new Random(`past@${revision}`));
    past.#indexes.present = this.#indexes;
    return past;
  }

  /**
   * A registry of its own that goes another way from now, or from an earlier moment on: in memory, on a clock that stands still
   * there, with other dice. Neither is touched by what is written to the other.
   * @param seed of the dice: together with the revision it tells all that will be drawn
   * @param era another age than this one's: the versions it serves, and how daemon pods find their nodes
   * @throws RangeError (as a rejection) if the log no longer reaches back to the moment, or not yet
   */
  async fork(seed: number | string, moment?: Moment, era: Era = this.era): Promise<Registry> {
    await this.log.committed().catch(() => {});
    const { revision, time } = await this.log.stampOf(moment ?? this.revision);
    const clock = new WorldClock(
      typeof moment === 'number' ? time : Math.min(moment?.time ?? Infinity, this.clock.now()),
    );
    const log = await this.log.fork(revision, { now: () => clock.now() });
    const fork = this.over(log, clock, new Random(`${seed}/${revision}`), era);
    this.#indexes.handOn(fork.#indexes, revision);
    if (this.log.isAt(revision)) for (const listener of this.#forkListeners) listener(fork);
    return fork;
  }

  /**
   * A registry of its own, in memory, that begins with all that stands here and nothing of what was before, and throws the dice that this one
   * would: what a cluster is put back to.
   * @param first its first revision, in place of the one of now, if it is to go on: what is derived from its objects is then in the order in which a
   * file that is opened tells of them
   */
  copy(clock: Clock, first?: number): Registry {
    const revision = first ?? this.revision;
    const copy = this.over(this.log.copy(revision, { now: () => clock.now() }), clock, this.#random.copy());
    const ordered = first === undefined ? undefined : (resource: string) => copy.log.table(resource).list();
    this.#indexes.handOn(copy.#indexes, this.revision, ordered);
    if (this.log.isAt(this.revision)) for (const listener of this.#forkListeners) listener(copy);
    return copy;
  }

  /** Hears of forks and copies that begin with all as it is at that moment: derived state can be handed on. */
  onFork(listener: (fork: Registry) => void): void {
    this.#forkListeners.push(listener);
  }

  /** A registry of the same rules over another log. */
  over(log: RevisionLog, clock: Clock, random: Random, era = this.era): Registry {
    const other = new Registry({ ...this.#options, log, clock, random, era, kinds: kindsOf(era) });
    other.authorizer = this.authorizer;
    other.webhooks = this.webhooks;
    return other;
  }

  // ---- reads of the newest state, for controllers ----

  /** The object as of the last write, committed or not yet; as it is stored: owners of fields that are not recorded it does not tell. */
  get<T extends KubeObject>(kind: ResourceDefinition<T>, namespace: string, name: string): Entry<T> | undefined {
    return inVersion(kind, this.#table(kind).get(namespace, name) as Entry<T> | undefined);
  }

  /** All objects of a kind, of one namespace or of all, by namespace and name. A snapshot. Custom ones as they are stored. */
  all<T extends KubeObject>(kind: ResourceDefinition<T>, namespace?: string): readonly Entry<T>[] {
    const entries = this.#table(kind).list(namespace) as readonly Entry<T>[];
    return workerOf(kind) ? entries.map(entry => inVersion(kind, entry)) : entries;
  }

  /** An index that is kept with every write. The same `name` for the same kind gives the same index. */
  index<T extends KubeObject>(
    kind: ResourceDefinition<T>,
    name: string,
    keysOf: (object: T) => Iterable<string>,
  ): Index<T> {
    return this.#indexes.get(storeKey(kind), name, keysOf, () => this.all(kind));
  }

  // ---- reads of the committed state, for clients ----

  /** The object as committed. */
  read<T extends KubeObject>(kind: ResourceDefinition<T>, namespace: string, name: string): Entry<T> | undefined {
    const entry = this.log.committedGet(storeKey(kind), namespace, name) as Entry<T> | undefined;
    return inVersion(kind, clientView(kind, entry));
  }

  /**
   * Makes sure that a read of the committed state shows at least this revision.
   * @throws StatusError 500 if it is no number, 504 if it is still to come
   */
  checkReached(resourceVersion: string): void {
    checkReached(this, resourceVersion);
  }

  /**
   * Lists by selectors, in pages, at a revision.
   * @throws StatusError 400, 410 (page or revision too old), 422, 504 (revision not reached yet)
   */
  async list<T extends KubeObject>(kind: ResourceDefinition<T>, options: ListOptions = {}): Promise<ListResult<T>> {
    const needed = this.inherent.needed(kind);
    if (needed) await needed;
    const result = await list(this, kind, options);
    const entries = result.entries.map(entry => clientView(kind, entry));
    if (!isTranslated(kind)) return { ...result, entries };
    return { ...result, entries: await this.decided(() => allInVersion(kind, entries)) };
  }

  /**
   * Delivers what happens from a revision on. Expired revisions come as an ERROR event, bad parameters are thrown.
   * @throws StatusError 400, 422, 500
   */
  watch<T extends KubeObject>(
    kind: ResourceDefinition<T>,
    options: WatchOptions,
    deliver: (event: WatchEvent<T>) => void,
  ): Watch {
    const viewed = (event: WatchEvent<T>): WatchEvent<T> =>
      'entry' in event ? { ...event, entry: clientView(kind, event.entry) } : event;
    if (!isTranslated(kind)) return watch(this, kind, options, event => deliver(viewed(event)));
    const translated = (event: WatchEvent<T>): WatchEvent<T> =>
      'entry' in event ? { ...event, entry: inVersion(kind, event.entry) } : event;
    let open = true;
    const inner = watch(
      this,
      kind,
      options,
      inOrder(
        event => this.decided(() => translated(viewed(event))),
        event => {
          if (open) deliver(event);
        },
      ),
    );
    return {
      close() {
        open = false;
        inner.close();
      },
    };
  }

  /** Hears of writes once they are committed, in order. Answers how to stop. */
  follow(listener: (changes: readonly Change[]) => void): () => void {
    return this.log.follow(listener);
  }

  /** Hears of every write the moment it is decided, and of its inverse if it could not be committed. For derived state. */
  onApply(listener: (change: Change) => void): () => void {
    return this.log.onApply(listener);
  }

  // ---- decisions ----

  /**
   * Makes a decision, in one go, and what it writes with it. Where webhooks have a say in it, it waits for their answers and is
   * made anew.
   */
  decided<T>(decide: () => T): T | Promise<Awaited<T>> {
    try {
      return decide();
    } catch (error) {
      if (error instanceof Unanswered) return this.#consulted(decide);
      throw error;
    }
  }

  async #consulted<T>(decide: () => T): Promise<Awaited<T>> {
    const consultation = new Consultation(this.#clock, this.#random, this.webhooks);
    for (;;) {
      const attempt = this.#attempt(consultation, decide);
      if (!(attempt instanceof Unanswered)) return await attempt.made;
      await consultation.ask(attempt.questions);
    }
  }

  #attempt<T>(consultation: Consultation, decide: () => T): { readonly made: T } | Unanswered {
    const outer = this.#pinned;
    this.#pinned = { consultation, random: consultation.dice() };
    try {
      return { made: decide() };
    } catch (error) {
      if (error instanceof Unanswered) return error;
      throw error;
    } finally {
      this.#pinned = outer;
    }
  }

  /** What webhooks answered, for a decision that depends on it. @throws Unanswered */
  answersTo(questions: readonly Question[]): Answer[] {
    if (!this.#pinned) throw new Unanswered(questions);
    return this.#pinned.consultation.answersTo(questions);
  }

  // ---- writes ----

  /**
   * Creates an object. `options.namespace` is where the request was sent; without it the draft's own namespace counts.
   * @throws StatusError 400, 403, 404 (namespace), 409, 422, 500 (could not be stored)
   */
  async create<T extends KubeObject>(
    kind: ResourceDefinition<T>,
    draft: Draft<T>,
    options: WriteOptions & { namespace?: string } = {},
  ): Promise<Entry<T>> {
    const worker = workerOf(kind);
    if (worker) {
      const { kind: stored, toStored, problems } = worker;
      throwIfInvalid(stored, draft.metadata.name ?? '', problems?.(draft) ?? []);
      return this.#written(kind, this.create(stored, toStored(draft), { apiVersion: apiVersionOf(kind), ...options }));
    }
    const namespace = kind.namespaced ? (options.namespace ?? draft.metadata.namespace ?? '') : '';
    return this.decided(() => {
      if (kind.isClosing?.()) throw notWhileClosing(kind);
      const { object, consequences } = decideCreate(this, kind, draft, namespace, options);
      const { name } = object.metadata;
      const existing = this.get(kind, namespace, name);
      if (existing) {
        const { deletionTimestamp } = existing.object.metadata;
        throw StatusError.alreadyExists(kind, name, {
          isGoing: deletionTimestamp !== undefined,
          isDrawn: object.metadata.generateName !== undefined,
        });
      }
      return this.#answer(kind, options, this.#store(kind, 'ADDED', object, options.dryRun, consequences));
    });
  }

  /**
   * Takes in an object that stood in another cluster, as `decideRestore` made it.
   * @throws StatusError 409 if there is one of its name, 500 (could not be stored)
   */
  async restore<T extends KubeObject>(kind: ResourceDefinition<T>, object: T): Promise<Entry<T>> {
    return this.decided(() => {
      const { name, namespace = '' } = object.metadata;
      if (this.get(kind, namespace, name))
        throw StatusError.alreadyExists(kind, name, { isGoing: false, isDrawn: false });
      return this.#store(kind, 'ADDED', object);
    });
  }

  /**
   * Replaces an object. With a `metadata.resourceVersion` only if that is the current one; without, unconditionally.
   * @throws StatusError 400, 403, 404, 409, 422, 500
   */
  async update<T extends KubeObject>(
    kind: ResourceDefinition<T>,
    object: T,
    options: WriteOptions = {},
  ): Promise<Entry<T>> {
    const worker = workerOf(kind);
    if (worker) {
      const { kind: stored, toStored, problems } = worker;
      const wanted = toStored(object) as KubeObject;
      const { name, namespace = '' } = object.metadata;
      const live = problems && this.get(stored, namespace, name);
      if (live) throwIfInvalid(stored, name, problems(object, live.object));
      return this.#written(kind, this.update(stored, wanted, { apiVersion: apiVersionOf(kind), ...options }));
    }
    const namespace = kind.namespaced ? (object.metadata.namespace ?? '') : '';
    const { name, uid } = object.metadata;
    return this.decided(() => {
      const entry = this.get(kind, namespace, name);
      if (!entry) throw uid ? otherUid(kind, { namespace, name }, uid) : StatusError.notFound(kind, name);
      const decision = decideUpdate(this, kind, object, this.#live(kind, entry, options), options);
      return this.#answer(kind, options, this.#carryOut(kind, entry, decision, options.dryRun));
    });
  }

  /**
   * Changes an object by a patch; `apply` creates it if there is none.
   * @throws StatusError 400, 403, 404, 409, 415, 422, 500
   */
  async patch<T extends KubeObject>(
    kind: ResourceDefinition<T>,
    namespace: string,
    name: string,
    patch: Patch,
    options: WriteOptions = {},
  ): Promise<PatchResult<T>> {
    let created = false;
    const entry = await this.decided((): Entry<T> | Promise<Entry<T>> => {
      const there = this.get(kind, namespace, name);
      if (!there && (patch.type !== 'apply' || options.subresource)) throw StatusError.notFound(kind, name);
      const live = there && this.#live(kind, there, options);
      const object = patched(this, kind, live, { namespace, name }, patch, options);
      // An apply has told the owners of fields already.
      const write = patch.type === 'apply' ? { ...options, keepsOwners: true } : options;
      created = !there;
      if (!there) return this.create(kind, object, { ...write, namespace });
      if (workerOf(kind)) return this.update(kind, object, write);
      const decision = decideUpdate(this, kind, object, live!, write);
      return this.#answer(kind, options, this.#carryOut(kind, there, decision, options.dryRun));
    });
    return { entry, created };
  }

  /**
   * Deletes an object, or marks it for deletion while finalizers or a grace period hold it.
   * @throws StatusError 403, 404, 409, 422, 500
   */
  async delete<T extends KubeObject>(
    kind: ResourceDefinition<T>,
    namespace: string,
    name: string,
    options: DeleteOptions = {},
  ): Promise<DeleteResult<T>> {
    const worker = workerOf(kind);
    if (worker) {
      const { entry, removed } = await this.delete(worker.kind, namespace, name, {
        apiVersion: apiVersionOf(kind),
        ...options,
      });
      return { entry: inVersion(kind, entry as Entry<T>), removed };
    }
    const { entry, removed } = await this.decided(() => {
      const live = this.#mustGet(kind, namespace, name);
      const { object } = live;
      const { preconditions, user, dryRun, admitted } = options;
      checkPreconditions(kind, object, preconditions);
      const request: AdmissionRequest = { operation: 'DELETE', kind, namespace, name, object, user, options };
      this.admission.admit(request, this);
      const deletion = decideDeletion(object, kind.strategy, options, this.clock.now());
      if (deletion.kind === 'keep') return { entry: live, removed: false };
      if (!admitted) this.admission.validate(request, this);
      const type = deletion.kind === 'mark' ? 'MODIFIED' : 'DELETED';
      return { entry: this.#store(kind, type, deletion.object, dryRun), removed: deletion.kind === 'remove' };
    });
    return { entry: clientView(kind, await entry), removed };
  }

  /** Deletes every object that `options` of the list select. Answers the list as it was. */
  async deleteCollection<T extends KubeObject>(
    kind: ResourceDefinition<T>,
    listOptions: ListOptions,
    options: DeleteOptions = {},
  ): Promise<ListResult<T>> {
    const found = await this.list(kind, listOptions);
    await Promise.all(
      found.entries.map(entry =>
        this.delete(kind, entry.namespace, entry.name, { ...options, preconditions: { uid: entry.uid } }).catch(
          error => {
            // Somebody else was faster, which is what the caller wanted.
            if (!StatusError.is(error, 'NotFound') && !StatusError.is(error, 'Conflict')) throw error;
          },
        ),
      ),
    );
    return found;
  }

  /**
   * Assigns a pod to a node: `POST pods/NAME/binding`.
   * @throws StatusError 404, 409 (already assigned, or going)
   */
  async bind(namespace: string, name: string, node: string, options: BindOptions = {}): Promise<Entry<Pod>> {
    return this.decided(() => {
      const { object: pod } = this.#mustGet(pods, namespace, name);
      return this.#store(pods, 'MODIFIED', boundPod(this, pod, node, options), options.dryRun);
    });
  }

  /**
   * What users configured has a say in what is done to an object through a subresource, by an object that nobody stores. Part of
   * a decision.
   * @throws StatusError, Unanswered
   */
  consult(about: Omit<AdmissionRequest, 'object'>, objectOf: () => Draft): void {
    if (this.admission.isConfigured(this)) this.admission.consult({ ...about, object: objectOf() as KubeObject }, this);
  }

  /** The object that a write meets: as clients see it, where one of them writes. */
  #live<T extends KubeObject>(
    kind: ResourceDefinition<T>,
    { namespace, name, object }: Entry<T>,
    options: WriteOptions,
  ): T {
    if (options.fieldManager === undefined) return object;
    const worker = workerOf(kind);
    if (!worker) return withRecord(kind, object);
    return worker.fromStored(withRecord(worker.kind, this.get(worker.kind, namespace, name)!.object)) as T;
  }

  /** What was written, as whoever wrote it sees it. */
  #answer<T extends KubeObject>(
    kind: ResourceDefinition<T>,
    { fieldManager }: WriteOptions,
    written: Entry<T> | Promise<Entry<T>>,
  ): Entry<T> | Promise<Entry<T>> {
    if (fieldManager === undefined) return written;
    return Promise.resolve(written).then(entry => clientView(kind, entry));
  }

  #mustGet<T extends KubeObject>(kind: ResourceDefinition<T>, namespace: string, name: string): Entry<T> {
    const entry = this.get(kind, namespace, name);
    if (!entry) throw StatusError.notFound(kind, name);
    return entry;
  }

  #carryOut<T extends KubeObject>(
    kind: ResourceDefinition<T>,
    current: Entry<T>,
    decision: Decision<T>,
    dryRun?: boolean,
  ): Entry<T> | Promise<Entry<T>> {
    if (decision.kind === 'same') {
      const { namespace, name, object } = current;
      const stored = this.#table(kind).get(namespace, name)!;
      return isOutdated(kind, stored, object) ? this.#store(kind, 'MODIFIED', object, dryRun) : this.#durable(current);
    }
    return decision.kind === 'remove'
      ? this.#removed(kind, decision.object, dryRun)
      : this.#store(kind, 'MODIFIED', decision.object, dryRun, decision.consequences);
  }

  /** An update that let the last finalizer go is answered with the object as it was sent: in the version that it was made from. */
  async #removed<T extends KubeObject>(kind: ResourceDefinition<T>, object: T, dryRun?: boolean): Promise<Entry<T>> {
    const entry = await this.#store(kind, 'DELETED', object, dryRun);
    return { ...entry, bytes: StoredJson.of(object).bytes, object };
  }

  /** Nothing to write, but what the caller is shown may itself still be on its way to the disk. */
  #durable<T extends KubeObject>(entry: Entry<T>): Entry<T> | Promise<Entry<T>> {
    return entry.revision > this.log.revision ? this.#committed(entry) : entry;
  }

  #store<T extends KubeObject>(
    kind: ResourceDefinition<T>,
    type: Write['type'],
    object: T,
    dryRun = false,
    consequences: readonly Consequence[] = [],
  ): Entry<T> | Promise<Entry<T>> {
    const resource = storeKey(kind);
    const { name, namespace = '', uid } = object.metadata;
    if (dryRun) {
      // What would have been created has no version.
      const { metadata } = object;
      const shown = metadata.resourceVersion
        ? object
        : { ...object, metadata: without(metadata, 'resourceVersion') as ObjectMeta };
      const { bytes } = StoredJson.of(shown);
      return { resource, namespace, name, uid, revision: this.revision, bytes, object: shown };
    }
    if (this.log.frozen) throw new StatusError(405, 'MethodNotAllowed', this.log.frozen);
    const stored = kind.kept ? kind.kept.write(object) : object;
    for (const carryOut of consequences) carryOut();
    const entry = this.log.append({ type, resource, namespace, name, uid, object: stored }) as Entry<T>;
    // What was converted to be stored need not be converted back.
    return this.#committed(stored === object || !kind.kept ? inVersion(kind, entry) : shownAs(entry, object));
  }

  /** What was written in the version that is stored, in the version that was asked for. */
  async #written<T extends KubeObject>(kind: ResourceDefinition<T>, write: Promise<Entry>): Promise<Entry<T>> {
    return inVersion(kind, (await write) as Entry<T>);
  }

  /** The entry, once it is durable. */
  #committed<T extends KubeObject>(entry: Entry<T>): Promise<Entry<T>> {
    return this.log.committed().then(
      () => entry,
      error => {
        throw StatusError.internal(messageOf(error));
      },
    );
  }
}

function notWhileClosing(kind: ResourceDefinition): StatusError {
  const { group, plural } = kind;
  const message = 'create not allowed while custom resource definition is terminating';
  return new StatusError(405, 'MethodNotAllowed', message, { group, kind: plural });
}
