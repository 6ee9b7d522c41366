import type { Pod, PodTemplateSpec, Taint, Toleration } from '../resources/types.js';
import { SYSTEM_PRIORITIES, TAINTS } from '../resources/well-known.js';
import { sentence } from '../words/sentence.js';
import { answered, type Check, explain } from './check.js';
import { always, automaticTolerations, DaemonPlacement, withAutomatic } from './daemon.js';
import { portsRule, resourcesRule, type Shortage, shortages } from './fit.js';
import type { NodeInfo } from './node-info.js';
import { formatTaint } from './taints.js';

/**
 * What the DaemonSet controller wanted of a node before 1.12, when it bound its pods itself and so had to play the scheduler
 * (HIS-01 to HIS-03).
 */
export interface OldDaemonVerdict {
  /** The node counts as desired. */
  readonly wantToRun: boolean;
  /** A pod may be made there now. */
  readonly shouldSchedule: boolean;
  /** A pod that is there may stay. */
  readonly shouldContinue: boolean;
  /** Why a wanted pod finds no room, as the event `FailedPlacement` told it. */
  readonly obstacle?: string;
}

const RUN: OldDaemonVerdict = { wantToRun: true, shouldSchedule: true, shouldContinue: true };
const STAY: OldDaemonVerdict = { wantToRun: false, shouldSchedule: false, shouldContinue: true };
const GO: OldDaemonVerdict = { wantToRun: false, shouldSchedule: false, shouldContinue: false };

/** Marks pods that the system depends on, in the system's own namespace; until 1.16. */
const CRITICAL = 'scheduler.alpha.kubernetes.io/critical-pod';
const SYSTEM_NAMESPACE = 'kube-system';
const SYSTEM_CRITICAL = SYSTEM_PRIORITIES['system-cluster-critical'];
const OUT_OF_DISK = 'node.kubernetes.io/out-of-disk';

/**
 * Taints that tell of a node's condition, or that it is cordoned. Nodes were not tainted so then unless the gate
 * TaintNodesByCondition was on, and the controller looked neither at conditions nor at `spec.unschedulable` (HIS-07).
 */
const OF_CONDITION: ReadonlySet<string> = new Set([
  TAINTS.notReady,
  TAINTS.unreachable,
  TAINTS.unschedulable,
  TAINTS.memoryPressure,
  TAINTS.diskPressure,
  TAINTS.pidPressure,
  TAINTS.networkUnavailable,
]);
const isOfCondition = ({ key, effect }: Taint) => effect === 'NoSchedule' && OF_CONDITION.has(key);

/** A template made ready to be asked about many nodes in the manner of 1.11. */
export class OldDaemonPlacement {
  readonly #placement: DaemonPlacement;
  /** A pod as it would be made. */
  readonly #pod: Pod;
  /** The system depends on its pods: they are placed without a look at resources. */
  readonly #isCritical: boolean;
  /** Whether it is so by the annotation, which stood for a priority class. */
  readonly isMarkedCritical: boolean;

  constructor(template: PodTemplateSpec, namespace: string) {
    const { metadata, spec } = template;
    this.isMarkedCritical = namespace === SYSTEM_NAMESPACE && metadata?.annotations?.[CRITICAL] === '';
    // The name of a class tells nothing yet: priorities are found when pods are made.
    this.#isCritical = this.isMarkedCritical || (spec.priority ?? 0) >= SYSTEM_CRITICAL;
    this.#placement = new DaemonPlacement(template, oldTolerations(spec, this.isMarkedCritical));
    this.#pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, name: '', uid: '', resourceVersion: '', creationTimestamp: '' },
      spec: { ...spec, tolerations: [...this.tolerations] },
      status: {},
    };
  }

  get tolerations() {
    return this.#placement.tolerations;
  }

  /** @param info the node and the pods on it, without those of the set itself */
  verdict(info: NodeInfo): OldDaemonVerdict {
    const { shouldRun, shouldContinue } = this.#placement.verdict(info.node, countedTaints(info));
    if (!shouldContinue) return GO;
    // A taken port even drove away a pod that was running.
    if (portsRule.obstacle(this.#pod, info)) return GO;
    if (!shouldRun) return STAY;
    const short = this.#isCritical ? [] : shortages(this.#pod, info);
    return short.length > 0 ? { ...RUN, shouldSchedule: false, obstacle: predicateFailure(lastOf(short)) } : RUN;
  }

  /** Every check that leads to the verdict; that of resources only where a pod is wanted. */
  explain(info: NodeInfo): readonly Check[] {
    const taints = countedTaints(info);
    const passedOver = (info.node.spec?.taints ?? []).filter(taint => !taints.includes(taint)).map(formatTaint);
    const checks = [
      ...this.#placement.explain(info.node, taints).checks,
      ...(passedOver.length > 0
        ? [answered('NodeUnschedulable', undefined, [sentence('cordon.ofNoMatter', { taints: passedOver })])]
        : []),
      explain(portsRule, this.#pod, info),
    ];
    if (!this.verdict(info).wantToRun) return checks;
    const resources = this.#isCritical
      ? answered(resourcesRule.name, undefined, [sentence('resources.critical')])
      : explain(resourcesRule, this.#pod, info);
    return [...checks, resources];
  }
}

const countedTaints = ({ node }: NodeInfo): readonly Taint[] =>
  (node.spec?.taints ?? []).filter(taint => !isOfCondition(taint));

/** Daemon pods did not tolerate pressure of process ids yet; critical ones tolerated full disks. */
function oldTolerations(spec: PodTemplateSpec['spec'], isCritical: boolean): Toleration[] {
  const automatic = automaticTolerations(spec).filter(({ key }) => key !== TAINTS.pidPressure);
  if (isCritical) automatic.push(always(OUT_OF_DISK, 'NoExecute'), always(OUT_OF_DISK, 'NoSchedule'));
  return withAutomatic(spec.tolerations, automatic);
}

/** The order in which resources were looked at; others came last. The last that was short was told of. */
const ORDER = ['pods', 'cpu', 'memory', 'ephemeral-storage'];
const rank = ({ resource }: Shortage) => (ORDER.includes(resource) ? ORDER.indexOf(resource) : ORDER.length);
const lastOf = (short: readonly Shortage[]): Shortage => short.reduce((a, b) => (rank(b) >= rank(a) ? b : a));

/** In the words of the scheduler predicates of that time. */
function predicateFailure({ resource, wanted, used, total }: Shortage): string {
  return `Node didn't have enough resource: ${resource}, requested: ${wanted}, used: ${used}, capacity: ${total}`;
}
