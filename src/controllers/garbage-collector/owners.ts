import { dependentsOf, ownersOf } from '../../registry/indexes.js';
import type { Registry } from '../../registry/registry.js';
import { qualifiedName } from '../../resources/definition.js';
import { events } from '../../resources/index.js';
import type { KubeObject, OwnerReference } from '../../resources/types.js';
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from '../../resources/well-known.js';
import type { Entry } from '../../store/entry.js';

/**
 * How an owner stands: there (`solid`); not there, or not the one that is meant (`dangling`); there, but going as soon as
 * its dependents have gone (`waiting`); of a kind that is not served, or out of reach for an object without a namespace
 * (`unknown`).
 */
export type OwnerState = 'solid' | 'dangling' | 'waiting' | 'unknown';

/** The resource of Events: there are many, and none has an owner. */
export const EVENTS = qualifiedName(events);

/** Who owns whom, among the objects of all kinds, as the registry's indexes tell it. */
export class Owners {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** The objects that name `uid` as an owner. */
  dependentsOf(uid: string): Entry[] {
    const kinds = this.#registry.kinds.stored().filter(kind => qualifiedName(kind) !== EVENTS);
    return kinds.flatMap(kind => dependentsOf(this.#registry, kind, uid));
  }

  /** Where the reference of an object in `namespace` points; the name may have been given to another object since. */
  find(owner: OwnerReference, namespace: string): Entry | undefined {
    const kind = this.#registry.kinds.byKind(owner.apiVersion, owner.kind);
    return kind && this.#registry.get(kind, kind.namespaced ? namespace : '', owner.name);
  }

  stateOf(owner: OwnerReference, namespace: string): OwnerState {
    const kind = this.#registry.kinds.byKind(owner.apiVersion, owner.kind);
    if (!kind || (kind.namespaced && !namespace)) return 'unknown';
    const entry = this.find(owner, namespace);
    if (entry?.uid !== owner.uid) return 'dangling';
    return awaitsDependents(entry.object) ? 'waiting' : 'solid';
  }

  /** Whether the owner exists, but in another namespace than that of its dependent. */
  isElsewhere(owner: OwnerReference, namespace: string): boolean {
    const kind = this.#registry.kinds.byKind(owner.apiVersion, owner.kind);
    if (!kind?.namespaced) return false;
    const byUid = this.#registry.index(kind, 'uid', ({ metadata }) => [metadata.uid]);
    return byUid.get(owner.uid).some(entry => entry.namespace !== namespace);
  }
}

/** Marked for deletion, and held until the objects that it owns have gone. */
export const awaitsDependents = (object: KubeObject): boolean => isHeldBy(object, FOREGROUND_FINALIZER);

/** Marked for deletion, and held until the objects that it owns are nobody's. */
export const awaitsOrphaning = (object: KubeObject): boolean => isHeldBy(object, ORPHAN_FINALIZER);

const isHeldBy = ({ metadata }: KubeObject, finalizer: string) =>
  metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(finalizer) === true;

/** Whether `object` holds up the deletion of the owner with this uid. */
export const blocks = (object: KubeObject, uid: string): boolean =>
  ownersOf(object).some(owner => owner.uid === uid && owner.blockOwnerDeletion === true);
