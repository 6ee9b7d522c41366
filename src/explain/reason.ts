import { conditionOf, isReady } from '../resources/state.js';
import type { Pod } from '../resources/types.js';
import { type Sentence, sentence } from '../words/sentence.js';
import type { Check } from './checks.js';
import type { Placement } from './placements.js';

/**
 * Why a placement is as it is, in one sentence.
 * @param createError finds what went wrong when the controller last tried to make a pod
 */
export function reasonFor(placement: Placement, createError: () => string | undefined): Sentence {
  const { actual, pod, controllerChecks } = placement;
  switch (actual) {
    case 'NOT_WANTED':
      return sentence('notWanted', { why: objections(controllerChecks) });
    case 'EXTRA':
      return sentence(placement.shouldContinue ? 'extra.mayStay' : 'extra.mustGo', {
        why: objections(controllerChecks),
      });
    case 'MISSING':
      return whyMissing(placement, createError());
    case 'PENDING':
      return whyPending(pod!.object, placement);
    case 'FAILED': {
      const detail = detailOf(pod!.object.status);
      return placement.hasRoom
        ? sentence('failed.replaced', { detail })
        : sentence('failed.noRoom', { detail, why: objections(controllerChecks) });
    }
    case 'SUCCEEDED':
      return sentence(placement.keepsEnded ? 'succeeded.kept' : 'succeeded.replaced');
    case 'TERMINATING':
      return placement.wanted
        ? sentence('terminating.next')
        : sentence('terminating.last', { why: objections(controllerChecks) });
    case 'PRESENT':
      return whyPresent(placement);
  }
}

function whyMissing({ daemonSet, checks }: Placement, error: string | undefined): Sentence {
  const { metadata, status } = daemonSet.object;
  if (metadata.deletionTimestamp !== undefined) return sentence('missing.deleting');
  if (error) return sentence('missing.refused', { error });
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) return sentence('missing.unseen');
  const obstacles = checks.filter(check => check.verdict === 'FAIL');
  return obstacles.length > 0
    ? sentence('missing.willWait', { why: objections(obstacles) })
    : sentence('missing.notYet');
}

function whyPending(pod: Pod, { checks, node }: Placement): Sentence {
  if (pod.spec.nodeName) {
    const waiting = pod.status.containerStatuses?.find(c => c.state?.waiting)?.state?.waiting;
    return sentence('pending.starting', { detail: detailOf(waiting) });
  }
  if (pod.spec.schedulingGates?.length)
    return sentence('pending.gated', { gates: pod.spec.schedulingGates.map(gate => gate.name) });
  const obstacles = checks.filter(check => check.verdict === 'FAIL');
  return obstacles.length > 0
    ? sentence('pending.noRoom', { why: objections(obstacles) })
    : sentence('pending.unbound', { node: node.name });
}

function whyPresent(placement: Placement): Sentence {
  const state = howPresent(placement);
  if (placement.upToDate !== false) return state;
  const isByHand = placement.daemonSet.object.spec.updateStrategy.type === 'OnDelete';
  return sentence(isByHand ? 'present.outdatedByHand' : 'present.outdated', { state: [state] });
}

function howPresent({ pod, node, ready }: Placement): Sentence {
  if (ready) return sentence('present.ready');
  const detail = detailOf(conditionOf(pod!.object, 'Ready'));
  return !detail && !isReady(node.object) ? sentence('present.nodeNotReady') : sentence('present.notReady', { detail });
}

/** What spoke against a pod, all of it. */
const objections = (checks: readonly Check[]): readonly Sentence[] =>
  checks.filter(check => check.verdict !== 'PASS').flatMap(check => check.sentences);

/** `Reason: message`, of which either may be missing. */
export const detailOf = (
  told: { readonly reason?: string | undefined; readonly message?: string | undefined } | undefined,
): string => [told?.reason, told?.message].filter(Boolean).join(': ');
