import type { Controller, ControllerContext } from '../controllers/runtime/types.js';
import type { Instructions } from '../kubelet/index.js';
import type { ContainerRuntime } from '../resources/container-runtime.js';
import { Callers } from './callers.js';
import { Doors } from './doors.js';
import { podDoorsController } from './pod-doors.js';
import { PodTraffic } from './pod-traffic.js';
import { pushController } from './push/push.js';
import type { Reach } from './reach.js';
import { serviceDoorsController } from './service-doors.js';
import { ServiceTraffic } from './service-traffic.js';
import { type Place, Sockets } from './sockets.js';

/** A place of the cluster where something answers with a real socket. */
export interface Address extends Place {
  /** Where that really is: `address:port`, the same unless the machine does not have it. */
  readonly at: string;
  readonly kind: 'Pod' | 'Service';
  readonly namespace: string;
  readonly name: string;
  /** The node whose address it is, or on which the pod is. */
  readonly node: string | null;
  /** How many connections, or datagrams, came to it. */
  readonly came: number;
}

/** Nodes, pods and Services on real sockets. What listens follows the state of the cluster: two controllers see to it. */
export class Network {
  readonly #callers = new Callers();
  readonly #doors = new Doors(new Sockets(this.#callers));
  readonly #runtime: ContainerRuntime;
  readonly #instructions: Instructions;
  readonly #reach: Reach;

  constructor(runtime: ContainerRuntime, instructions: Instructions, reach: Reach) {
    this.#runtime = runtime;
    this.#instructions = instructions;
    this.#reach = reach;
  }

  controllers(context: ControllerContext): Controller[] {
    const { isAllowed, mayReach } = this.#reach;
    const traffic = new PodTraffic(context.registry, this.#runtime);
    const services = new ServiceTraffic(context.registry, traffic, mayReach);
    return [
      podDoorsController(context, this.#doors, traffic, this.#instructions),
      serviceDoorsController(context, this.#doors, services),
      pushController(context, this.#doors, this.#callers, traffic, this.#instructions, isAllowed),
    ];
  }

  /** All that answers, in the order of addresses. */
  get addresses(): Address[] {
    return this.#doors.all
      .map(({ owner, node, place: { address, port, protocol }, spot, came }) => ({
        address,
        port,
        protocol,
        at: `${spot.address}:${spot.port}`,
        ...owner,
        node,
        came,
      }))
      .sort(compare);
  }

  /** Nobody comes in any more. */
  close(): void {
    this.#doors.closeAll();
  }
}

function compare(a: Place, b: Place): number {
  const numbers = ({ address, port }: Place) => [...address.split('.').map(Number), port];
  const [x, y] = [numbers(a), numbers(b)];
  const i = x.findIndex((value, at) => value !== y[at]);
  return i < 0 ? a.protocol.localeCompare(b.protocol) : x[i]! - y[i]!;
}
