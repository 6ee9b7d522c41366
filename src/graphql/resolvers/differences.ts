import type { PlacementDifference as Difference, WaitingPod } from '../../explain/placement-diff.js';
import type { PodDifference as DifferenceOfPod, StandingPod } from '../../explain/pod-diff.js';
import type { Connection, PageArguments } from '../connection.js';
import type {
  PlacementDifferenceResolvers,
  PlacementDiffResolvers,
  PodDifferenceResolvers,
  WhatIfPlacementsArgs,
  WhatIfPodsArgs,
} from '../generated.js';
import type { SeenDiff, SeenDifference, SeenPodDifference, View } from '../view.js';
import { ranked } from './pages.js';
import { seenWrite } from './writes.js';

/** Two worlds through the eyes of one user, and what led from one to the other. */
type TwoViews = Omit<SeenDiff, 'diff'>;

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
  const { before, after, causes } = views;
  return ranked(after, found, page, one => ({ before, after, causes, difference: one }));
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
  const { before, after, causes } = views;
  return ranked(after, found, page, one => ({ before, after, causes, difference: one }));
}

/** One page of the pods that wait, in the order of the list. */
export const waitingPage = (view: View, waiting: readonly WaitingPod[], page: PageArguments) =>
  ranked(view, waiting, page, ({ entry, reason, why }) => ({ pod: view.see(entry), reason, why: [why] }));

/** The fields of type PlacementDiff. */
export const PlacementDiff: PlacementDiffResolvers = {
  from: ({ before }) => String(before.registry.revision),
  to: ({ after }) => String(after.registry.revision),
  placements: (seen, args) => placementDifferencePage(seen, seen.diff.placements, args),
  pods: (seen, args) => podDifferencePage(seen, seen.diff.pods, args),
  waiting: ({ after, diff }, page) => waitingPage(after, diff.waiting, page),
};

/** The fields of type PlacementDifference. */
export const PlacementDifference: PlacementDifferenceResolvers = {
  difference: ({ difference }) => difference.difference,
  namespace: ({ difference }) => difference.namespace,
  daemonSet: ({ difference }) => difference.daemonSet,
  node: ({ difference }) => difference.node,
  before: ({ before, difference }) => difference.before && { view: before, placement: difference.before },
  after: ({ after, difference }) => difference.after && { view: after, placement: difference.after },
  cause: async ({ after, causes, difference }) => seenWrite(after, await causes.of(difference)),
  lastWrite: async ({ after, causes, difference }) => seenWrite(after, await causes.lastOf(difference)),
};

/** The fields of type PodDifference. */
export const PodDifference: PodDifferenceResolvers = {
  difference: ({ difference }) => difference.difference,
  namespace: ({ difference }) => difference.namespace,
  workloadKind: ({ difference }) => difference.workload?.kind,
  workloadName: ({ difference }) => difference.workload?.name,
  before: ({ before, difference }) => difference.before && standingIn(before, difference.before),
  after: ({ after, difference }) => difference.after && standingIn(after, difference.after),
  lastWrite: async ({ after, causes, difference: { before: from, after: to } }) =>
    seenWrite(after, await causes.lastTo([from?.entry, to?.entry])),
};

const standingIn = (view: View, { entry, ...rest }: StandingPod) => ({ pod: view.see(entry), ...rest });
