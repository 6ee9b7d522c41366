interface Counts {
  readonly wanted: number;
  readonly ready: number;
  readonly missing: number;
  readonly extra: number;
  readonly pending: number;
  readonly failed: number;
}

type Difference = 'CAME' | 'WENT' | 'REPLACED' | 'CHANGED' | 'MOVED';

/** What would be different about a DaemonSet on a node. */
export interface PlacementDifference {
  readonly difference: Difference;
  readonly namespace: string;
  readonly daemonSet: string;
  readonly node: string;
  readonly before: { readonly actual: string; readonly reason: string } | null;
  readonly after: { readonly actual: string; readonly reason: string } | null;
}

/** What would come of changes. */
export interface WhatIf {
  readonly changes: readonly { readonly messages: readonly string[]; readonly warnings: readonly string[] }[];
  readonly daemonSets: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly before: Counts | null;
    readonly after: Counts | null;
  }[];
  readonly placements: { readonly totalCount: number; readonly nodes: readonly PlacementDifference[] };
  readonly pods: {
    readonly totalCount: number;
    readonly nodes: readonly {
      readonly difference: Difference;
      readonly namespace: string;
      readonly workloadKind: string | null;
      readonly workloadName: string | null;
      readonly before: { readonly node: string | null; readonly pod: { readonly name: string } } | null;
      readonly after: {
        readonly node: string | null;
        readonly reason: string | null;
        readonly pod: { readonly name: string };
      } | null;
    }[];
  };
  readonly waiting: {
    readonly totalCount: number;
    readonly nodes: readonly {
      readonly reason: string;
      readonly pod: { readonly namespace: string; readonly name: string };
    }[];
  };
  readonly steps: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly number: number; readonly seconds: number; readonly text: string }[];
  };
  readonly rest: { readonly atRest: boolean; readonly seconds: number; readonly goingOn: readonly string[] };
}

export interface CompareAnswer {
  readonly compare: readonly { readonly name: string; readonly outcome: WhatIf | null }[];
}

const COUNTS = 'wanted ready missing extra pending failed';

export const COMPARE = `query WhatIf($scenarios: [ScenarioInput!]!, $at: Moment) {
  compare(scenarios: $scenarios, at: $at) {
    name
    outcome {
      changes { messages warnings }
      daemonSets(changed: true) { namespace name before { ${COUNTS} } after { ${COUNTS} } }
      placements(first: 500) {
        totalCount
        nodes { difference namespace daemonSet node before { actual reason } after { actual reason } }
      }
      pods(first: 100) {
        totalCount
        nodes {
          difference namespace workloadKind workloadName
          before { node pod { name } }
          after { node reason pod { name } }
        }
      }
      waiting(first: 50) { totalCount nodes { reason pod { namespace name } } }
      steps(first: 100) { totalCount nodes { number seconds text } }
      rest { atRest seconds goingOn }
    }
  }
}`;
