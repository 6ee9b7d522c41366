import type { MapMessage } from '../../explain/map-feed.js';
import { type PlacementChange, PlacementFeed } from '../../explain/placement-feed.js';
import type { GraphContext } from '../context.js';
import type { SubscriptionResolvers } from '../generated.js';
import { mapFeed } from './cluster-map.js';

/** The fields of type Subscription. Each event is seen in a view of its own: that of the moment when it was noticed. */
export const Subscription: Required<SubscriptionResolvers> = {
  placementChanged: {
    subscribe: (_, args, { views: { present } }) => {
      present.checkPlacements(args.namespace);
      return new PlacementFeed(present.registry, args);
    },
    resolve: ({ placement, placements, ...change }: PlacementChange, _: unknown, { views }: GraphContext) => ({
      ...change,
      placement: placement && { view: views.now(placements), placement },
    }),
  },
  clusterMap: {
    subscribe: (_, args, { views }) => mapFeed(views, args),
    resolve: ({ sheet, placements }: MapMessage, _: unknown, { views }: GraphContext) => ({
      view: views.now(placements),
      sheet,
    }),
  },
};
