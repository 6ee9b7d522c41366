import { ADDRESSES_PATH } from '../../admin/control.js';
import { formatTime } from '../../clock/clock.js';
import type { MapMessage } from '../../explain/map-feed.js';
import { type ObjectChange, ObjectFeed } from '../../explain/object-feed.js';
import { type PlacementChange, PlacementFeed } from '../../explain/placement-feed.js';
import type { RolloutMessage } from '../../explain/rollout-feed.js';
import { authorizePath } from '../../registry/authorize.js';
import { kindNamed } from '../../registry/kind-names.js';
import { events } from '../../resources/index.js';
import type { Event, KubeObject } from '../../resources/types.js';
import type { Change } from '../../store/entry.js';
import type { GraphContext } from '../context.js';
import type { ChangeCause, SubscriptionResolvers } from '../generated.js';
import { DEFAULT_LIMITS } from '../limits/limits.js';
import { TrafficFeed, type TrafficMessage } from '../traffic-feed.js';
import type { View } from '../view.js';
import { addressShown, NETWORK_MODES } from './addresses.js';
import { mapFeed } from './cluster-map.js';
import { isAskedFor } from './events.js';
import { rolloutFeed } from './rollout.js';

/** The fields of type Subscription. Each message is seen in a view of its own: that of the moment when it was noticed. */
export const Subscription: Required<SubscriptionResolvers> = {
  placementChanged: {
    subscribe: async (_, args, { views, resumeFrom }) => {
      const { present } = views;
      present.checkPlacements(args.namespace);
      const at = resumeFrom ?? args.since;
      if (at == null) return new PlacementFeed(present.registry, args);
      const { registry, placements } = await views.of({ at });
      return new PlacementFeed(present.registry, args, { placements, revision: registry.revision });
    },
    resolve: telling(({ placement, placements, cause, ...change }: PlacementChange, { views }) => {
      const view = views.now(placements);
      return { ...change, placement: placement && { view, placement }, cause: causeShown(view, cause) };
    }),
  },
  objectChanged: {
    subscribe: async (_, { kind: named, apiVersion, labelSelector, ...args }, context) => {
      const { present } = context.views;
      const kind = kindNamed(present.registry, named, apiVersion);
      const namespace = (kind.namespaced && args.namespace) || '';
      const name = args.name ?? '';
      present.checkWatch(kind, namespace, name);
      await present.provide(kind);
      return new ObjectFeed(present.registry, kind, {
        ...boundsOf(context, args.since),
        namespace,
        labelSelector: labelSelector ?? '',
        fieldSelector: name && `metadata.name=${name}`,
      });
    },
    resolve: telling(({ type, revision, entry }: ObjectChange, { views }) => ({
      type,
      revision: String(revision),
      object: views.fresh().see<KubeObject>(entry),
    })),
  },
  events: {
    subscribe: (_, args, context) => {
      const { present } = context.views;
      present.checkWatch(events, args.namespace ?? '');
      return new ObjectFeed<Event>(present.registry, events, {
        ...boundsOf(context, args.since),
        namespace: args.namespace ?? '',
        wanted: ({ type, entry: { object } }) => type !== 'DELETED' && isAskedFor(object, args),
      });
    },
    resolve: telling(({ type, revision, entry }: ObjectChange<Event>, { views }) => ({
      type,
      revision: String(revision),
      event: views.fresh().see(entry),
    })),
  },
  rollout: {
    subscribe: (_, args, context) => rolloutFeed(context, args),
    resolve: telling(({ revision, entry, progress, steps }: RolloutMessage, { views }) => {
      const view = views.fresh();
      const happened = steps.map(({ step, pod, ...same }) => ({ ...same, what: step, pod: view.see(pod) }));
      return { revision, object: view.see<KubeObject>(entry), ...progress, happened };
    }),
  },
  traffic: {
    subscribe: (_, _args, { views, network }) => {
      const { registry, user } = views.present;
      if (user) authorizePath(registry.authorizer, user, 'get', ADDRESSES_PATH);
      return new TrafficFeed(network);
    },
    resolve: ({ network, whole, changed, gone }: TrafficMessage, _: unknown, { views }: GraphContext) => ({
      revision: String(views.fresh().registry.revision),
      network: NETWORK_MODES[network],
      whole,
      changed: changed.map(addressShown),
      gone: [...gone],
    }),
  },
  clusterMap: {
    subscribe: (_, args, { views, resumeFrom }) => mapFeed(views, { ...args, since: resumeFrom ?? args.since }),
    resolve: telling(
      ({ sheet, placements }: MapMessage, { views }) => ({
        view: views.now(placements),
        revision: sheet.revision,
        sheet,
      }),
      // Nobody goes on from within a picture.
      ({ sheet }) => !sheet.more,
    ),
  },
};

/** Shows a message, and notes for the transport what a reader who has it goes on from. */
function telling<M, R extends { readonly revision: string }>(
  show: (message: M, context: GraphContext) => R,
  isWhole: (message: M) => boolean = () => true,
) {
  return (message: M, _: unknown, context: GraphContext): R => {
    const shown = show(message, context);
    context.position = isWhole(message) ? shown.revision : undefined;
    return shown;
  };
}

/** Where a feed that leaves nothing out begins, and how much may wait for its reader. */
const boundsOf = ({ views, limits = DEFAULT_LIMITS, resumeFrom }: GraphContext, since: string | null | undefined) => ({
  since: views.since(resumeFrom ?? since),
  maxBytes: limits.behindBytes,
});

/** A write as a cause, for who may see what was written. */
function causeShown(view: View, { type, revision, time, entry }: Change): ChangeCause | null {
  const kind = view.registry.kinds.byResource(entry.resource);
  if (!kind || !view.mayList(kind, entry.namespace)) return null;
  const { namespace, name } = entry;
  return {
    type,
    revision: String(revision),
    time: formatTime(time),
    kind: kind.kind,
    namespace: namespace || null,
    name,
  };
}
