import { indexByController, indexOrphans } from '../../registry/indexes.js';
import type { Registry } from '../../registry/registry.js';
import { StatusError } from '../../registry/status.js';
import { apiVersionOf, type ResourceDefinition } from '../../resources/definition.js';
import type { LabelMatcher } from '../../resources/selector.js';
import type { KubeObject, OwnerReference } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import { all } from './pod-control.js';

/** What a claim is decided by. */
export interface Claimable {
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly terminating: boolean;
  /** Neither kept, nor adopted, nor released. */
  readonly ignored?: boolean;
}

/** What a claim on an object is decided by where nothing else of it counts. */
export const describeMetadata = ({ object: { metadata } }: Entry): Claimable => ({
  labels: metadata.labels,
  terminating: metadata.deletionTimestamp !== undefined,
});

export interface Claims<T> {
  /** Owned, and matching the selector. */
  readonly keep: readonly T[];
  /** Orphans that match: they become the set's. */
  readonly adopt: readonly T[];
  /** Owned, but matching no longer: they become orphans and live on. */
  readonly release: readonly T[];
  /** Owned, and to be ignored. */
  readonly ignored: readonly T[];
}

export interface ClaimInput<T> {
  /** Controlled by the set. */
  readonly owned: readonly T[];
  /** Controlled by nobody, in the set's namespace. */
  readonly orphans: readonly T[];
  readonly selector: LabelMatcher;
  /** The set is on its way out. */
  readonly deleting: boolean;
  readonly describe: (object: T) => Claimable;
}

/**
 * Sorts what a set owns, and what nobody does, by whether it should be the set's (REF-01..05). A set that is being deleted
 * keeps what it has, and neither adopts nor releases.
 */
export function decideClaims<T>({ owned, orphans, selector, deleting, describe }: ClaimInput<T>): Claims<T> {
  const keep: T[] = [];
  const release: T[] = [];
  const passedOver: T[] = [];
  for (const object of owned) {
    const { labels, ignored } = describe(object);
    if (ignored) passedOver.push(object);
    else if (selector.matches(labels)) keep.push(object);
    else if (!deleting) release.push(object);
  }
  const mayAdopt = ({ labels, terminating, ignored }: Claimable) =>
    !ignored && !terminating && selector.matches(labels);
  const adopt = deleting ? [] : orphans.filter(orphan => mayAdopt(describe(orphan)));
  return { keep, adopt, release, ignored: passedOver };
}

/** Whose claims, on what. */
export interface ClaimRules<T extends KubeObject, O extends KubeObject> {
  /** The kind of those that claim. */
  readonly owner: ResourceDefinition<O>;
  /** The kind of what is claimed. */
  readonly kind: ResourceDefinition<T>;
  readonly selector: LabelMatcher;
  /** Asked often of the same entries: best remembered by who answers. */
  readonly describe: (entry: Entry<T>) => Claimable;
  /** What the set's objects have as long as they are its own. */
  readonly finalizer?: string;
}

/**
 * The objects of one kind that are a set's: those it controls and, once adopted, those of its namespace that match its
 * selector and are nobody's. Asked for in every phase of a sync; looks again only if there were writes in between (REF-07).
 */
export class Claimed<T extends KubeObject, O extends KubeObject> {
  readonly #registry: Registry;
  readonly #rules: ClaimRules<T, O>;
  #owned: readonly Entry<T>[] | undefined;
  #orphans: readonly Entry<T>[] | undefined;
  #kept: readonly Entry<T>[] = [];
  #ignored: readonly Entry<T>[] = [];

  constructor(registry: Registry, rules: ClaimRules<T, O>) {
    this.#registry = registry;
    this.#rules = rules;
  }

