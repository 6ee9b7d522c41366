import { controllerOf } from '../../registry/indexes.js';
import type { KubeObject, OwnerReference } from '../../resources/types.js';
import type { Seen } from '../view.js';

/** Nothing is owned through more than this: references may form a ring. */
const LONGEST_CHAIN = 10;

/** What a reference names; undefined if that is gone, or of a kind that is not served. */
export function ownerNamed({ view, entry }: Seen, reference: OwnerReference): Seen | undefined {
  const kind = view.registry.kinds.byKind(reference.apiVersion, reference.kind);
  const stored = kind?.stored?.kind ?? kind;
  if (!stored) return undefined;
  const owner = view.get(stored, stored.namespaced ? entry.namespace : '', reference.name);
  return owner?.entry.uid === reference.uid ? owner : undefined;
}

/** Who controls an object, who controls that, and so on. */
export function ownersAbove(seen: Seen): Seen<KubeObject>[] {
  const owners: Seen[] = [];
  for (let next: Seen | undefined = seen; owners.length < LONGEST_CHAIN; ) {
    const reference = controllerOf(next.entry.object);
    next = reference && ownerNamed(next, reference);
    if (!next) break;
    owners.push(next);
  }
  return owners;
}

/** Whether one of the controllers above an object is the one that is meant: by name, or by `Kind/name`. */
export function isOwnedBy(seen: Seen, owner: string): boolean {
  return ownersAbove(seen).some(({ entry }) => owner === entry.name || owner === `${entry.object.kind}/${entry.name}`);
}
