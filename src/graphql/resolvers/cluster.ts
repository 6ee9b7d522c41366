import { formatTime } from '../../clock/clock.js';
import { daemonSets, namespaces, nodes, pods } from '../../resources/index.js';
import type { ClusterResolvers } from '../generated.js';

/** The fields of type Cluster, whose source is a view: it knows all of it. */
export const Cluster: ClusterResolvers = {
  version: (_, _args, { version }) => version,
  era: ({ registry }) => registry.era,
  revision: ({ registry }) => String(registry.revision),
  now: ({ registry }) => formatTime(registry.clock.now()),
  namespaces: view => view.all(namespaces).map(entry => entry.name),
  nodeCount: view => view.all(nodes).length,
  podCount: view => view.all(pods).length,
  daemonSetCount: view => view.all(daemonSets).length,
};
