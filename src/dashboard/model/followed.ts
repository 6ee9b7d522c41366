import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Variables } from '../graph/client.js';
import type { World } from './world.js';

/**
 * The newest message of a subscription, for as long as the component is there and the present is shown. Where the server is gone, the
 * connection becomes another, and it is subscribed to again once that is live.
 * @param variables undefined: nothing is followed
 */
export function useFollowed<T>(world: World, document: string, variables: Variables | undefined): T | undefined {
  const newest = useSignal<T | undefined>(undefined);
  const { graph } = world;
  const isLive = world.connection.value.state === 'live';
  const key = variables && JSON.stringify(variables);
  useEffect(() => {
    newest.value = undefined;
    if (!variables || !isLive) return;
    return graph.follow<T>(document, variables, {
      next: message => {
        newest.value = message;
      },
      // What is refused is told to who asks the same as a query.
      over: () => {},
    });
  }, [graph, document, key, isLive]);
  return newest.value;
}
