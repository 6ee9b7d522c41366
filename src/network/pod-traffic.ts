import type { Socket } from 'node:net';
import { keyOf } from '../controllers/runtime/keys.js';
import type { Registry } from '../registry/registry.js';
import type { ContainerRuntime } from '../resources/container-runtime.js';
import { pods } from '../resources/index.js';
import { isReady } from '../resources/state.js';
import type { Pod } from '../resources/types.js';
import type { Caller } from './callers.js';
import { judge, partyAt } from './policies.js';
import type { Place, Protocol } from './sockets.js';

/** A port of a pod, and how one comes to it. */
export interface PodPort {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  /** `pod`: by its own address; `node`: by a port of its node; `service`: by way of a Service. */
  readonly way: 'pod' | 'node' | 'service';
  /** The Service shows pods that are not ready too. */
  readonly showsUnready?: boolean | undefined;
}

/** Hands those who come over to the pods. What counts is how a pod stands at that very moment, not when its door was opened. */
export class PodTraffic {
  readonly #registry: Registry;
  readonly #runtime: ContainerRuntime;
  readonly #onReached: (place: Place) => void;
  /** The uids of pods that somebody came to, by their keys. */
  readonly #visited = new Map<string, string>();

  /** @param onReached hears of each port of a pod that takes somebody in, whichever way that one comes */
  constructor(registry: Registry, runtime: ContainerRuntime, onReached: (place: Place) => void) {
    this.#registry = registry;
    this.#runtime = runtime;
    this.#onReached = onReached;
  }

  /** Whether the pod's node can be reached, and the pod runs. */
  isUp(pod: Pod): boolean {
    try {
      this.#runtime.check(pod);
      return true;
    } catch {
      return false;
    }
  }

  /** Whether who comes now would be taken in, but for policies. */
  isOpen(to: PodPort): boolean {
    const pod = this.#pod(to);
    return pod !== undefined && this.#isOpen(to, pod);
  }

  connect(to: PodPort, socket: Socket, client: Caller): void {
    const pod = this.#takeIn(to, client, 'TCP');
    if (!pod) {
      refuse(socket);
      return;
    }
    this.#runtime.accept(pod, to.port, socket, {
      from: client.address,
      isOpen: () => this.isOpen(to),
    });
  }

  datagram(to: PodPort, message: Buffer, answer: (reply: Buffer) => void, client: Caller): void {
    const pod = this.#takeIn(to, client, 'UDP');
    if (pod) this.#runtime.datagram(pod, to.port, message, answer, client.address);
  }

  /** Ends the connections of a pod that are not open any more: `pod` is how it stands now, if it is still there. */
  hangUp(key: string, pod: Pod | undefined): void {
    const uid = this.#visited.get(key);
    if (uid === undefined) return;
    if (pod?.metadata.uid === uid) {
      this.#runtime.hangUp(uid);
      return;
    }
    this.#runtime.forget(uid);
    this.#visited.delete(key);
  }

  /** The pod that is to answer, if it is open to who comes; whoever is to know of it is told. */
  #takeIn(to: PodPort, client: Caller, protocol: Protocol): Pod | undefined {
    const pod = this.#pod(to);
    if (!pod || !this.#isOpen(to, pod) || !this.#isAllowed(to, pod, client.address, protocol)) return undefined;
    this.#visited.set(keyOf(to), to.uid);
    this.#onReached({ address: pod.status.podIP ?? '', port: to.port, protocol });
    client.onTaken?.(pod);
    return pod;
  }

  #isOpen({ way, showsUnready = way === 'pod' }: PodPort, pod: Pod): boolean {
    return this.isUp(pod) && (showsUnready || isReady(pod));
  }

  /** Whether the policies let the client in, and out where it is. */
  #isAllowed({ port }: PodPort, pod: Pod, client: string, protocol: string): boolean {
    return judge(this.#registry, partyAt(this.#registry, client), pod, port, protocol).allowed;
  }

  #pod({ namespace, name, uid }: PodPort): Pod | undefined {
    const pod = this.#registry.get(pods, namespace, name)?.object;
    return pod?.metadata.uid === uid ? pod : undefined;
  }
}

/** As nobody listening would: by a reset. */
export function refuse(socket: Socket): void {
  socket.on('error', () => {});
  socket.resetAndDestroy();
}
