import { PROGRESS, type RolloutProgress } from './rollout.js';

/** The picture of a whole cluster, and what of it changes: see `ClusterMap` in `schema/map.graphql`. */
export interface ClusterMap {
  readonly revision: string;
  readonly time: string;
  readonly whole: boolean;
  readonly more: boolean;
  readonly owners: readonly { kind: string; namespace: string; name: string }[];
  readonly rows: readonly MapRow[];
  readonly goneNodes: readonly string[];
  readonly daemonSets: readonly DaemonSetFacts[];
  readonly goneDaemonSets: readonly string[];
}

interface MapRow {
  readonly name: string;
  readonly cells: string;
  readonly used: readonly number[];
  readonly node: NodeFacts | null;
}

/** What the page keeps of a node besides its pods. */
export interface NodeFacts {
  readonly ready: boolean;
  readonly unschedulable: boolean;
  readonly taints: readonly { text: string }[];
  readonly conditions: readonly { type: string; status: string }[];
  readonly allocatable: readonly { resource: string; value: number }[];
  readonly metadata: { readonly labelMap: Readonly<Record<string, string>> };
}

/** What the page keeps of a DaemonSet besides its pods. */
export interface DaemonSetFacts {
  readonly namespace: string;
  readonly name: string;
  readonly images: readonly string[];
  readonly metadata: { readonly generation: number | null };
  readonly updateStrategy: {
    readonly type: string;
    readonly maxUnavailable: string | null;
    readonly maxSurge: string | null;
  };
  readonly minReadySeconds: number;
  readonly currentRevision: { readonly revision: number; readonly hash: string | null } | null;
  /** As its controller wrote it last. */
  readonly status: { readonly observedGeneration: number | null };
  readonly rollout: RolloutProgress;
}

const FIELDS = `
  revision time whole more goneNodes goneDaemonSets
  owners { kind namespace name }
  rows {
    name cells used
    node {
      ready unschedulable
      taints { text }
      conditions { type status }
      allocatable { resource value }
      metadata { labelMap }
    }
  }
  daemonSets {
    namespace name images
    metadata { generation }
    updateStrategy { type maxUnavailable maxSurge }
    minReadySeconds
    currentRevision { revision hash }
    status { observedGeneration }
    rollout { ${PROGRESS} }
  }`;

export const CLUSTER_MAP_AT = `query Picture($at: Moment, $since: String) { clusterMap(at: $at, since: $since) {${FIELDS}} }`;
export const CLUSTER_MAP_LIVE = `subscription Picture($since: String) { clusterMap(since: $since) {${FIELDS}} }`;
