import type { PodEventKind } from './what-if.js';

/** How far a rollout is: see `RolloutProgress` in `schema/rollout.graphql`. */
export interface RolloutProgress {
  readonly desired: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  readonly unavailable: number;
  readonly done: boolean;
  /** In the words of `kubectl rollout status`. */
  readonly message: string;
}

export const PROGRESS = 'desired updated ready available unavailable done message';

/** The kinds that have rollouts beside DaemonSets. */
export type WorkloadKind = 'Deployment' | 'StatefulSet';

/** What the page keeps of a Deployment or StatefulSet. */
export interface WorkloadFacts {
  readonly namespace: string;
  readonly name: string;
  readonly images: readonly string[];
  readonly rollout: RolloutProgress | null;
  readonly json: {
    readonly metadata: { readonly generation?: number };
    readonly spec: {
      readonly replicas?: number;
      readonly paused?: boolean;
      readonly minReadySeconds?: number;
      readonly ordinals?: { readonly start?: number };
      readonly podManagementPolicy?: string;
      readonly strategy?: Strategy;
      readonly updateStrategy?: Strategy;
    };
    readonly status?: {
      readonly observedGeneration?: number;
      readonly currentRevision?: string;
      readonly updateRevision?: string;
      readonly conditions?: readonly { readonly type: string; readonly reason?: string }[];
    };
  };
}

/** How a new template reaches the pods. */
interface Strategy {
  readonly type?: string;
  readonly rollingUpdate?: {
    readonly maxSurge?: number | string;
    readonly maxUnavailable?: number | string;
    readonly partition?: number;
  };
}

const WORKLOAD = `namespace name images json rollout { ${PROGRESS} }`;

export interface WorkloadsAnswer {
  readonly workloads: { readonly totalCount: number; readonly nodes: readonly WorkloadFacts[] };
}

export const WORKLOADS = `query Workloads($kind: String!, $first: Int!, $text: String, $namespace: String, $at: Moment) {
  workloads(kind: $kind, first: $first, text: $text, namespace: $namespace, at: $at) { totalCount nodes { ${WORKLOAD} } }
}`;

/** A pod of a rollout. */
export interface RolloutPod {
  readonly name: string;
  readonly phase: 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'UNKNOWN';
  readonly ready: boolean;
  readonly nodeName: string | null;
  readonly metadata: {
    readonly deletionTimestamp: string | null;
    /** What its ReplicaSet is told by. */
    readonly template: string | null;
    /** What its revision is told by, where its template has revisions. */
    readonly hash: string | null;
  };
}

export interface RolloutSet {
  readonly name: string;
  readonly images: readonly string[];
  readonly replicas: number | null;
  readonly metadata: { readonly template: string | null; readonly revision: string | null };
}

export interface WorkloadAnswer {
  readonly object:
    | (WorkloadFacts & {
        readonly children: readonly RolloutSet[];
        readonly pods: { readonly totalCount: number; readonly nodes: readonly RolloutPod[] };
      })
    | null;
}

const TEMPLATE = 'template: label(key: "pod-template-hash")';

export const WORKLOAD_PODS = `query WorkloadPods($kind: String!, $namespace: String!, $name: String!, $at: Moment) {
  object(kind: $kind, namespace: $namespace, name: $name, at: $at) {
    ... on Workload {
      ${WORKLOAD}
      children { name images replicas metadata { ${TEMPLATE} revision: annotation(key: "deployment.kubernetes.io/revision") } }
      pods(first: 500) {
        totalCount
        nodes {
          name phase ready nodeName
          metadata { deletionTimestamp ${TEMPLATE} hash: label(key: "controller-revision-hash") }
        }
      }
    }
  }
}`;

export interface RolloutMessage {
  readonly rollout: RolloutProgress & {
    readonly revision: string;
    readonly happened: readonly {
      readonly what: PodEventKind;
      readonly node: string | null;
      readonly upToDate: boolean;
      readonly pod: { readonly name: string };
    }[];
  };
}

export const ROLLOUT = `subscription Rollout($kind: String!, $namespace: String!, $name: String!) {
  rollout(kind: $kind, namespace: $namespace, name: $name) {
    revision ${PROGRESS}
    happened { what node upToDate pod { name } }
  }
}`;
