import type { Sentence } from '../../words/sentence.js';

/** A condition as nodes and pods have it. */
export interface ConditionFacts {
  readonly type: string;
  readonly status: string;
  readonly reason: string | null;
  readonly message: string | null;
}

interface Quantity {
  readonly resource: string;
  readonly quantity: string;
  readonly value: number;
}

/** One check of whether a pod belongs on a node. */
export interface CheckFacts {
  readonly stage: 'CONTROLLER' | 'SCHEDULER';
  readonly name: string;
  readonly verdict: 'PASS' | 'KEEP_ONLY' | 'FAIL';
  readonly sentences: readonly Sentence[];
}

/** A pod in a list. */
export interface PodFacts {
  readonly namespace: string;
  readonly name: string;
  readonly status: string;
  readonly ready: boolean;
  readonly nodeName: string | null;
}

type Actual = 'MISSING' | 'FAILED' | 'EXTRA' | 'PENDING' | 'SUCCEEDED' | 'TERMINATING' | 'PRESENT' | 'NOT_WANTED';

/** A placement as lists show it. */
export interface PlacementFacts {
  readonly actual: Actual;
  readonly ready: boolean;
  readonly upToDate: boolean | null;
  readonly why: readonly Sentence[];
  readonly daemonSet: { readonly namespace: string; readonly name: string };
  readonly node: { readonly name: string };
}

const PLACEMENT = 'actual ready upToDate why { code values } daemonSet { namespace name } node { name }';
const POD = 'namespace name status ready nodeName';
const CHECKS = 'checks { stage name verdict sentences { code values } }';

export interface PairAnswer {
  readonly explain: PlacementFacts & {
    readonly wanted: boolean;
    readonly shouldContinue: boolean;
    readonly checks: readonly CheckFacts[];
    readonly pods: readonly PodFacts[];
    readonly revision: string | null;
    readonly currentRevision: string | null;
  };
}

export const PAIR = `query Pair($namespace: String!, $name: String!, $node: String!, $at: Moment) {
  explain(namespace: $namespace, daemonSet: $name, node: $node, at: $at) {
    ${PLACEMENT}
    wanted shouldContinue revision currentRevision
    ${CHECKS}
    pods { ${POD} }
  }
}`;

export interface NodeAnswer {
  readonly nodeByName: {
    readonly ready: boolean;
    readonly unschedulable: boolean;
    readonly zone: string | null;
    readonly kubeletVersion: string | null;
    readonly metadata: { readonly labelMap: Readonly<Record<string, string>>; readonly ageSeconds: number };
    readonly taints: readonly { readonly text: string }[];
    readonly conditions: readonly ConditionFacts[];
    readonly allocatable: readonly Quantity[];
    readonly requested: readonly Quantity[];
    readonly placements: { readonly nodes: readonly PlacementFacts[]; readonly totalCount: number };
    readonly pods: {
      readonly totalCount: number;
      readonly nodes: readonly (PodFacts & { readonly daemonSet: { readonly name: string } | null })[];
    };
  } | null;
}

export const NODE = `query Node($name: String!, $at: Moment) {
  nodeByName(name: $name, at: $at) {
    ready unschedulable zone kubeletVersion
    metadata { labelMap ageSeconds }
    taints { text }
    conditions { type status reason message }
    allocatable { resource quantity value }
    requested { resource quantity value }
    placements(first: 200) { totalCount nodes { ${PLACEMENT} } }
    pods(first: 300, orderBy: PROBLEMS_FIRST) { totalCount nodes { ${POD} daemonSet { name } } }
  }
}`;

export interface DaemonSetAnswer {
  readonly daemonSet: {
    readonly selector: string;
    readonly images: readonly string[];
    readonly minReadySeconds: number;
    readonly metadata: { readonly ageSeconds: number };
    readonly updateStrategy: {
      readonly type: string;
      readonly maxUnavailable: string | null;
      readonly maxSurge: string | null;
    };
    readonly placementCounts: {
      readonly wanted: number;
      readonly ready: number;
      readonly upToDate: number;
      readonly missing: number;
      readonly extra: number;
      readonly pending: number;
      readonly failed: number;
      readonly notWanted: number;
    };
    readonly revisions: readonly {
      readonly name: string;
      readonly revision: number;
      readonly hash: string | null;
      readonly changeCause: string | null;
      readonly metadata: { readonly ageSeconds: number };
      readonly pods: { readonly totalCount: number };
    }[];
    readonly placements: { readonly nodes: readonly PlacementFacts[]; readonly totalCount: number };
    readonly elsewhere: { readonly nodes: readonly PlacementFacts[]; readonly totalCount: number };
  } | null;
}

