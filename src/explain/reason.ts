import { conditionOf, isReady } from '../resources/state.js';
import type { Pod } from '../resources/types.js';
import type { Check } from './checks.js';
import type { Placement } from './placements.js';

/**
 * Why a placement is as it is, in one sentence without a full stop.
 * @param createError finds what went wrong when the controller last tried to make a pod, as events tell
 */
export function reasonFor(placement: Placement, createError: () => string | undefined): string {
  const { actual, pod } = placement;
  switch (actual) {
    case 'NOT_WANTED':
      return `no pod is wanted: ${objections(placement.controllerChecks)}`;
    case 'EXTRA':
      return placement.shouldContinue
        ? `no new pod is wanted (${objections(placement.controllerChecks)}), but the one that is there may stay`
        : `the pod must go: ${objections(placement.controllerChecks)}`;
    case 'MISSING':
      return whyMissing(placement, createError());
    case 'PENDING':
      return whyPending(pod!.object, placement);
    case 'FAILED':
      return `the pod has failed${inBrackets(pod!.object.status.reason, pod!.object.status.message)}; ${whatFollows(placement)}`;
    case 'SUCCEEDED':
      return `the pod has ended, which a daemon pod should not; ${placement.keepsEnded ? 'the controller leaves it where it is' : 'the controller replaces it'}`;
    case 'TERMINATING':
      return placement.wanted
        ? 'the pod is being deleted; the next one comes when it is gone'
        : `the pod is being deleted: ${objections(placement.controllerChecks)}`;
    case 'PRESENT':
      return whyPresent(placement);
  }
}

function whatFollows({ hasRoom, controllerChecks }: Placement): string {
  return hasRoom ? 'the controller replaces it' : `there is no room for another: ${objections(controllerChecks)}`;
}

function whyMissing({ daemonSet, checks }: Placement, createError: string | undefined): string {
  const { metadata, status } = daemonSet.object;
  if (metadata.deletionTimestamp !== undefined) return 'a pod would be wanted, but the DaemonSet is being deleted';
  if (createError) return `a pod is wanted, and the controller could not make it (${createError})`;
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    return 'a pod is wanted, and the controller has not seen this version of the DaemonSet yet';
  }
  const obstacles = checks.filter(check => check.verdict === 'FAIL');
  return obstacles.length > 0
    ? `a pod is wanted and not there yet; it will have to wait: ${objections(obstacles)}`
    : 'a pod is wanted, and the controller has not made it yet';
}

function whyPending(pod: Pod, { checks, node }: Placement): string {
  if (pod.spec.nodeName) {
    const waiting = pod.status.containerStatuses?.find(c => c.state?.waiting)?.state?.waiting;
    return `the pod is on the node and has not started yet${inBrackets(waiting?.reason, waiting?.message)}`;
  }
  if (pod.spec.schedulingGates?.length) {
    return `the pod is held back by scheduling gate ${pod.spec.schedulingGates.map(gate => gate.name).join(', ')}`;
  }
  const obstacles = checks.filter(check => check.verdict === 'FAIL');
  return obstacles.length > 0
    ? `the pod finds no room: ${objections(obstacles)}`
    : `the pod waits for the scheduler to bind it to ${node.name}`;
}

function whyPresent({ pod, node, ready, upToDate, daemonSet }: Placement): string {
  const old =
    upToDate === false
      ? daemonSet.object.spec.updateStrategy.type === 'OnDelete'
        ? ', but made from an older template: it is replaced when it is deleted'
        : ', but made from an older template: the rollout has not come to it yet'
      : '';
  if (ready) return `a pod is wanted, and it runs and is ready${old}`;
  const condition = conditionOf(pod!.object, 'Ready');
  const ofNode = isReady(node.object) ? '' : ', as its node is not';
  return `a pod is wanted, and it runs but is not ready${inBrackets(condition?.reason, condition?.message) || ofNode}${old}`;
}

/** What spoke against a pod, all of it. */
function objections(checks: readonly Check[]): string {
  return checks
    .filter(check => check.verdict !== 'PASS')
    .map(check => check.message)
    .join('; ');
}

/** ` (Reason: message)`, of which either may be missing. */
function inBrackets(reason: string | undefined, message: string | undefined): string {
  const parts = [reason, message].filter(Boolean);
  return parts.length > 0 ? ` (${parts.join(': ')})` : '';
}
