import type { Controller, ControllerContext, Queue } from '../controllers/runtime/types.js';
import { nothing, source } from '../controllers/runtime/types.js';
import { StatusError } from '../registry/status.js';
import { leases, nodes } from '../resources/index.js';
import { nodeLike } from '../resources/plain-node.js';
import { internalIP } from '../resources/state.js';
import type { Node } from '../resources/types.js';
import { LEASE_NAMESPACE } from '../resources/well-known.js';
import { Lifecycles } from '../stages/index.js';
import type { Kubelets } from './kubelets.js';
import { abandonedLease, heldLease, newLease } from './node-lease.js';
import { nodeStatus, registered } from './node-status.js';
import { badAnnotations, nodeBehaviors } from './options.js';

const component = 'kubelet';

/** Something that a node has to do without, for its range is used up. */
interface Lack {
  readonly reason: string;
  /** Which says the range. */
  readonly option: 'clusterCIDR' | 'nodeCIDR';
  readonly message: string;
}
/** The reason is the node IPAM controller's. */
const NO_POD_RANGE: Lack = {
  reason: 'CIDRNotAvailable',
  option: 'clusterCIDR',
  message: 'no range for its pods is left in',
};
const NO_ADDRESS: Lack = { reason: 'AddressNotAvailable', option: 'nodeCIDR', message: 'no address is left in' };

/** Until a lease that could not be created (its namespace is missing) is tried again. */
const LEASE_RETRY = 10_000;

/**
 * Registers nodes and keeps their status and Lease as their kubelets would: what a client left out is filled in, what a
 * client put there stays. Silent while a node is told to be `down`.
 */
export function nodeAgentController(context: ControllerContext, kubelets: Kubelets): Controller {
  const { registry } = context;
  const { options, rules, addresses } = kubelets;
  const lifecycles = Lifecycles.of(registry);
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

  /** @param lacks takes in what there is nothing left of for the node */
  async function register(node: Node, lacks: Lack[]): Promise<unknown> {
    const main = registered(node, () => addresses.podCIDR());
    if (main.spec.podCIDR === undefined) lacks.push(NO_POD_RANGE);
    if (main === node) return undefined;
    return registry.update(nodes, main, { component });
  }

  async function reportStatus(name: string, lacks: Lack[]): Promise<unknown> {
    // What nodes report is told by stages, where there are any for them.
    if (lifecycles.rules(nodes)) return undefined;
    const node = registry.get(nodes, '', name)!.object;
    const behaviors = nodeBehaviors(rules.applied(node));
    const change = nodeStatus(node, behaviors, options, () => addresses.internalIP(), registry.clock.now());
    if (!internalIP(change)) lacks.push(NO_ADDRESS);
    if (change.status === node.status) return undefined;
    const write = registry.update(nodes, { ...node, status: change.status }, { subresource: 'status', component });
    for (const reason of change.events) {
      kubelets.tell(name, node, { type: 'Normal', reason, message: `Node ${name} status is now: ${reason}` });
    }
    return write;
  }

  /** Tells of what is wrong with a node, once. */
  function warn(node: Node, reason: string, message: string): void {
    const complaint = `${node.metadata.uid} ${message}`;
    if (toldOf.has(complaint)) return;
    toldOf.add(complaint);
    kubelets.tell(node.metadata.name, node, { type: 'Warning', reason, message });
  }

  function complain(node: Node): void {
    for (const { key, message } of badAnnotations(node)) warn(node, 'InvalidAnnotation', `${key}: ${message}`);
  }

  function tellWhatLacks(node: Node, lacks: readonly Lack[]): void {
    const { name } = node.metadata;
    addresses.note(name, lacks.length > 0);
    for (const { reason, option, message } of lacks)
      warn(node, reason, `Node ${name} status is now: ${reason}: ${message} ${options[option]}`);
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
      const lookAtAll = () => {
        for (const { name } of registry.all(nodes)) queue.add(name);
        for (const name of vanished.keys()) queue.add(name);
      };
      rules.onChange(lookAtAll);
      lifecycles.onChange(nodes, lookAtAll);
    },
    watches: [
      // What one that is gone had is left for those who had to do without.
      source(
        nodes,
        ({ type, entry }) => (type === 'DELETED' ? [entry.name, ...addresses.without] : [entry.name]),
        nothing,
      ),
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
      const lacks: Lack[] = [];
      const writes = Promise.all([holdLease(node), register(node, lacks), reportStatus(name, lacks)]);
      tellWhatLacks(node, lacks);
      const [held] = await writes;
      if (!held) queue.addAfter(name, LEASE_RETRY, 'upkeep');
      else if (heartbeat.renewInterval > 0) queue.addAfter(name, heartbeat.renewInterval, 'upkeep');
    },
  };
}
