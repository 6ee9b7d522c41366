import type { Sentence } from '../../words/sentence.js';

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
  readonly before: { readonly actual: string; readonly why: readonly Sentence[] } | null;
  readonly after: { readonly actual: string; readonly why: readonly Sentence[] } | null;
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
        readonly pod: { readonly name: string };
      } | null;
    }[];
  };
  readonly waiting: {
    readonly totalCount: number;
    readonly nodes: readonly {
      readonly why: readonly Sentence[];
      readonly pod: { readonly namespace: string; readonly name: string };
    }[];
  };
  readonly steps: {
    readonly totalCount: number;
    readonly nodes: readonly {
      readonly number: number;
      readonly seconds: number;
      readonly counts: readonly { readonly what: PodEventKind; readonly count: number }[];
    }[];
  };
  readonly rest: { readonly atRest: boolean; readonly seconds: number; readonly goingOn: readonly string[] };
}

export type PodEventKind = 'CREATED' | 'BOUND' | 'READY' | 'UNREADY' | 'TERMINATING' | 'ENDED' | 'DELETED';

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
        nodes { difference namespace daemonSet node before { actual why { code values } } after { actual why { code values } } }
      }
      pods(first: 100) {
        totalCount
        nodes {
          difference namespace workloadKind workloadName
          before { node pod { name } }
          after { node pod { name } }
        }
      }
      waiting(first: 50) { totalCount nodes { why { code values } pod { namespace name } } }
      steps(first: 100) { totalCount nodes { number seconds counts { what count } } }
      rest { atRest seconds goingOn }
    }
  }
}`;
