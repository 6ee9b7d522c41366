import type { Check } from '../../../placement/check.js';
import type { DaemonSet, Node, Pod, PodSpec } from '../../../resources/types.js';
import type { Change, Entry } from '../../../store/entry.js';
import type { ControllerContext } from '../../runtime/types.js';
import type { ManageDecision, ManageInput, NodeVerdict } from '../manage.js';
import type { RollingUpdateDecision, RollingUpdateInput } from '../rolling-update.js';

/** What a set wants of a node, and in the old era why it cannot have it. */
export interface DetailedVerdict extends NodeVerdict {
  /** Why a wanted pod finds no room, for the event `FailedPlacement` (HIS-03). */
  readonly obstacle?: string;
}

/** How daemon pods come to their nodes: what differs between the ages of Kubernetes. Chosen once, by the registry's era. */
export interface DaemonScheduling {
  /** Everything that can be worked out from the set's spec alone, done once for each version of it. */
  compile(set: DaemonSet): CompiledScheduling;
  decideManage(input: ManageInput): ManageDecision;
  decideRollingUpdate(input: RollingUpdateInput): RollingUpdateDecision;
  /** Whether an update of a node can change a verdict at all; asked before verdicts are compared. */
  concerns(before: Node, after: Node): boolean;
  /** Sets (keys) to wake because a pod of some other owner changed. */
  wokenBy(change: Change<Pod>): Iterable<string>;
  /** Told what a sync wants, which is nothing once the set is gone: to remember sets that wait for room. */
  decided(key: string, verdicts: readonly DetailedVerdict[]): void;
  /** Asked when pods were made and deleted. @throws Error if the sync ends with that (HIS-05) */
  checkManaged(set: DaemonSet, decision: ManageDecision): void;
  /** Whether a sync that failed still writes the status (CTL-15, HIS-05). */
  readonly statusAfterFailure: boolean;
  /** Pods come unbound, and a scheduler looks for room for them. */
  readonly asksScheduler: boolean;
  /** Pods that have ended stand for their node until they are gone, and stay if they ended well, as it was before 1.27 (HIS-05). */
  readonly keepsEnded: boolean;
}

export interface CompiledScheduling {
  /** The verdict on one version of a node. */
  verdict(node: Entry<Node>): DetailedVerdict;
  /** Verdicts depend on the node alone, and may be kept for as long as it is the same. */
  readonly stable: boolean;
  /** Every check that leads to the verdict. */
  explain(node: Entry<Node>): readonly Check[];
  /** The template's spec with what brings the pod to `node`. */
  specFor(node: string): PodSpec;
}

export type DaemonSchedulingFactory = (context: Pick<ControllerContext, 'registry'>) => DaemonScheduling;
