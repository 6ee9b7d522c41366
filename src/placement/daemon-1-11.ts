import type { Pod, PodTemplateSpec } from '../resources/types.js';
import { SYSTEM_PRIORITIES } from '../resources/well-known.js';
import { compileDaemonPlacement, type DaemonPlacement } from './daemon.js';
import { portsRule, type Shortage, shortages } from './fit.js';
import type { NodeInfo } from './node-info.js';

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

/** A template made ready to be asked about many nodes in the manner of 1.11. */
export class OldDaemonPlacement {
  readonly #placement: DaemonPlacement;
  /** A pod as it would be made. */
  readonly #pod: Pod;

  constructor(template: PodTemplateSpec) {
    this.#placement = compileDaemonPlacement(template);
    this.#pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...template.metadata, name: '', uid: '', resourceVersion: '', creationTimestamp: '' },
      spec: { ...template.spec, tolerations: [...this.#placement.tolerations] },
      status: {},
    };
  }

  get tolerations() {
    return this.#placement.tolerations;
  }

  /** @param info the node and the pods on it, without those of the set itself */
  verdict(info: NodeInfo): OldDaemonVerdict {
    const { shouldRun, shouldContinue } = this.#placement.verdict(info.node);
    if (!shouldContinue) return GO;
    // A taken port even drove away a pod that was running.
    if (portsRule.obstacle(this.#pod, info)) return GO;
    if (!shouldRun) return STAY;
    // Pods of the system's own classes were placed without a look at resources.
    const shortage = Object.hasOwn(SYSTEM_PRIORITIES, this.#pod.spec.priorityClassName ?? '')
      ? undefined
      : shortages(this.#pod, info).at(-1);
    return shortage ? { ...RUN, shouldSchedule: false, obstacle: predicateFailure(shortage) } : RUN;
  }
}

/** In the words of the scheduler predicates of that time. */
function predicateFailure({ resource, wanted, used, total }: Shortage): string {
  return `Node didn't have enough resource: ${resource}, requested: ${wanted}, used: ${used}, capacity: ${total}`;
}
