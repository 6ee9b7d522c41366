import { isDeepStrictEqual } from 'node:util';
import { GraphQLError } from 'graphql';
import { clientView } from '../../registry/client-view.js';
import { checkPatchType } from '../../registry/patches.js';
import type { Registry } from '../../registry/registry.js';
import { messageOf, StatusError } from '../../registry/status.js';
import type { AnyDefinition, DeleteOptions, Patch, WriteOptions } from '../../registry/types.js';
import { without } from '../../resources/json.js';
import type { Draft, KubeObject } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import type { ChangeOutcome } from '../generated.js';
import type { Seen, View } from '../view.js';

/** Whose the fields are that a mutation writes, unless it is told. */
const FIELD_MANAGER = 'graphql';

/** What became of one object. */
interface ChangeMade {
  readonly outcome: ChangeOutcome;
  readonly message: string;
  readonly revision: string;
  readonly object: Seen;
}

/** How an object is to be written. */
interface Manner {
  readonly dryRun: boolean;
  readonly fieldManager?: string;
  /** Asked before each write, and before the answer; throws where time is over. */
  readonly mayGoOn?: (() => void) | undefined;
}

/**
 * The writes of one mutation: each is authorized and decided as REST would have it for the same user, and what became of it is kept
 * for the answer.
 */
export class Writer {
  readonly #changes: ChangeMade[] = [];
  readonly #warnings: string[] = [];
  readonly #manner: Manner;

  /** @param view that nobody else looks through: who may do what can change from one mutation to the next */
  constructor(
    readonly view: View,
    manner: Manner,
  ) {
    this.#manner = manner;
  }

  get registry(): Registry {
    return this.view.registry;
  }

  /** Whether nothing is stored. */
  get dryRun(): boolean {
    return this.#manner.dryRun;
  }

  /** What every write of the mutation is told. */
  get options(): WriteOptions & { fieldManager: string } {
    const { dryRun, fieldManager = FIELD_MANAGER } = this.#manner;
    const warn = (message: string) => void this.#warnings.push(message);
    return { dryRun, fieldManager, fieldValidation: 'Strict', warn, ...this.#user };
  }

  /** @throws GraphQLError where no other write may begin */
  mayGoOn(): void {
    this.#manner.mayGoOn?.();
  }

  get #user() {
    const { user } = this.view;
    return user ? { user } : {};
  }

  /** The newest state of an object. @throws StatusError 404 (as a rejection) */
  async live<T extends KubeObject>(kind: AnyDefinition, namespace: string, name: string): Promise<Entry<T>> {
    const entry = await this.#found(kind, namespace, name);
    if (!entry) throw StatusError.notFound(kind, name);
    return entry as Entry<T>;
  }

  /** Webhooks may have to convert it. */
  async #found(kind: AnyDefinition, namespace: string, name: string): Promise<Entry | undefined> {
    await this.registry.inherent.needed(kind);
    return this.registry.decided(() => this.registry.get(kind, namespace, name));
  }

  /**
   * Changes an object, or with an apply makes it.
   * @param done what is said of it: `labeled`
   * @throws StatusError as REST answers
   */
  async patch(kind: AnyDefinition, namespace: string, name: string, patch: Patch, done = 'patched'): Promise<void> {
    this.mayGoOn();
    this.view.check('patch', kind, namespace, name);
    checkPatchType(kind, patch.type);
    const before = await this.#found(kind, namespace, name);
    if (!before && patch.type === 'apply') this.view.check('create', kind, namespace, name);
    const { entry } = await this.registry.patch(kind, namespace, name, patch, this.options);
    this.#changed(kind, clientView(kind, before), entry, done);
  }

  /** Creates an object. @throws StatusError as REST answers */
  async create<T extends KubeObject>(kind: AnyDefinition, draft: Draft<T>): Promise<void> {
    this.mayGoOn();
    this.view.check('create', kind, '', '');
    this.note(kind, 'CREATED', 'created', await this.registry.create(kind, draft, this.options));
  }

  /** Deletes an object. @throws StatusError as REST answers */
  async delete(
    kind: AnyDefinition,
    namespace: string,
    name: string,
    {
      propagationPolicy,
      ...options
    }: Pick<DeleteOptions, 'propagationPolicy' | 'gracePeriodSeconds' | 'preconditions'> = {},
  ): Promise<void> {
    this.mayGoOn();
    this.view.check('delete', kind, namespace, name);
    await this.registry.inherent.needed(kind);
    if (!propagationPolicy && kind.strategy.deletionWarning) this.#warnings.push(kind.strategy.deletionWarning);
    const { dryRun, warn } = this.options;
    const { entry, removed } = await this.registry.delete(kind, namespace, name, {
      ...options,
      ...(propagationPolicy ? { propagationPolicy } : {}),
      ...(dryRun === undefined ? {} : { dryRun }),
      ...(warn ? { warn } : {}),
      ...this.#user,
    });
    if (removed) this.note(kind, 'DELETED', 'deleted', entry);
    else this.note(kind, 'MARKED_FOR_DELETION', 'marked for deletion', entry);
  }

  #changed(kind: AnyDefinition, before: Entry | undefined, after: Entry, done: string): void {
    if (!before) this.note(kind, 'CREATED', 'created', after);
    else if (this.dryRun ? isAlike(before.object, after.object) : before.revision === after.revision)
      this.note(kind, 'UNCHANGED', 'unchanged', after);
    else this.note(kind, 'CHANGED', done, after);
  }

  /** Keeps what became of an object: `done` is said of it. */
  note(kind: AnyDefinition, outcome: ChangeOutcome, done: string, entry: Entry): void {
    const { stored } = kind;
    // The graph tells of objects in the version that is stored.
    const object = stored ? (stored.toStored(entry.object) as KubeObject) : entry.object;
    const subject = `${kind.kind.toLowerCase()}${kind.group && `.${kind.group}`}/${entry.name}`;
    this.#changes.push({
      outcome,
      message: `${subject} ${done}${this.dryRun ? ' (dry run)' : ''}`,
      revision: String(entry.revision),
      object: this.view.see({ ...entry, object }),
    });
  }

  /**
   * Carries out what consists of several writes: an error tells what was done before it.
   * @param steps what was done besides what was noted, in words
   */
  async inSteps<T>(carryOut: () => Promise<T>, steps: () => readonly string[] = () => []): Promise<T> {
    try {
      return await carryOut();
    } catch (error) {
      const done = [...this.#changes.map(({ message }) => message), ...steps()];
      // Steps of steps have told already.
      if (done.length === 0 || (error instanceof GraphQLError && error.extensions.done)) throw error;
      const extensions = error instanceof GraphQLError ? error.extensions : {};
      throw new GraphQLError(messageOf(error), { originalError: error as Error, extensions: { ...extensions, done } });
    }
  }

  /** The answer of the mutation. What it tells of is committed. Of one that comes too late no field would be told: the error tells what was done. */
  async payload() {
    await this.registry.log.committed();
    await this.inSteps(async () => this.mayGoOn());
    return {
      changes: this.#changes,
      revision: String(this.registry.revision),
      dryRun: this.dryRun,
      warnings: this.#warnings,
    };
  }
}

/** Whether two versions of an object differ in nothing that anybody wanted. */
function isAlike(a: KubeObject, b: KubeObject): boolean {
  const bare = ({ metadata, ...rest }: KubeObject) => ({ ...rest, metadata: without(metadata, 'managedFields') });
  return isDeepStrictEqual(bare(a), bare(b));
}
