import { explain } from '../../explain/placements.js';
import { daemonSets, nodes, pods } from '../../resources/index.js';
import { isReady } from '../../resources/state.js';
import type { PageArguments } from '../connection.js';
import type { GraphContext } from '../context.js';
import { parseGlobalId } from '../global-id.js';
import { inOrder, type PodFilter, pageOf, selectByLabels, selectPods } from './pages.js';
import { type PlacementFilter, placementPage, selectDaemonSets, selectNodes } from './placement.js';
import { type FieldResolvers, OBJECT_TYPES } from './types.js';

/** The fields of type Query. */
export const Query: FieldResolvers<unknown> = {
  node: (_, { id }: { id: string }, context) => byGlobalId(id, context),
  cluster: (_, _args, { registry }) => registry,
  nodes: (
    _,
    args: PageArguments & { name?: string | null; labelSelector?: string | null; ready?: boolean | null },
    { registry },
  ) =>
    pageOf(
      selectNodes(registry, args.name, args.labelSelector).filter(
        node => args.ready == null || isReady(node.object) === args.ready,
      ),
      args,
    ),
  pods: (_, args: PageArguments & PodFilter & { namespace?: string | null }, { registry, placements }) => {
    const { namespace, nodeName } = args;
    const candidates =
      nodeName == null
        ? registry.all(pods, namespace ?? undefined)
        : inOrder(placements.podsOn(nodeName)).filter(pod => namespace == null || pod.namespace === namespace);
    return pageOf(selectPods(candidates, args), args);
  },
  daemonSets: (
    _,
    args: PageArguments & { namespace?: string | null; name?: string | null; labelSelector?: string | null },
    { registry },
  ) =>
    pageOf(selectByLabels(daemonSets, selectDaemonSets(registry, args.namespace, args.name), args.labelSelector), args),
  nodeByName: (_, { name }: { name: string }, { registry }) => registry.get(nodes, '', name),
  pod: (_, { namespace, name }: { namespace: string; name: string }, { registry }) =>
    registry.get(pods, namespace, name),
  daemonSet: (_, { namespace, name }: { namespace: string; name: string }, { registry }) =>
    registry.get(daemonSets, namespace, name),
  placements: (_, args: PlacementFilter & PageArguments, { registry, placements }) =>
    placementPage(
      placements,
      selectDaemonSets(registry, args.namespace, args.daemonSet),
      selectNodes(registry, args.node, args.nodeSelector),
      args,
    ),
  explain: (_, args: { namespace: string; daemonSet: string; node: string }, { placements }) =>
    explain(placements, args),
};

/** What a global id names, as long as it is the same incarnation. */
function byGlobalId(id: string, { registry, placements }: GraphContext): unknown {
  const parts = parseGlobalId(id);
  if (!parts) return null;
  const { type, namespace, name, uid } = parts;
  if ('node' in parts) {
    const daemonSet = registry.get(daemonSets, namespace, name);
    const node = registry.get(nodes, '', parts.node);
    return daemonSet?.uid === uid && node ? placements.of(daemonSet, node) : null;
  }
  const kind = OBJECT_TYPES.get(type);
  const entry = kind && registry.get(kind, namespace, name);
  return entry?.uid === uid ? entry : null;
}
