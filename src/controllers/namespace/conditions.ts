import { formatTime } from '../../clock/clock.js';
import type { Condition } from '../../resources/types.js';

/** What is left in a namespace that is being deleted. */
export interface Remaining {
  /** Objects by resource, as `pods.` or `daemonsets.apps`: the core group leaves its dot behind. */
  readonly resources: ReadonlyMap<string, number>;
  /** Objects by the finalizers that hold them. */
  readonly finalizers: ReadonlyMap<string, number>;
  /** Messages of deletions that were refused. */
  readonly errors: readonly string[];
}

interface Verdict {
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

const fine = (reason: string, message: string): Verdict => ({ status: 'False', reason, message });
const trouble = (reason: string, message: string): Verdict => ({ status: 'True', reason, message });

/**
 * The conditions of a namespace that is being deleted, in upstream's order; each is True when something is in the way.
 * Discovery and parsing cannot fail here: all kinds are known.
 */
function verdicts({ resources, finalizers, errors }: Remaining): Record<string, Verdict> {
  return {
    NamespaceDeletionDiscoveryFailure: fine('ResourcesDiscovered', 'All resources successfully discovered'),
    NamespaceDeletionGroupVersionParsingFailure: fine(
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    NamespaceDeletionContentFailure:
      errors.length > 0
        ? trouble(
            'ContentDeletionFailed',
            `Failed to delete all resource types, ${errors.length} remaining: ${listed([...errors])}`,
          )
        : fine('ContentDeleted', 'All content successfully deleted, may be waiting on finalization'),
    NamespaceContentRemaining:
      resources.size > 0
        ? trouble('SomeResourcesRemain', `Some resources are remaining: ${counted(resources, 'has')}`)
        : fine('ContentRemoved', 'All content successfully removed'),
    NamespaceFinalizersRemaining:
      finalizers.size > 0
        ? trouble(
            'SomeFinalizersRemain',
            `Some content in the namespace has finalizers remaining: ${counted(finalizers, 'in')}`,
          )
        : fine('ContentHasNoFinalizers', 'All content-preserving finalizers finished'),
  };
}

const listed = (texts: string[]) => texts.sort().join(', ');
const counted = (counts: ReadonlyMap<string, number>, verb: string) =>
  listed([...counts].map(([name, count]) => `${name} ${verb} ${count} resource instances`));

/** `conditions` as they should be; the same list if they are so already. `now` is in ms since the epoch. */
export function withDeletionConditions(
  conditions: readonly Condition[],
  remaining: Remaining,
  now: number,
): readonly Condition[] {
  const result = [...conditions];
  let changed = false;
  for (const [type, verdict] of Object.entries(verdicts(remaining))) {
    const at = result.findIndex(c => c.type === type);
    const former = result[at];
    if (
      former &&
      former.status === verdict.status &&
      former.reason === verdict.reason &&
      former.message === verdict.message
    )
      continue;
    const moved = former?.status !== verdict.status;
    const condition = {
      type,
      ...verdict,
      lastTransitionTime: moved ? formatTime(now) : (former?.lastTransitionTime ?? null),
    };
    if (at < 0) result.push(condition);
    else result[at] = condition;
    changed = true;
  }
  return changed ? result : conditions;
}
