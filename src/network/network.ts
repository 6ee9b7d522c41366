import type { Controller, ControllerContext } from '../controllers/runtime/types.js';
import type { Instructions } from '../kubelet/index.js';
import type { ContainerRuntime } from '../resources/container-runtime.js';
import { Callers } from './callers.js';
import { Doors } from './doors.js';
import type { NetworkOptions } from './options.js';
import { podDoorsController } from './pod-doors.js';
import { PodTraffic } from './pod-traffic.js';
import { pushController } from './push/push.js';
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
  /** Whether the operator said so. */
  readonly #isAllowed: (host: string) => boolean;
  readonly #mayReach: (host: string) => boolean;

  constructor(runtime: ContainerRuntime, instructions: Instructions, { allow = [] }: NetworkOptions) {
    this.#runtime = runtime;
    this.#instructions = instructions;
    this.#isAllowed = host => allow.includes('*') || allow.includes(host);
    this.#mayReach = host => isLoopback(host) || this.#isAllowed(host);
  }

  controllers(context: ControllerContext): Controller[] {
    const traffic = new PodTraffic(context.registry, this.#runtime, this.#mayReach);
    const services = new ServiceTraffic(context.registry, traffic, this.#mayReach);
    return [
      podDoorsController(context, this.#doors, traffic, this.#instructions),
      serviceDoorsController(context, this.#doors, services),
      pushController(context, this.#doors, this.#callers, traffic, this.#instructions, this.#isAllowed),
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

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

function compare(a: Place, b: Place): number {
  const numbers = ({ address, port }: Place) => [...address.split('.').map(Number), port];
  const [x, y] = [numbers(a), numbers(b)];
  const i = x.findIndex((value, at) => value !== y[at]);
  return i < 0 ? a.protocol.localeCompare(b.protocol) : x[i]! - y[i]!;
}
