import type { AddressInfo, NetworkInfo } from '../../admin/control.js';
import { groupedBy } from '../../resources/grouped-by.js';
import type { GraphContext } from '../context.js';
import type { NetworkAddress, NetworkMode, NetworkWay } from '../generated.js';
import type { View } from '../view.js';

const WAYS = { pod: 'POD', node: 'NODE', service: 'SERVICE' } as const satisfies Record<AddressInfo['way'], NetworkWay>;

/** An address as the graph tells of it. */
export const addressShown = ({ way, ...same }: AddressInfo): NetworkAddress => ({ ...same, way: WAYS[way] });

/** What answers, by whose it is and by node; put in order once for each request. */
interface Told {
  readonly byOwner: ReadonlyMap<string, readonly NetworkAddress[]>;
  readonly byNode: ReadonlyMap<string, readonly NetworkAddress[]>;
}

const told = new WeakMap<GraphContext, Told>();
const NOWHERE: readonly NetworkAddress[] = [];
const NOTHING: Told = { byOwner: new Map(), byNode: new Map() };

/** What the schema calls it. */
export const NETWORK_MODES = { off: 'OFF', loopback: 'LOOPBACK', ports: 'PORTS' } as const satisfies Record<
  NetworkInfo['network'],
  NetworkMode
>;

/** How the network stands in the world that a view looks at: sockets are of the present one alone. */
export const networkOf = (view: View, { network, views }: GraphContext): NetworkInfo =>
  network && view.registry === views.present.registry ? network.state() : { network: 'off', addresses: [] };

/** Where a pod or a Service is to be reached. */
export const addressesOf = (view: View, context: GraphContext, kind: string, namespace: string, name: string) =>
  inOrder(view, context).byOwner.get(`${kind} ${namespace}/${name}`) ?? NOWHERE;

/** What answers at a node's own address. */
export const addressesAt = (view: View, context: GraphContext, address: string | undefined) =>
  (address === undefined ? undefined : inOrder(view, context).byNode.get(address)) ?? NOWHERE;

function inOrder(view: View, context: GraphContext): Told {
  if (view.registry !== context.views.present.registry) return NOTHING;
  let known = told.get(context);
  if (!known) {
    const addresses = networkOf(view, context).addresses.map(addressShown);
    known = {
      byOwner: groupedBy(addresses, ({ kind, namespace, name }) => `${kind} ${namespace}/${name}`),
      byNode: groupedBy(addresses, ({ address }) => address),
    };
    told.set(context, known);
  }
  return known;
}
