import { explain } from '../../explain/placements.js';
import { daemonSets, events, namespaces, nodes, pods, services } from '../../resources/index.js';
import { isReady } from '../../resources/state.js';
import { ZONE_LABEL } from '../../resources/well-known.js';
import type { QueryResolvers } from '../generated.js';
import { parseGlobalId } from '../global-id.js';
import type { Identified, View } from '../view.js';
import { clusterMap, viewSince } from './cluster-map.js';
import { eventPage } from './events.js';
import { forkShown } from './forks.js';
import { isTaintedBy } from './node.js';
import { namespacePage, priorityClassPage, servicePage } from './objects.js';
import { objectPage, orderOf, selectObjects } from './pages.js';
import { placementPage, selectDaemonSets, selectNodes } from './placement.js';
import { placementGroups } from './placement-counts.js';
import { podPage } from './pods.js';
import { explainPod } from './scheduling.js';
import { kindNamed } from './types.js';
import { workloadPage } from './workload.js';

/** The fields of type Query: each chooses a view, and all below it is seen in that. */
export const Query: QueryResolvers = {
  node: async (_, args, { views }) => byGlobalId(await views.of(args), args.id),
  cluster: (_, args, { views }) => views.of(args),
  nodes: async (_, args, { views }) => {
    const view = await views.of(args);
    const { ready, zone, taint, unschedulable } = args;
    const named = selectNodes(view, { node: args.name, nodeSelector: args.labelSelector });
    const found = selectObjects(nodes, named, { text: args.text }).filter(
      ({ object }) =>
        (ready == null || isReady(object) === ready) &&
        (zone == null || object.metadata.labels?.[ZONE_LABEL] === zone) &&
        (taint == null || isTaintedBy(object, taint)) &&
        (unschedulable == null || (object.spec.unschedulable ?? false) === unschedulable),
    );
    return objectPage(view, found, args, orderOf(args.orderBy));
  },
  pods: async (_, args, { views }) => {
    const view = await views.of(args);
    if (args.nodeName == null) return podPage(view, view.all(pods, args.namespace), args);
    view.checkList(pods, args.namespace);
    return podPage(view, view.placements.podsOn(args.nodeName), args);
  },
  daemonSets: async (_, args, { views }) => {
    const view = await views.of(args);
    const named = selectDaemonSets(view, { namespace: args.namespace, daemonSet: args.name });
    return objectPage(view, selectObjects(daemonSets, named, args), args, orderOf(args.orderBy));
  },
  namespaces: async (_, args, { views }) => namespacePage(await views.of(args), args),
  namespace: async (_, args, { views }) => (await views.of(args)).get(namespaces, '', args.name),
  events: async (_, args, { views }) => {
    const view = await views.of(args);
    return eventPage(view, view.all(events, args.namespace), args);
  },
  services: async (_, args, { views }) => servicePage(await views.of(args), args.namespace, args),
  service: async (_, args, { views }) => (await views.of(args)).get(services, args.namespace, args.name),
  workloads: async (_, args, { views }) => workloadPage(await views.of(args), args),
  priorityClasses: async (_, args, { views }) => priorityClassPage(await views.of(args), args),
  object: async (_, args, { views }) => {
    const view = await views.of(args);
    const kind = kindNamed(view.registry, args.kind, args.apiVersion);
    await view.provide(kind);
    return view.get(kind, kind.namespaced ? args.namespace : '', args.name);
  },
  objects: async (_, args, { views }) => {
    const view = await views.of(args);
    const kind = kindNamed(view.registry, args.kind, args.apiVersion);
    await view.provide(kind);
    const found = selectObjects(kind, view.all(kind, kind.namespaced ? args.namespace : undefined), args);
    return objectPage(view, found, args, orderOf(args.orderBy));
  },
  forks: (_, _args, { views, forks }) => forks?.list(views.present.user).map(forkShown) ?? [],
  kinds: async (_, args, { views }) => (await views.of(args)).registry.kinds.stored().filter(kind => !kind.unserved),
  nodeByName: async (_, args, { views }) => (await views.of(args)).get(nodes, '', args.name),
  pod: async (_, args, { views }) => (await views.of(args)).get(pods, args.namespace, args.name),
  daemonSet: async (_, args, { views }) => (await views.of(args)).get(daemonSets, args.namespace, args.name),
  placements: async (_, args, { views }) => {
    const view = await views.of(args);
    return placementPage(view, selectDaemonSets(view, args), selectNodes(view, args), args);
  },
  placementCounts: async (_, args, { views }) => placementGroups(await views.of(args), args),
  clusterMap: async (_, args, { views }) => clusterMap(await views.of(args), await viewSince(views, args.since)),
  explainPod: async (_, args, { views }) => explainPod(await views.of(args), args),
  explain: async (_, args, { views }) => {
    const view = await views.of(args);
    view.checkPlacements(args.namespace);
    return { view, placement: explain(view.placements, args) };
  },
};

/** What a global id names, as long as it is the same incarnation. */
function byGlobalId(view: View, id: string): Identified | undefined {
  const parts = parseGlobalId(id);
  if (!parts) return undefined;
  const { namespace, name, uid } = parts;
  if ('node' in parts) {
    view.checkPlacements(namespace);
    const daemonSet = view.registry.get(daemonSets, namespace, name);
    const node = view.registry.get(nodes, '', parts.node);
    if (daemonSet?.uid !== uid || !node) return undefined;
    return { view, placement: view.placements.of(daemonSet, node) };
  }
  const kind = view.registry.kinds.byResource(parts.resource);
  const seen = kind && view.get(kind, namespace, name);
  return seen?.entry.uid === uid ? seen : undefined;
}