export const DAEMON_SET = `query DaemonSet($namespace: String!, $name: String!, $at: Moment) {
  daemonSet(namespace: $namespace, name: $name, at: $at) {
    selector images minReadySeconds
    metadata { ageSeconds }
    updateStrategy { type maxUnavailable maxSurge }
    placementCounts { wanted ready upToDate missing extra pending failed notWanted }
    revisions { name revision hash changeCause metadata { ageSeconds } pods(first: 1) { totalCount } }
    placements(first: 50, actual: [MISSING, FAILED, EXTRA, PENDING, SUCCEEDED, TERMINATING]) { totalCount nodes { ${PLACEMENT} } }
    elsewhere: placements(first: 50, actual: [NOT_WANTED], orderBy: NAME) { totalCount nodes { ${PLACEMENT} } }
  }
}`;

export interface PodAnswer {
  readonly pod:
    | (PodFacts & {
        readonly phase: string;
        readonly terminating: boolean;
        readonly restartCount: number;
        readonly podIP: string | null;
        readonly priority: number;
        readonly metadata: { readonly ageSeconds: number };
        readonly conditions: readonly ConditionFacts[];
        readonly requests: readonly Quantity[];
        readonly owners: readonly {
          readonly kind: string;
          readonly name: string;
          readonly metadata: { readonly namespace: string | null };
        }[];
        readonly daemonSet: { readonly namespace: string; readonly name: string } | null;
      })
    | null;
}

export const POD_FACTS = `query Pod($namespace: String!, $name: String!, $at: Moment) {
  pod(namespace: $namespace, name: $name, at: $at) {
    ${POD}
    phase terminating restartCount podIP priority
    metadata { ageSeconds }
    conditions { type status reason message }
    requests { resource quantity value }
    owners { kind name metadata { namespace } }
    daemonSet { namespace name }
  }
}`;

export interface PodFitAnswer {
  readonly explainPod: {
    readonly fits: number;
    readonly nodeCount: number;
    readonly message: string | null;
    readonly nodes: {
      readonly nodes: readonly {
        readonly fits: boolean;
        readonly score: number | null;
        readonly node: { readonly name: string };
        readonly checks: readonly CheckFacts[];
      }[];
    };
    readonly preemption: {
      readonly nodes: readonly {
        readonly node: { readonly name: string };
        readonly victims: readonly PodFacts[];
      }[];
    };
  };
}

export const POD_FIT = `query PodFit($namespace: String!, $name: String!, $at: Moment) {
  explainPod(namespace: $namespace, name: $name, at: $at) {
    fits nodeCount message
    nodes(first: 50) { nodes { fits score node { name } checks(verdict: [FAIL]) { stage name verdict sentences { code values } } } }
    preemption(first: 3) { nodes { node { name } victims { ${POD} } } }
  }
}`;

export interface YamlAnswer {
  readonly object: { readonly yaml: string } | null;
}

export const YAML = `query Yaml($kind: String!, $namespace: String!, $name: String!, $at: Moment) {
  object(kind: $kind, namespace: $namespace, name: $name, at: $at) { yaml }
}`;

/** What was told of an object. */
interface EventFacts {
  readonly id: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly lastTimestamp: string | null;
}

export interface ObjectChangedAnswer {
  readonly objectChanged: { readonly revision: string };
}

export const OBJECT_CHANGED = `subscription ObjectChanged($kind: String!, $namespace: String, $name: String) {
  objectChanged(kind: $kind, namespace: $namespace, name: $name) { revision }
}`;

export interface EventsAnswer {
  readonly object: { readonly events: { readonly nodes: readonly EventFacts[]; readonly totalCount: number } } | null;
}

export const EVENTS = `query Events($kind: String!, $namespace: String!, $name: String!, $at: Moment) {
  object(kind: $kind, namespace: $namespace, name: $name, at: $at) {
    events(first: 100) { totalCount nodes { id type reason message count lastTimestamp } }
  }
}`;

/** A write to an object. */
export interface WriteFacts {
  readonly revision: string;
  readonly time: string;
  readonly verb: 'CREATED' | 'UPDATED' | 'DELETED';
  readonly writer: string | null;
  readonly object: { readonly yaml: string };
}

export interface HistoryAnswer {
  readonly history: { readonly nodes: readonly WriteFacts[]; readonly totalCount: number };
}

export const HISTORY = `query History($kind: String!, $namespace: String!, $name: String!, $at: Moment) {
  history(kind: $kind, namespace: $namespace, name: $name, at: $at, first: 40) {
    totalCount
    nodes { revision time verb writer object { yaml } }
  }
}`;
