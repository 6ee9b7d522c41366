import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { GraphError } from '../graph/client.js';
import { TRAFFIC, type TrafficMessage } from '../graph/network.js';
import type { World } from '../model/world.js';
import { type Traffic, TrafficPicture } from './traffic.js';

/** Follows what comes to a cluster, for as long as the component is there and the present is shown. */
export function useTraffic(world: World): { readonly traffic?: Traffic; readonly error?: GraphError } {
  const state = useSignal<{ readonly traffic?: Traffic; readonly error?: GraphError }>({});
  const { graph } = world;
  const isLive = world.connection.value.state === 'live';
  useEffect(() => {
    if (!isLive) return;
    const picture = new TrafficPicture();
    return graph.follow<TrafficMessage>(
      TRAFFIC,
      {},
      {
        next: ({ traffic }) => {
          state.value = { traffic: picture.apply(traffic) };
        },
        // Where the server is gone, the connection becomes another, and it is followed again.
        over: error => {
          if (error && error.code !== 'UNREACHABLE') state.value = { error };
        },
      },
    );
  }, [graph, isLive]);
  return state.value;
}
