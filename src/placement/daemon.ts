import type { DaemonSet, Node, PodSpec, PodTemplateSpec, Toleration } from '../resources/types.js';
import { TAINTS } from '../resources/well-known.js';
import { type Check, explain } from './check.js';
import { nodeNameRule } from './fit.js';
import { matchesNodeWishes, nodeAffinityRule } from './node-affinity.js';
import { describeUntolerated, isRepelling, isTolerated, taintRule, UNTOLERATED } from './taints.js';

const always = (key: string, effect: string): Toleration => ({ effect, key, operator: 'Exists' });

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

const sameToleration = (a: Toleration, b: Toleration) =>
  (a.key ?? '') === (b.key ?? '') &&
  (a.effect ?? '') === (b.effect ?? '') &&
  (a.operator ?? '') === (b.operator ?? '') &&
  (a.value ?? '') === (b.value ?? '');

/**
 * The tolerations of the pods made from a template: its own, and the automatic ones. One of its own that equals an automatic
 * one but for `tolerationSeconds` is replaced by it where it stands (POD-06b).
 */
export function daemonTolerations({
  tolerations = [],
  hostNetwork,
}: Pick<PodSpec, 'tolerations' | 'hostNetwork'>): Toleration[] {
  const all = [...tolerations];
  for (const automatic of hostNetwork ? [...DAEMON_TOLERATIONS, HOST_NETWORK_TOLERATION] : DAEMON_TOLERATIONS) {
    const at = all.findIndex(own => sameToleration(own, automatic));
    if (at < 0) all.push(automatic);
    else all[at] = automatic;
  }
  return all;
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

  constructor(template: PodTemplateSpec) {
    this.#spec = template.spec;
    this.tolerations = daemonTolerations(template.spec);
  }

  /** The verdict on one node (NODE-01..06). Looks at its name, labels and taints only. */
  verdict(node: Node): DaemonVerdict {
    if (nodeNameRule.obstacle(this.#spec.nodeName, node.metadata.name) || !matchesNodeWishes(this.#spec, node))
      return GO;
    let verdict = RUN;
    for (const taint of node.spec?.taints ?? []) {
      if (!isRepelling(taint) || isTolerated(taint, this.tolerations)) continue;
      if (taint.effect === 'NoExecute') return GO;
      verdict = STAY;
    }
    return verdict;
  }

  /** The verdict with every check that leads to it; each taint that is not tolerated has a check of its own. */
  explain(node: Node): DaemonVerdict & { readonly checks: readonly Check[] } {
    const { nodeName } = this.#spec;
    const taints = (node.spec?.taints ?? []).filter(t => isRepelling(t) && !isTolerated(t, this.tolerations));
    const checks: Check[] = [
      ...(nodeName ? [explain(nodeNameRule, nodeName, node.metadata.name)] : []),
      explain(nodeAffinityRule, this.#spec, node),
      ...(taints.length === 0
        ? [explain(taintRule, this.tolerations, node.spec?.taints)]
        : taints.map(
            (taint): Check => ({
              ...UNTOLERATED,
              // Only NoExecute drives away what is there already (NODE-03, NODE-04).
              verdict: taint.effect === 'NoExecute' ? 'fail' : 'keep',
              message: describeUntolerated(taint),
            }),
          )),
    ];
    return { ...this.verdict(node), checks };
  }
}

const compiled = new WeakMap<PodTemplateSpec, DaemonPlacement>();

/** {@link DaemonPlacement} of a template, made once for each. */
export function compileDaemonPlacement(template: PodTemplateSpec): DaemonPlacement {
  let placement = compiled.get(template);
  if (!placement) compiled.set(template, (placement = new DaemonPlacement(template)));
  return placement;
}

/** Whether a DaemonSet wants a pod on a node, with every check that leads to the verdict. */
export const explainDaemonPlacement = (daemonSet: DaemonSet, node: Node) =>
  compileDaemonPlacement(daemonSet.spec.template).explain(node);
