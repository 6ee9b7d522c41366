import { explain } from '../../explain/placements.js';
import { kindNamed } from '../../registry/kind-names.js';
import { daemonSets, events, namespaces, nodes, pods, services } from '../../resources/index.js';
import { isReady } from '../../resources/state.js';
import { badInput } from '../errors.js';
import type { QueryResolvers } from '../generated.js';
import { parseGlobalId } from '../global-id.js';
import type { Identified, View } from '../view.js';
import { clusterMap, viewSince } from './cluster-map.js';
import { eventPage } from './events.js';
import { forkShown } from './forks.js';
import { nodesWhere } from './node.js';
import { namespacePage, priorityClassPage, servicePage } from './objects.js';
import { objectPage, orderOf, selectObjects } from './pages.js';
import { placementPage, selectDaemonSets, selectNodes } from './placement.js';
import { placementGroups } from './placement-counts.js';
import { podPage } from './pods.js';
import { explainPod } from './scheduling.js';
import { explainTraffic } from './traffic.js';
import { imagine, MAX_SCENARIOS } from './what-if.js';
import { workloadPage } from './workload.js';
import { activity, changes, history, placementDiff } from './writes.js';

/** The fields of type Query: each chooses a view of the cluster or of an imagined world, and all below it is seen in that. */
export const Query: QueryResolvers = {
  node: async (world, args, { views }) => byGlobalId(await (world ?? views).of(args), args.id),
  cluster: (world, args, { views }) => (world ?? views).of(args),
  nodes: async (world, args, { views }) => {
    const view = await (world ?? views).of(args);
    const { ready, zone, taint, unschedulable } = args;
    const named = selectNodes(view, { node: args.name, nodeSelector: args.labelSelector });
    const found = nodesWhere(selectObjects(nodes, named, { text: args.text }), { zone, taint }).filter(
      ({ object }) =>
        (ready == null || isReady(object) === ready) &&
        (unschedulable == null || (object.spec.unschedulable ?? false) === unschedulable),
    );
    return objectPage(view, found, args, orderOf(args.orderBy));
  },
  pods: async (world, args, { views }) => {
    const view = await (world ?? views).of(args);
    if (args.nodeName == null) return podPage(view, view.all(pods, args.namespace), args);
    view.checkList(pods, args.namespace);
    return podPage(view, view.placements.podsOn(args.nodeName), args);
  },
  daemonSets: async (world, args, { views }) => {
    const view = await (world ?? views).of(args);
    const named = selectDaemonSets(view, { namespace: args.namespace, daemonSet: args.name });
    return objectPage(view, selectObjects(daemonSets, named, args), args, orderOf(args.orderBy));
  },
  namespaces: async (world, args, { views }) => namespacePage(await (world ?? views).of(args), args),
  namespace: async (world, args, { views }) => (await (world ?? views).of(args)).get(namespaces, '', args.name),
  events: async (world, args, { views }) => {
    const view = await (world ?? views).of(args);
    return eventPage(view, view.all(events, args.namespace), args);
  },
  services: async (world, args, { views }) => servicePage(await (world ?? views).of(args), args.namespace, args),
  service: async (world, args, { views }) => (await (world ?? views).of(args)).get(services, args.namespace, args.name),
  workloads: async (world, args, { views }) => workloadPage(await (world ?? views).of(args), args),
  priorityClasses: async (world, args, { views }) => priorityClassPage(await (world ?? views).of(args), args),
  object: async (world, args, { views }) => {
    const view = await (world ?? views).of(args);
    const kind = kindNamed(view.registry, args.kind, args.apiVersion);
    await view.provide(kind);
    return view.get(kind, kind.namespaced ? args.namespace : '', args.name);
  },
  objects: async (world, args, { views }) => {
    const view = await (world ?? views).of(args);
    const kind = kindNamed(view.registry, args.kind, args.apiVersion);
    await view.provide(kind);
    const found = selectObjects(kind, view.all(kind, kind.namespaced ? args.namespace : undefined), args);
    return objectPage(view, found, args, orderOf(args.orderBy));
  },
  forks: (_, _args, { views, forks }) => forks?.list(views.present.user).map(forkShown) ?? [],
  kinds: async (world, args, { views }) =>
    (await (world ?? views).of(args)).registry.kinds.stored().filter(kind => !kind.unserved),
  nodeByName: async (world, args, { views }) => (await (world ?? views).of(args)).get(nodes, '', args.name),
  pod: async (world, args, { views }) => (await (world ?? views).of(args)).get(pods, args.namespace, args.name),
  daemonSet: async (world, args, { views }) =>
    (await (world ?? views).of(args)).get(daemonSets, args.namespace, args.name),
  placements: async (world, args, { views }) => {
    const view = await (world ?? views).of(args);
    return placementPage(view, selectDaemonSets(view, args), nodesWhere(selectNodes(view, args), args), args);
  },
  placementCounts: async (world, args, { views }) => placementGroups(await (world ?? views).of(args), args),
  clusterMap: async (world, args, { views }) =>
    clusterMap(await (world ?? views).of(args), await viewSince(world ?? views, args.since)),
  explainTraffic: async (world, args, context) =>
    explainTraffic(await (world ?? context.views).of(args), args, context),
  explainPod: async (world, args, { views }) => explainPod(await (world ?? views).of(args), args),
  explain: async (world, args, { views }) => {
    const view = await (world ?? views).of(args);
    view.checkPlacements(args.namespace);
    return { view, placement: explain(view.placements, args) };
  },
  changes: (world, args, { views }) => changes(world ?? views, args),
  history: (world, args, { views }) => history(world ?? views, args),
  placementDiff: (world, args, { views }) => placementDiff(world ?? views, args),
  activity: (world, args, { views }) => activity(world ?? views, args),
  whatIf: (world, args, context) => imagine(world, args, context),
  compare: (world, { scenarios, ...args }, context) => {
    if (scenarios.length > MAX_SCENARIOS) throw badInput(`at most ${MAX_SCENARIOS} scenarios can be compared`);
    return scenarios.map(({ name, changes }) => ({
      name,
      outcome: () => imagine(world, { ...args, changes }, context),
    }));
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
