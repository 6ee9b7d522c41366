import { type FeedFilter, PlacementFeed } from '../../explain/placement-feed.js';
import type { GraphContext } from '../context.js';
import type { SubscriptionField } from './types.js';

/** The fields of type Subscription. */
export const Subscription: Readonly<Record<string, SubscriptionField>> = {
  placementChanged: {
    subscribe: (_, args, { registry }: GraphContext) => new PlacementFeed(registry, args as FeedFilter),
    resolve: change => change,
  },
};
