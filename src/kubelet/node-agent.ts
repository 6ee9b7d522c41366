import type { Controller, ControllerContext, Queue } from '../controllers/runtime/types.js';
import { nothing, source } from '../controllers/runtime/types.js';
import type { Registry } from '../registry/registry.js';
import { StatusError } from '../registry/status.js';
import { leases, nodes } from '../resources/index.js';
import { formatAddress, parseRange } from '../resources/ipv4.js';
import { nodeLike } from '../resources/plain-node.js';
import type { Node } from '../resources/types.js';
import { LEASE_NAMESPACE } from '../resources/well-known.js';
import { Allocator } from './addresses.js';
import type { Kubelets } from './kubelets.js';
import { abandonedLease, heldLease, newLease } from './node-lease.js';
import { nodeStatus, registered } from './node-status.js';
import { badAnnotations, nodeBehaviors } from './options.js';

const component = 'kubelet';
/** Until a lease that could not be created (its namespace is missing) is tried again. */
const LEASE_RETRY = 10_000;

/** Hands out pod networks and addresses to nodes that come without. */
class NodeAddresses {
  readonly #podCIDRs: Allocator;
  readonly #addresses: Allocator;
  readonly #maskSize: number;
  readonly #registry: Registry;

  constructor(registry: Registry, options: Kubelets['options']) {
    this.#registry = registry;
    this.#maskSize = options.nodeCIDRMaskSize;
    this.#podCIDRs = new Allocator(parseRange(options.clusterCIDR), 2 ** (32 - options.nodeCIDRMaskSize));
    this.#addresses = new Allocator(parseRange(options.nodeCIDR), 1, { first: 2, last: 1 });
  }

  podCIDR(): string | undefined {
    const used = this.#registry.index(nodes, 'pod-cidr', node => node.spec.podCIDRs ?? []);
    const format = (address: number) => `${formatAddress(address)}/${this.#maskSize}`;
    const address = this.#podCIDRs.take(candidate => used.get(format(candidate)).length > 0);
    return address === undefined ? undefined : format(address);
  }

  internalIP(): string | undefined {
    const used = this.#registry.index(nodes, 'address', node => node.status?.addresses?.map(a => a.address) ?? []);
    const address = this.#addresses.take(candidate => used.get(formatAddress(candidate)).length > 0);
    return address === undefined ? undefined : formatAddress(address);
  }
}

/**
 * Registers nodes and keeps their status and Lease as their kubelets would: what a client left out is filled in, what a
 * client put there stays. Silent while a node is told to be `down`.
 */
export function nodeAgentController(context: ControllerContext, kubelets: Kubelets): Controller {
  const { registry } = context;
  const { options, rules } = kubelets;
  const addresses = new NodeAddresses(registry, options);
  const heartbeat = { renewInterval: options.leaseRenewInterval, durationSeconds: options.leaseDurationSeconds };
  const toldOf = new Set<string>();
  /** Nodes that have vanished, by name. */
  const vanished = new Map<string, Node>();

  /** @returns false if there is no place for leases. */
  async function holdLease(node: Node): Promise<boolean> {
    const now = registry.clock.now();
    const lease = registry.get(leases, LEASE_NAMESPACE, node.metadata.name)?.object;
    try {
      if (!lease)
        await registry.create(leases, newLease(node, heartbeat, now), { namespace: LEASE_NAMESPACE, component });
      else if (heldLease(lease, heartbeat, now) !== lease)
        await registry.update(leases, heldLease(lease, heartbeat, now), { component });
      return true;
    } catch (error) {
      if (StatusError.is(error, 'NotFound') || StatusError.is(error, 'Forbidden')) return false;
      throw error;
    }
  }

  async function abandonLease(node: Node): Promise<void> {
    const lease = registry.get(leases, LEASE_NAMESPACE, node.metadata.name)?.object;
    const abandoned = lease && abandonedLease(lease, heartbeat, registry.clock.now());
    if (abandoned && abandoned !== lease) await registry.update(leases, abandoned, { component });
  }

  async function register(node: Node): Promise<unknown> {
    const main = registered(node, () => addresses.podCIDR());
    if (main === node) return undefined;
    return registry.update(nodes, main, { component });
  }

  async function reportStatus(name: string): Promise<unknown> {
    const node = registry.get(nodes, '', name)!.object;
    const behaviors = nodeBehaviors(rules.applied(node));
    const change = nodeStatus(node, behaviors, options, () => addresses.internalIP(), registry.clock.now());
    if (change.status === node.status) return undefined;
    const write = registry.update(nodes, { ...node, status: change.status }, { subresource: 'status', component });
    for (const reason of change.events) {
      kubelets.tell(name, node, { type: 'Normal', reason, message: `Node ${name} status is now: ${reason}` });
    }
    return write;
  }

  function complain(node: Node): void {
    for (const { key, message } of badAnnotations(node)) {
      const complaint = `${node.metadata.uid} ${message}`;
      if (toldOf.has(complaint)) continue;
      toldOf.add(complaint);
      kubelets.tell(node.metadata.name, node, {
        type: 'Warning',
        reason: 'InvalidAnnotation',
        message: `${key}: ${message}`,
      });
    }
  }

  /** Looks again when a rule begins or ends for the node. */
  function waitForRules(node: Node, queue: Queue): void {
    const next = rules.next(node);
    if (next)
      queue.addAfter(node.metadata.name, next.at - registry.clock.now(), next.comesRound ? 'upkeep' : undefined);
  }

  /** A node that had vanished registers again, once nothing makes it vanish any more: under its name, as another object. */
  async function comeBack(former: Node, queue: Queue): Promise<void> {
    waitForRules(former, queue);
    if (nodeBehaviors(rules.applied(former)).has('vanish')) return;
    vanished.delete(former.metadata.name);
    await registry.create(nodes, nodeLike(former, former.metadata.name), { component });
  }

  return {
    name: 'kubelet-nodes',
    workers: 128,
    start(queue: Queue) {
      rules.onChange(() => {
        for (const { name } of registry.all(nodes)) queue.add(name);
        for (const name of vanished.keys()) queue.add(name);
      });
    },
    watches: [
      source(nodes, ({ entry }) => [entry.name], nothing),
      source(leases, ({ type, entry }) =>
        type === 'DELETED' && entry.namespace === LEASE_NAMESPACE ? [entry.name] : [],
      ),
    ],
    async reconcile(name: string, queue: Queue) {
      const node = registry.get(nodes, '', name)?.object;
      if (!node) {
        kubelets.forgetNode(name);
        const former = vanished.get(name);
        if (former) await comeBack(former, queue);
        return;
      }
      vanished.delete(name);
      complain(node);
      waitForRules(node, queue);
      const behaviors = nodeBehaviors(rules.applied(node));
      if (behaviors.has('vanish')) {
        vanished.set(name, node);
        await registry.delete(nodes, '', name, { preconditions: { uid: node.metadata.uid } });
        return;
      }
      if (behaviors.has('down')) {
        await abandonLease(node);
        return;
      }
      // All writes are decided before the first is awaited, so that they commit together.
      const [held] = await Promise.all([holdLease(node), register(node), reportStatus(name)]);
      if (!held) queue.addAfter(name, LEASE_RETRY, 'upkeep');
      else if (heartbeat.renewInterval > 0) queue.addAfter(name, heartbeat.renewInterval, 'upkeep');
    },
  };
}
