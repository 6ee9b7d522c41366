import { formatTime } from '../../clock/clock.js';
import type { Registry } from '../../registry/registry.js';
import { daemonSets, namespaces, nodes, pods } from '../../resources/index.js';
import type { FieldResolvers } from './types.js';

/** What Query.cluster answers: the registry, which knows all of it. */
export const Cluster: FieldResolvers<Registry> = {
  version: (_, _args, { version }) => version,
  era: registry => registry.era,
  revision: registry => String(registry.revision),
  now: registry => formatTime(registry.clock.now()),
  namespaces: registry => registry.all(namespaces).map(entry => entry.name),
  nodeCount: registry => registry.all(nodes).length,
  podCount: registry => registry.all(pods).length,
  daemonSetCount: registry => registry.all(daemonSets).length,
};
