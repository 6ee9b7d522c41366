/**
 * Kubette as a library: a cluster in this process.
 *
 * ```ts
 * const cluster = await createCluster({ clock: 'virtual' });
 * await cluster.apply(readFileSync('daemonset.yaml', 'utf8'));
 * await cluster.settled();
 * ```
 */

export type {
  ForkControl,
  ForkInfo,
  ForkOrder,
  ImportNote,
  ImportReport,
  SnapshotControl,
  SnapshotInfo,
} from './admin/control.js';
export type { Clock } from './clock/clock.js';
export { VirtualClock } from './clock/virtual-clock.js';
export type { Cluster } from './cluster/cluster.js';
export { createCluster } from './cluster/create.js';
export type { NodePlan, Share } from './cluster/node-plan.js';
export type { ClusterObject, Named, Version } from './cluster/object.js';
export type { ClusterOptions, ForkOptions } from './cluster/options.js';
export type { Rest } from './controllers/runtime/types.js';
export {
  type PlacementDiff,
  type PlacementDifference,
  placementDiff,
  type WaitingPod,
} from './explain/placement-diff.js';
export type { Placement, PlacementState } from './explain/placements.js';
export type { PodDifference, StandingPod } from './explain/pod-diff.js';
export type { PodEvent, PodStep, Step } from './explain/pod-steps.js';
export type { Progress } from './explain/rollout.js';
export type { Outcome } from './explain/what-if.js';
export type { Faults } from './faults/faults.js';
export type { Journal, JournalEntry, JournalMatch, JournalOptions, Times } from './faults/journal.js';
export type { Duration, Fault, FaultMatch, FaultName, FaultReport, FaultRule, FaultWhen } from './faults/rule.js';
export type { BehaviorRule, BehaviorRuleState, BehaviorRules, NodeMatch, PodMatch } from './kubelet/index.js';
export type { KubeletOptions } from './kubelet/options.js';
export { type Status, StatusError } from './registry/status.js';
export * as resources from './resources/index.js';
export type * from './resources/types.js';
export type { StageReport } from './stages/index.js';
export { StoreError } from './store/backend.js';
export type { Moment } from './store/log.js';