  /**
   * Adopts and releases what there is to, then answers what the set has; the same array as before if nothing has changed.
   * @throws Error if an orphan cannot be adopted because the set is gone or going (REF-05); StatusError
   */
  async of(set: O): Promise<readonly Entry<T>[]> {
    const claims = this.#look(set);
    if (!claims) return this.#kept;
    if (claims.adopt.length === 0 && claims.release.length === 0) return claims.keep;
    const adopted = new Set<string>();
    await all([
      ...claims.release.map(entry => this.#release(set, entry)),
      ...claims.adopt.map(async entry => {
        if (await this.#adopt(set, entry)) adopted.add(entry.uid);
      }),
    ]);
    const now = this.#look(set);
    // What was adopted and somebody has set free again by now is the set's all the same: the next look adopts it once more.
    return now ? [...now.keep, ...now.adopt.filter(({ uid }) => adopted.has(uid))] : this.#kept;
  }

  /** What the set controls and ignores; as of the last {@link of}. */
  get ignored(): readonly Entry<T>[] {
    return this.#ignored;
  }

  /** What there is to claim; `undefined` if nothing has changed since there was nothing left to adopt or release. */
  #look(set: O): Claims<Entry<T>> | undefined {
    const { kind, selector, describe } = this.#rules;
    const owned = indexByController(this.#registry, kind).get(set.metadata.uid);
    const orphans = indexOrphans(this.#registry, kind).get(set.metadata.namespace ?? '');
    if (owned === this.#owned && orphans === this.#orphans) return undefined;
    const deleting = set.metadata.deletionTimestamp !== undefined;
    const claims = decideClaims({ owned, orphans, selector, deleting, describe });
    if (claims.adopt.length === 0 && claims.release.length === 0) {
      this.#owned = owned;
      this.#orphans = orphans;
      this.#kept = claims.keep;
      this.#ignored = claims.ignored;
    }
    return claims;
  }

  /** Answers whether it is the set's now. */
  async #adopt(set: O, entry: Entry<T>): Promise<boolean> {
    const { owner, kind } = this.#rules;
    const obstacle = this.#cannotAdopt(set);
    if (obstacle)
      throw new Error(`can't adopt ${kind.kind} ${entry.namespace}/${entry.name} (${entry.uid}): ${obstacle}`);
    try {
      await this.#patchOwner(entry, controllerReference(owner, set));
      return true;
    } catch (error) {
      // Gone meanwhile: there is nothing left to adopt.
      if (!StatusError.is(error, 'NotFound')) throw error;
      return false;
    }
  }

  async #release(set: O, entry: Entry<T>): Promise<void> {
    try {
      await this.#patchOwner(entry, { $patch: 'delete', uid: set.metadata.uid });
    } catch (error) {
      // Gone, or no longer what it was: there is nothing left to release.
      if (!StatusError.is(error, 'NotFound') && !StatusError.is(error, 'Invalid')) throw error;
    }
  }

  /** Why the set may not adopt: a look at it as it is now, since what is adopted by a set that is gone is deleted with it. */
  #cannotAdopt(set: O): string | undefined {
    const { owner } = this.#rules;
    const { namespace = '', name, uid } = set.metadata;
    const live = this.#registry.get(owner, namespace, name)?.object;
    if (!live) return `can't recheck DeletionTimestamp: ${StatusError.notFound(owner, name).message}`;
    if (live.metadata.uid !== uid)
      return `can't recheck DeletionTimestamp: original ${owner.kind} ${namespace}/${name} is gone: got uid ${live.metadata.uid}, wanted ${uid}`;
    const { deletionTimestamp } = live.metadata;
    return deletionTimestamp && `${namespace}/${name} has just been deleted at ${deletionTimestamp}`;
  }

  async #patchOwner(
    { namespace, name, uid }: Entry<T>,
    reference: OwnerReference | { $patch: 'delete'; uid: string },
  ): Promise<void> {
    const { kind, finalizer } = this.#rules;
    const finalizers = '$patch' in reference ? '$deleteFromPrimitiveList/finalizers' : 'finalizers';
    // The uid makes sure that it is still the same object.
    const body = {
      metadata: { uid, ownerReferences: [reference], ...(finalizer ? { [finalizers]: [finalizer] } : {}) },
    };
    await this.#registry.patch(kind, namespace, name, { type: 'strategic', body });
  }
}

/** The reference by which an object of kind `owner` controls what it made (POD-04). */
export function controllerReference<O extends KubeObject>(
  owner: ResourceDefinition<O>,
  { metadata: { name, uid } }: KubeObject,
): OwnerReference {
  return {
    apiVersion: apiVersionOf(owner),
    kind: owner.kind,
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}
