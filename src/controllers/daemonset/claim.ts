import { indexByController, indexOrphans } from '../../registry/indexes.js';
import type { Registry } from '../../registry/registry.js';
import { StatusError } from '../../registry/status.js';
import type { ResourceDefinition } from '../../resources/definition.js';
import { daemonSets } from '../../resources/index.js';
import type { LabelMatcher } from '../../resources/selector.js';
import type { DaemonSet, KubeObject, OwnerReference } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import { all } from './sync-pods.js';

/** What a claim is decided by. */
export interface Claimable {
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly terminating: boolean;
}

export interface Claims<T> {
  /** Owned, and matching the selector. */
  readonly keep: readonly T[];
  /** Orphans that match: they become the set's. */
  readonly adopt: readonly T[];
  /** Owned, but matching no longer: they become orphans and live on. */
  readonly release: readonly T[];
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
  const matches = (object: T) => selector.matches(describe(object).labels);
  const keep: T[] = [];
  const release: T[] = [];
  for (const object of owned) {
    if (matches(object)) keep.push(object);
    else if (!deleting) release.push(object);
  }
  const adopt = deleting ? [] : orphans.filter(orphan => matches(orphan) && !describe(orphan).terminating);
  return { keep, adopt, release };
}

/**
 * The objects of one kind that are a set's: those it controls and, once adopted, those of its namespace that match its
 * selector and are nobody's. Asked for in every phase of a sync; looks again only if there were writes in between (REF-07).
 */
export class Claimed<T extends KubeObject> {
  readonly #registry: Registry;
  readonly #kind: ResourceDefinition<T>;
  readonly #selector: LabelMatcher;
  readonly #describe: (entry: Entry<T>) => Claimable;
  #owned: readonly Entry<T>[] | undefined;
  #orphans: readonly Entry<T>[] | undefined;
  #kept: readonly Entry<T>[] = [];

  constructor(
    registry: Registry,
    kind: ResourceDefinition<T>,
    selector: LabelMatcher,
    describe: (entry: Entry<T>) => Claimable,
  ) {
    this.#registry = registry;
    this.#kind = kind;
    this.#selector = selector;
    this.#describe = describe;
  }

  /**
   * Adopts and releases what there is to, then answers what the set has; the same array as before if nothing has changed.
   * @throws Error if an orphan cannot be adopted because the set is gone or going (REF-05); StatusError
   */
  async of(set: DaemonSet): Promise<readonly Entry<T>[]> {
    const claims = this.#look(set);
    if (!claims) return this.#kept;
    if (claims.adopt.length === 0 && claims.release.length === 0) return claims.keep;
    await all([
      ...claims.release.map(entry => release(this.#registry, this.#kind, set, entry)),
      ...claims.adopt.map(entry => adopt(this.#registry, this.#kind, set, entry)),
    ]);
    return this.#look(set)?.keep ?? this.#kept;
  }

  /** What there is to claim; `undefined` if nothing has changed since there was nothing left to adopt or release. */
  #look(set: DaemonSet): Claims<Entry<T>> | undefined {
    const owned = indexByController(this.#registry, this.#kind).get(set.metadata.uid);
    const orphans = indexOrphans(this.#registry, this.#kind).get(set.metadata.namespace ?? '');
    if (owned === this.#owned && orphans === this.#orphans) return undefined;
    const deleting = set.metadata.deletionTimestamp !== undefined;
    const claims = decideClaims({ owned, orphans, selector: this.#selector, deleting, describe: this.#describe });
    if (claims.adopt.length === 0 && claims.release.length === 0) {
      this.#owned = owned;
      this.#orphans = orphans;
      this.#kept = claims.keep;
    }
    return claims;
  }
}

async function adopt<T extends KubeObject>(
  registry: Registry,
  kind: ResourceDefinition<T>,
  set: DaemonSet,
  entry: Entry<T>,
): Promise<void> {
  const obstacle = cannotAdopt(registry, set);
  if (obstacle)
    throw new Error(`can't adopt ${kind.kind} ${entry.namespace}/${entry.name} (${entry.uid}): ${obstacle}`);
  await patchOwner(registry, kind, entry, controllerReference(set));
}

async function release<T extends KubeObject>(
  registry: Registry,
  kind: ResourceDefinition<T>,
  set: DaemonSet,
  entry: Entry<T>,
): Promise<void> {
  try {
    await patchOwner(registry, kind, entry, { $patch: 'delete', uid: set.metadata.uid });
  } catch (error) {
    // Gone, or no longer what it was: there is nothing left to release.
    if (!StatusError.is(error, 'NotFound') && !StatusError.is(error, 'Invalid')) throw error;
  }
}

/** Why the set may not adopt: a look at it as it is now, since what is adopted by a set that is gone is deleted with it. */
function cannotAdopt(registry: Registry, set: DaemonSet): string | undefined {
  const { namespace = '', name, uid } = set.metadata;
  const live = registry.get(daemonSets, namespace, name)?.object;
  if (!live) return StatusError.notFound(daemonSets, name).message;
  if (live.metadata.uid !== uid)
    return `original DaemonSet ${namespace}/${name} is gone: got uid ${live.metadata.uid}, wanted ${uid}`;
  const { deletionTimestamp } = live.metadata;
  return deletionTimestamp && `${namespace}/${name} has just been deleted at ${deletionTimestamp}`;
}

async function patchOwner<T extends KubeObject>(
  registry: Registry,
  kind: ResourceDefinition<T>,
  { namespace, name, uid }: Entry<T>,
  reference: OwnerReference | { $patch: 'delete'; uid: string },
): Promise<void> {
  // The uid makes sure that it is still the same object.
  const body = { metadata: { uid, ownerReferences: [reference] } };
  await registry.patch(kind, namespace, name, { type: 'strategic', body });
}

/** The reference by which a set controls what it made (POD-04). */
export function controllerReference({ metadata: { name, uid } }: DaemonSet): OwnerReference {
  return { apiVersion: 'apps/v1', kind: 'DaemonSet', name, uid, controller: true, blockOwnerDeletion: true };
}
