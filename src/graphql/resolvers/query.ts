import { explain } from '../../explain/placements.js';
import { daemonSets, nodes, pods } from '../../resources/index.js';
import { isReady } from '../../resources/state.js';
import type { QueryResolvers } from '../generated.js';
import { parseGlobalId } from '../global-id.js';
import type { Identified, View } from '../view.js';
import { inOrder, objectPage, selectByLabels, selectPods } from './pages.js';
import { placementPage, selectDaemonSets, selectNodes } from './placement.js';
import { OBJECT_TYPES, type ObjectType } from './types.js';

/** The fields of type Query: each chooses a view, and all below it is seen in that. */
export const Query: QueryResolvers = {
  node: async (_, args, { views }) => byGlobalId(await views.of(args), args.id),
  cluster: (_, args, { views }) => views.of(args),
  nodes: async (_, args, { views }) => {
    const view = await views.of(args);
    const found = selectNodes(view, { node: args.name, nodeSelector: args.labelSelector });
    return objectPage(
      view,
      args.ready == null ? found : found.filter(node => isReady(node.object) === args.ready),
      args,
    );
  },
  pods: async (_, args, { views }) => {
    const view = await views.of(args);
    if (args.nodeName == null) return objectPage(view, selectPods(view.all(pods, args.namespace), args), args);
    view.checkList(pods, args.namespace);
    return objectPage(view, inOrder(selectPods(view.placements.podsOn(args.nodeName), args)), args);
  },
  daemonSets: async (_, args, { views }) => {
    const view = await views.of(args);
    const named = selectDaemonSets(view, { namespace: args.namespace, daemonSet: args.name });
    return objectPage(view, selectByLabels(daemonSets, named, args.labelSelector), args);
  },
  nodeByName: async (_, args, { views }) => (await views.of(args)).get(nodes, '', args.name),
  pod: async (_, args, { views }) => (await views.of(args)).get(pods, args.namespace, args.name),
  daemonSet: async (_, args, { views }) => (await views.of(args)).get(daemonSets, args.namespace, args.name),
  placements: async (_, args, { views }) => {
    const view = await views.of(args);
    return placementPage(view, selectDaemonSets(view, args), selectNodes(view, args), args);
  },
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
  if (!Object.hasOwn(OBJECT_TYPES, parts.type)) return undefined;
  const seen = view.get(OBJECT_TYPES[parts.type as ObjectType], namespace, name);
  return seen?.entry.uid === uid ? seen : undefined;
}
