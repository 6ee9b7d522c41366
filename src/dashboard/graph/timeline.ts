/** How much was written in each part of the time, and how far back one can look. */
type NextWrite = { readonly nodes: readonly { readonly revision: string }[] };

export interface NextChangeAnswer {
  readonly pods: NextWrite;
  readonly nodes: NextWrite;
  readonly daemonSets: NextWrite;
}

/** The next writes to what maps are made of: leases and events are most of what a cluster writes. */
export const NEXT_CHANGE = `query NextChange($from: Moment!) {
  pods: changes(kind: "pods", from: $from, orderBy: OLDEST, first: 1) { nodes { revision } }
  nodes: changes(kind: "nodes", from: $from, orderBy: OLDEST, first: 1) { nodes { revision } }
  daemonSets: changes(kind: "daemonsets.apps", from: $from, orderBy: OLDEST, first: 1) { nodes { revision } }
}`;

export interface TimelineAnswer {
  readonly cluster: { readonly revision: string; readonly oldestRevision: string; readonly now: string };
  readonly activity: readonly ActivityFacts[];
}

/** A part of the time. */
interface ActivityFacts {
  readonly from: string;
  readonly to: string;
  readonly fromRevision: string;
  readonly toRevision: string;
  readonly writes: number;
}

/** By what time is divided: into parts of the same length, or of as many changes. */
export type ActivityScale = 'TIME' | 'REVISION';

export const TIMELINE = `query Timeline($by: ActivityScale!, $buckets: Int!) {
  cluster { revision oldestRevision now }
  activity(by: $by, buckets: $buckets) { from to fromRevision toRevision writes }
}`;

type Count = { readonly totalCount: number };

/** How many pods came and went between two moments: `daemon…` those of DaemonSets, `pod…` all others. */
export interface DifferenceAnswer {
  readonly placementDiff: {
    readonly daemonCame: Count;
    readonly daemonWent: Count;
    readonly daemonReplaced: Count;
    readonly daemonChanged: Count;
    readonly podCame: Count;
    readonly podWent: Count;
    readonly podMoved: Count;
    readonly podChanged: Count;
  };
}

export const DIFFERENCE = `query Difference($from: Moment!, $to: Moment!) {
  placementDiff(from: $from, to: $to) {
    daemonCame: placements(difference: [CAME], first: 1) { totalCount }
    daemonWent: placements(difference: [WENT], first: 1) { totalCount }
    daemonReplaced: placements(difference: [REPLACED], first: 1) { totalCount }
    daemonChanged: placements(difference: [CHANGED], first: 1) { totalCount }
    podCame: pods(difference: [CAME], first: 1) { totalCount }
    podWent: pods(difference: [WENT], first: 1) { totalCount }
    podMoved: pods(difference: [MOVED, REPLACED], first: 1) { totalCount }
    podChanged: pods(difference: [CHANGED], first: 1) { totalCount }
  }
}`;
