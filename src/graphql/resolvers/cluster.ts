import type { Clock } from '../../clock/clock.js';
import { formatTime } from '../../clock/clock.js';
import { stateOf } from '../../clock/world-clock.js';
import { daemonSets, namespaces, nodes, pods } from '../../resources/index.js';
import type { ClockMode, ClusterClock as ClockShown, ClusterResolvers } from '../generated.js';
import { NETWORK_MODES, networkOf } from './addresses.js';
import { pushersOf } from './pushes.js';
import { exactTime, oldest } from './writes.js';

/** The fields of type Cluster, whose source is a view: it knows all of it. */
export const Cluster: ClusterResolvers = {
  version: (_, _args, { version }) => version,
  era: ({ registry }) => registry.era,
  revision: ({ registry }) => String(registry.revision),
  oldestRevision: async view => String((await oldest(view)).revision),
  oldestTime: async view => exactTime((await oldest(view)).time),
  now: ({ registry }) => formatTime(registry.clock.now()),
  clock: ({ registry }) => clockShown(registry.clock),
  namespaces: view => view.all(namespaces).map(entry => entry.name),
  nodeCount: view => view.all(nodes).length,
  podCount: view => view.all(pods).length,
  network: (view, _args, context) => NETWORK_MODES[networkOf(view, context).network],
  pushes: (view, _args, context) => pushersOf(view, context),
  daemonSetCount: view => view.all(daemonSets).length,
};

const MODES = { real: 'REAL', scaled: 'SCALED', paused: 'PAUSED' } as const satisfies Record<string, ClockMode>;

/** A clock as the graph tells of it. */
export function clockShown(clock: Clock): ClockShown {
  const { mode, rate, time, ahead } = stateOf(clock);
  return { mode: MODES[mode], rate, time: formatTime(time), aheadSeconds: Math.trunc(ahead / 1000) };
}
