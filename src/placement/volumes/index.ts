import type { Node, Pod } from '../../resources/types.js';
import { sentence } from '../../words/sentence.js';
import { answered, type Check, type CheckName, type Obstacle } from '../check.js';
import type { ClusterView } from '../cluster-view.js';
import type { NodeInfo } from '../node-info.js';
import { VolumeBinding, type VolumePlan } from './binding.js';
import { NodeVolumeLimits } from './limits.js';
import { hasVolumesToPlace, type VolumeCheck } from './pod-volumes.js';
import { VolumeRestrictions } from './restrictions.js';
import { VolumeZone } from './zone.js';

/** What a pod's volumes have to say about where it goes, worked out once for the pod. */
export class VolumeFit {
  /** In the order of the default profile. */
  readonly checks: readonly VolumeCheck[];
  readonly #binding: VolumeBinding;

  /** `undefined` if they have nothing to say. */
  static of(pod: Pod, view: ClusterView): VolumeFit | undefined {
    return view.storage && hasVolumesToPlace(pod) ? new VolumeFit(pod, view, view.storage) : undefined;
  }

  private constructor(pod: Pod, view: ClusterView, storage: NonNullable<ClusterView['storage']>) {
    this.#binding = new VolumeBinding(pod, storage);
    this.checks = [
      new VolumeRestrictions(pod, storage, view),
      new NodeVolumeLimits(pod, storage),
      this.#binding,
      new VolumeZone(pod, storage),
    ];
  }

  /** What keeps the pod from every node, and the rule that says so. */
  get beforehand(): Obstacle | undefined {
    for (const { name, beforehand } of this.checks) if (beforehand !== undefined) return against(name, beforehand);
    return undefined;
  }

  obstacle(info: NodeInfo): Obstacle | undefined {
    for (const check of this.checks) {
      const obstacle = check.obstacle(info);
      if (obstacle) return obstacle;
    }
    return undefined;
  }

  /** Every check: what an explanation shows. */
  explain(info: NodeInfo): Check[] {
    return this.checks.map(check => {
      const { name, beforehand } = check;
      if (beforehand !== undefined)
        return answered(name, against(name, beforehand), [sentence('quoted', { text: beforehand })]);
      const obstacle = check.obstacle(info);
      return answered(name, obstacle, check.describe(info, obstacle));
    });
  }

  /** Tells of a pod that was taken from a node (-1) or put there (1), on trial. */
  update(other: Pod, sign: 1 | -1): void {
    for (const check of this.checks) check.update?.(other, sign);
  }

  /** What has to be done before the pod can have its volumes on a node where it fits; `undefined` if nothing. */
  plan(node: Node): VolumePlan | undefined {
    return this.#binding.plan(node);
  }
}

const against = (check: CheckName, reason: string): Obstacle => ({ check, reasons: [reason], preemptable: false });
