import type { ResourceDefinition } from '../../resources/definition.js';
import { replicaSets, replicationControllers } from '../../resources/index.js';
import type { LabelSelector } from '../../resources/types.js';
import type { ReplicaSet, ReplicationController } from '../../resources/workload-types.js';

/** A set of like pods: both kinds are kept by the same mechanism. */
export type AnyReplicaSet = ReplicaSet | ReplicationController;

/** What the two kinds differ in. */
export interface ReplicaKind<T extends AnyReplicaSet> {
  readonly definition: ResourceDefinition<T>;
  /** Who signs events. */
  readonly component: string;
  selectorOf(set: T): LabelSelector | undefined;
  /** Whether the status counts pods on their way out. */
  readonly countsTerminating: boolean;
}

export const REPLICA_SET: ReplicaKind<ReplicaSet> = {
  definition: replicaSets,
  component: 'replicaset-controller',
  selectorOf: ({ spec }) => spec.selector,
  countsTerminating: true,
};

export const REPLICATION_CONTROLLER: ReplicaKind<ReplicationController> = {
  definition: replicationControllers,
  component: 'replication-controller',
  selectorOf: ({ spec }) => ({ matchLabels: spec.selector ?? {} }),
  countsTerminating: false,
};
