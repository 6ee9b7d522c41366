import type { Node, PodSpec, PodTemplateSpec, Taint, Toleration } from '../resources/types.js';
import { TAINTS } from '../resources/well-known.js';
import { type Check, explain, judged } from './check.js';
import { nodeNameRule } from './fit.js';
import { matchesNodeWishes, nodeAffinityRule } from './node-affinity.js';
import { describeUntolerated, isRepelling, isTolerated, taintRule, UNTOLERATED } from './taints.js';

/** The toleration of a taint whatever its value. */
export const always = (key: string, effect: string): Toleration => ({ effect, key, operator: 'Exists' });

/** The tolerations that every daemon pod gets, in upstream's order (POD-06). */
const DAEMON_TOLERATIONS: readonly Toleration[] = [
  always(TAINTS.notReady, 'NoExecute'),
  always(TAINTS.unreachable, 'NoExecute'),
  always(TAINTS.diskPressure, 'NoSchedule'),
  always(TAINTS.memoryPressure, 'NoSchedule'),
  always(TAINTS.pidPressure, 'NoSchedule'),
  always(TAINTS.unschedulable, 'NoSchedule'),
];
const HOST_NETWORK_TOLERATION = always(TAINTS.networkUnavailable, 'NoSchedule');

/** Whether one of the template's own is an automatic one but for its time. */
const isSame = (own: Toleration, { key, effect, operator }: Toleration) =>
  own.key === key && own.effect === effect && own.operator === operator && !own.value;

/** The automatic tolerations of pods with such a spec. */
export const automaticTolerations = ({ hostNetwork }: Pick<PodSpec, 'hostNetwork'>): Toleration[] =>
  hostNetwork ? [...DAEMON_TOLERATIONS, HOST_NETWORK_TOLERATION] : [...DAEMON_TOLERATIONS];

/** The tolerations of the pods made from a template: its own, and the automatic ones. */
export const daemonTolerations = (spec: Pick<PodSpec, 'tolerations' | 'hostNetwork'>): Toleration[] =>
  withAutomatic(spec.tolerations, automaticTolerations(spec));

/** Those of the template's own that equal an automatic one but for `tolerationSeconds` are replaced by it where they stand (POD-06b). */
export function withAutomatic(own: readonly Toleration[] = [], automatic: readonly Toleration[]): Toleration[] {
  const kept = own.map(toleration => automatic.find(same => isSame(toleration, same)) ?? toleration);
  return [...kept, ...automatic.filter(toleration => !kept.includes(toleration))];
}

/** What the DaemonSet controller wants of a node. */
export interface DaemonVerdict {
  /** A pod belongs there, and is made if there is none. */
  readonly shouldRun: boolean;
  /** A pod that is there may stay. */
  readonly shouldContinue: boolean;
}

const RUN: DaemonVerdict = { shouldRun: true, shouldContinue: true };
const STAY: DaemonVerdict = { shouldRun: false, shouldContinue: true };
const GO: DaemonVerdict = { shouldRun: false, shouldContinue: false };

/** A template made ready to be asked about many nodes. */
export class DaemonPlacement {
  readonly #spec: PodSpec;
  readonly tolerations: readonly Toleration[];

  constructor({ spec }: PodTemplateSpec, tolerations: readonly Toleration[] = daemonTolerations(spec)) {
    this.#spec = spec;
    this.tolerations = tolerations;
  }

  /**
   * The verdict on one node (NODE-01..06). Looks at its name, labels and taints only.
   * @param taints those of its taints that count: all, since 1.12
   */
  verdict(node: Node, taints = node.spec?.taints ?? NO_TAINTS): DaemonVerdict {
    if (nodeNameRule.obstacle(this.#spec.nodeName, node.metadata.name) || !matchesNodeWishes(this.#spec, node))
      return GO;
    let verdict = RUN;
    for (const taint of taints) {
      if (!isRepelling(taint) || isTolerated(taint, this.tolerations)) continue;
      if (taint.effect === 'NoExecute') return GO;
      verdict = STAY;
    }
    return verdict;
  }

  /** The verdict with every check that leads to it; each taint that is not tolerated has a check of its own. */
  explain(node: Node, taints = node.spec?.taints ?? NO_TAINTS): DaemonVerdict & { readonly checks: readonly Check[] } {
    const { nodeName } = this.#spec;
    const untolerated = taints.filter(t => isRepelling(t) && !isTolerated(t, this.tolerations));
    const checks: Check[] = [
      ...(nodeName ? [explain(nodeNameRule, nodeName, node.metadata.name)] : []),
      explain(nodeAffinityRule, this.#spec, node),
      ...(untolerated.length === 0
        ? [explain(taintRule, this.tolerations, taints)]
        : untolerated.map(taint =>
            // Only NoExecute drives away what is there already (NODE-03, NODE-04).
            judged(UNTOLERATED, taint.effect === 'NoExecute' ? 'fail' : 'keep', [describeUntolerated(taint)]),
          )),
    ];
    return { ...this.verdict(node, taints), checks };
  }
}

const NO_TAINTS: readonly Taint[] = [];

const compiled = new WeakMap<PodTemplateSpec, DaemonPlacement>();

/** {@link DaemonPlacement} of a template, made once for each. */
export function compileDaemonPlacement(template: PodTemplateSpec): DaemonPlacement {
  let placement = compiled.get(template);
  if (!placement) compiled.set(template, (placement = new DaemonPlacement(template)));
  return placement;
}
