import type { Controller, ControllerContext } from '../controllers/runtime/types.js';
import type { Instructions } from '../kubelet/index.js';
import type { PushSettings } from '../kubelet/ports/push-settings.js';
import type { Registry } from '../registry/registry.js';
import type { ContainerRuntime } from '../resources/container-runtime.js';
import type { Pod } from '../resources/types.js';
import { Callers } from './callers.js';
import { type Door, Doors, ownerOf, type Way } from './doors.js';
import { DNS_SERVICE, type House, type NameServer } from './house.js';
import type { NetworkMode, NetworkOptions } from './options.js';
import { podDoorsController } from './pod-doors.js';
import { PodTraffic } from './pod-traffic.js';
import { pushController } from './push/push.js';
import { Pusher } from './push/pusher.js';
import type { Reach } from './reach.js';
import { type Delivery, Sender, type SendOrder } from './send/sender.js';
import { serviceDoorsController } from './service-doors.js';
import { ServiceHealth } from './service-health.js';
import { ServiceTraffic } from './service-traffic.js';
import { type Place, type Protocol, Sockets } from './sockets.js';

/** A place of the cluster where something answers with a real socket. */
export interface Address extends Place {
  /** Where that really is: `address:port`, the same unless the machine does not have it. */
  readonly at: string;
  readonly kind: 'Pod' | 'Service';
  readonly namespace: string;
  readonly name: string;
  /** Whether it is a pod's own address, a Service's own, or a port of a node. */
  readonly way: Way;
  /** The node whose address it is, or on which the pod is. */
  readonly node: string | null;
  /** How many connections, or datagrams, came to it; of a pod's own port how many reached that, by whichever way. */
  readonly came: number;
}

/** What a network is made of. */
interface Parts {
  readonly registry: Registry;
  readonly runtime: ContainerRuntime;
  readonly instructions: Instructions;
  readonly reach: Reach;
  readonly house: House;
  /** Hears of each place that is opened or shut, or that somebody came to. */
  readonly onTraffic: (place: string) => void;
}

/** Nodes, pods and Services on real sockets. What listens follows the state of the cluster: two controllers see to it. */
export class Network {
  readonly mode: NetworkMode;
  readonly #doors: Doors;
  readonly #traffic: PodTraffic;
  readonly #pusher: Pusher;
  readonly #sender: Sender;
  readonly #health: ServiceHealth;
  readonly #house: House;
  /** Who answers for names, once it is told of. */
  #names: NameServer | undefined;
  readonly #instructions: Instructions;
  readonly #reach: Reach;

  constructor({ registry, runtime, instructions, reach, house, onTraffic }: Parts, { mode }: NetworkOptions) {
    this.mode = mode;
    this.#instructions = instructions;
    this.#reach = reach;
    const callers = new Callers();
    const doors = new Doors(new Sockets(callers, mode === 'ports'), onTraffic);
    const traffic = new PodTraffic(registry, runtime, place => doors.reached(place));
    const pusher = new Pusher(registry, doors, callers, reach.isAllowed);
    this.#doors = doors;
    this.#traffic = traffic;
    this.#pusher = pusher;
    this.#health = new ServiceHealth(registry);
    this.#house = house;
    house.onChange(() => this.#tellOfNames());
    this.#tellOfNames();
    this.#sender = new Sender({
      registry,
      doors,
      traffic,
      callers,
      pusher,
      whatIsPushed: pod => this.whatIsPushed(pod),
    });
  }

  controllers(context: ControllerContext): Controller[] {
    const services = new ServiceTraffic(context.registry, this.#traffic, this.#reach.mayReach);
    return [
      podDoorsController(context, this.#doors, this.#traffic, this.#instructions, this.#reach),
      serviceDoorsController(context, this.#doors, services, this.#health, this.#house, this.#instructions),
      pushController(context, this.#traffic, this.#instructions, this.#pusher),
    ];
  }

  /** All that answers, in the order of addresses. */
  get addresses(): Address[] {
    return this.#doors.all.map(addressOf).sort(compare);
  }

  /** What answers at a place, by what {@link Doors} calls it; undefined if nothing does. */
  at(place: string): Address | undefined {
    const door = this.#doors.at(place);
    return door && addressOf(door);
  }

  /** What a pod was told to push; undefined if nothing. */
  whatIsPushed(pod: Pod): PushSettings | undefined {
    return this.#instructions.push(pod);
  }

  /** Sends a request in the name of somebody, to a place of the cluster. */
  send(order: SendOrder): Promise<Delivery> {
    return this.#sender.send(order);
  }

  /** The port at which names are answered for, besides the address that pods ask. */
  #tellOfNames(): void {
    const { dns } = this.#house;
    if (!dns || dns === this.#names) return;
    this.#names = dns;
    const came = (protocol: Protocol) => this.#doors.tellOf(ownerOf('Service', DNS_SERVICE), { ...dns.own, protocol });
    const count = { TCP: came('TCP'), UDP: came('UDP') };
    dns.onCame = protocol => count[protocol]();
  }

  /** Nobody comes in any more. */
  close(): void {
    this.#doors.closeAll();
    this.#health.close();
  }
}

const addressOf = ({ owner, way, node, place: { address, port, protocol }, spot, came }: Door): Address => ({
  address,
  port,
  protocol,
  at: `${spot.address}:${spot.port}`,
  ...owner,
  way,
  node,
  came,
});

function compare(a: Place, b: Place): number {
  const numbers = ({ address, port }: Place) => [...address.split('.').map(Number), port];
  const [x, y] = [numbers(a), numbers(b)];
  const i = x.findIndex((value, at) => value !== y[at]);
  return i < 0 ? a.protocol.localeCompare(b.protocol) : x[i]! - y[i]!;
}
