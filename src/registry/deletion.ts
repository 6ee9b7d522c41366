import { formatTime } from '../clock/clock.js';
import type { ResourceDefinition, Strategy } from '../resources/definition.js';
import type { KubeObject } from '../resources/types.js';
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from '../resources/well-known.js';
import { StatusError } from './status.js';
import type { DeleteOptions, PropagationPolicy } from './types.js';

/** What a DELETE does to an object: removes it, marks it and waits, or changes nothing because it is marked already. */
export type Deletion<T extends KubeObject> =
  | { readonly kind: 'remove'; readonly object: T }
  | { readonly kind: 'mark'; readonly object: T }
  | { readonly kind: 'keep' };

/**
 * Decides a DELETE. Mirrors upstream's `BeforeDelete` and the finalizer rules around it (GC-05, LIFE-01..04, API-13).
 * `now` is the cluster's time in ms.
 */
export function decideDeletion<T extends KubeObject>(
  object: T,
  strategy: Strategy<T>,
  options: DeleteOptions,
  now: number,
): Deletion<T> {
  const { metadata } = object;
  const finalizers = finalizersFor(metadata.finalizers ?? [], propagation(object, strategy, options));
  const marked = metadata.deletionTimestamp !== undefined;
  const sameFinalizers =
    finalizers.length === (metadata.finalizers?.length ?? 0) && finalizers.every(f => metadata.finalizers?.includes(f));
  const held = finalizers.length > 0 || strategy.isHeld?.(object) === true;

  if (marked) {
    const left = metadata.deletionGracePeriodSeconds ?? 0;
    // A second request may shorten the wait by what it asks for, and not by what the object would have got at first.
    const asked = options.gracePeriodSeconds ?? left;
    const period = Math.min(left, asked < 0 ? 1 : asked);
    const shorter = period < left;
    if (!shorter && (left > 0 || held) && sameFinalizers) return { kind: 'keep' };
    const began = Date.parse(metadata.deletionTimestamp!) - left * 1000;
    const marking = () => mark(object, finalizers, period, began + period * 1000, false);
    if (period === 0 && !held) return { kind: 'remove', object: shorter ? marking() : object };
    return { kind: 'mark', object: marking() };
  }
  const grace = strategy.gracePeriodSeconds?.(object, options.gracePeriodSeconds) ?? 0;
  // What has a grace period shows that it was over at once.
  if (grace === 0 && !held)
    return { kind: 'remove', object: strategy.gracePeriodSeconds ? mark(object, finalizers, 0, now, true) : object };
  if (strategy.markTerminating)
    return { kind: 'mark', object: strategy.markTerminating(mark(object, finalizers, undefined, now, false)) };
  return { kind: 'mark', object: mark(object, finalizers, grace, now + grace * 1000, true) };
}

/** Whether nothing holds a marked object any more, so that the write which got it there removes it. */
export function isReleased<T extends KubeObject>(object: T, strategy: Strategy<T>): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = object.metadata;
  if (deletionTimestamp === undefined || (finalizers?.length ?? 0) > 0) return false;
  return (deletionGracePeriodSeconds ?? 0) === 0 && strategy.isHeld?.(object) !== true;
}

/** @throws StatusError 409 if the object is not the one the caller means. */
export function checkPreconditions<T extends KubeObject>(
  kind: ResourceDefinition<T>,
  object: T,
  expected: DeleteOptions['preconditions'],
): void {
  const { name, uid, resourceVersion } = object.metadata;
  const differs = expected?.uid !== undefined && expected.uid !== uid ? 'UID' : 'ResourceVersion';
  const [wanted, found] = differs === 'UID' ? [expected?.uid, uid] : [expected?.resourceVersion, resourceVersion];
  if (wanted === undefined || wanted === found) return;
  if (kind.strategy.markTerminating) {
    const why = `Precondition failed: ${differs} in precondition: ${wanted}, ${differs} in object meta: ${found}`;
    throw StatusError.conflict(kind, name, why);
  }
  const since = differs === 'UID' ? 'deleted and then recreated' : 'modified';
  throw StatusError.conflict(
    // Upstream names the kind here, where other conflicts name the resource.
    { group: kind.group, plural: kind.kind },
    name,
    `the ${differs} in the precondition (${wanted}) does not match the ${differs} in record (${found}). The object might have been ${since}`,
  );
}

function propagation<T extends KubeObject>(
  object: T,
  strategy: Strategy<T>,
  options: DeleteOptions,
): PropagationPolicy {
  if (strategy.defaultPropagation === 'Unsupported') return 'Background';
  if (options.orphanDependents !== undefined) return options.orphanDependents ? 'Orphan' : 'Background';
  if (options.propagationPolicy) return options.propagationPolicy;
  const finalizers = object.metadata.finalizers ?? [];
  if (finalizers.includes(ORPHAN_FINALIZER)) return 'Orphan';
  if (finalizers.includes(FOREGROUND_FINALIZER)) return 'Foreground';
  return strategy.defaultPropagation ?? 'Background';
}

function finalizersFor(finalizers: readonly string[], policy: PropagationPolicy): string[] {
  const others = finalizers.filter(f => f !== ORPHAN_FINALIZER && f !== FOREGROUND_FINALIZER);
  if (policy === 'Orphan') return [...others, ORPHAN_FINALIZER];
  if (policy === 'Foreground') return [...others, FOREGROUND_FINALIZER];
  return others;
}

function mark<T extends KubeObject>(
  object: T,
  finalizers: string[],
  grace: number | undefined,
  at: number,
  first: boolean,
): T {
  const { finalizers: _, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(first && metadata.generation ? { generation: metadata.generation + 1 } : {}),
      deletionTimestamp: formatTime(at),
      ...(grace === undefined ? {} : { deletionGracePeriodSeconds: grace }),
      ...(finalizers.length > 0 ? { finalizers } : {}),
    },
  };
}
