import type { PlacementDifference as Difference } from '../../explain/placement-diff.js';
import type { PodDifference as DifferenceOfPod, StandingPod } from '../../explain/pod-diff.js';
import type { Connection, PageArguments } from '../connection.js';
import type {
  PlacementDifferenceResolvers,
  PodDifferenceResolvers,
  WhatIfPlacementsArgs,
  WhatIfPodsArgs,
} from '../generated.js';
import type { SeenDifference, SeenPodDifference, View } from '../view.js';
import { ranked } from './pages.js';

/** Two worlds through the eyes of one user. */
export interface TwoViews {
  readonly before: View;
  readonly after: View;
}

type DifferenceFilter = Omit<WhatIfPlacementsArgs, keyof PageArguments>;

/** One page of what is different about placements, in the order of the list. */
export function placementDifferencePage(
  views: TwoViews,
  differences: readonly Difference[],
  { difference, namespace, daemonSet, node, ...page }: DifferenceFilter & PageArguments,
): Connection<SeenDifference> {
  const found = differences.filter(
    one =>
      (difference == null || difference.includes(one.difference)) &&
      (namespace == null || one.namespace === namespace) &&
      (daemonSet == null || one.daemonSet === daemonSet) &&
      (node == null || one.node === node),
  );
  return ranked(views.after, found, page, one => ({ ...views, difference: one }));
}

/** One page of what is different about pods, in the order of the list. */
export function podDifferencePage(
  views: TwoViews,
  differences: readonly DifferenceOfPod[],
  { difference, namespace, ...page }: WhatIfPodsArgs,
): Connection<SeenPodDifference> {
  const found = differences.filter(
    one =>
      (difference == null || difference.includes(one.difference)) && (namespace == null || one.namespace === namespace),
  );
  return ranked(views.after, found, page, one => ({ ...views, difference: one }));
}

/** The fields of type PlacementDifference. */
export const PlacementDifference: PlacementDifferenceResolvers = {
  difference: ({ difference }) => difference.difference,
  namespace: ({ difference }) => difference.namespace,
  daemonSet: ({ difference }) => difference.daemonSet,
  node: ({ difference }) => difference.node,
  before: ({ before, difference }) => difference.before && { view: before, placement: difference.before },
  after: ({ after, difference }) => difference.after && { view: after, placement: difference.after },
};

/** The fields of type PodDifference. */
export const PodDifference: PodDifferenceResolvers = {
  difference: ({ difference }) => difference.difference,
  namespace: ({ difference }) => difference.namespace,
  workloadKind: ({ difference }) => difference.workload?.kind,
  workloadName: ({ difference }) => difference.workload?.name,
  before: ({ before, difference }) => difference.before && standingIn(before, difference.before),
  after: ({ after, difference }) => difference.after && standingIn(after, difference.after),
};

const standingIn = (view: View, { entry, ...rest }: StandingPod) => ({ pod: view.see(entry), ...rest });
