import { formatAddress, parseRange } from '../resources/ipv4.js';
import type { Draft, Node } from '../resources/types.js';
import { nodeStatus, registered } from './node-status.js';
import { type KubeletOptions, nodeBehaviors, resolveOptions } from './options.js';

/**
 * The node as its kubelet would have registered it by `now` (ms since the epoch), with the pod network and the address
 * that come `ordinal`th (from 0) in their ranges: for clusters that are born with nodes, which then cost their kubelets no
 * writes. Unchanged if kubelets are switched off, or the node is told to be down.
 * @throws Error that names the option that makes no sense; TypeError for a node for which nothing is left in a range
 */
export function presentNode(node: Draft<Node>, ordinal: number, options: KubeletOptions, now: number): Draft<Node> {
  const resolved = resolveOptions(options);
  const { name } = node.metadata;
  const bearer = { ...node, metadata: { ...node.metadata, name: name ?? '' } };
  const behaviors = nodeBehaviors(bearer);
  if (resolved.mode === 'off' || name === undefined || behaviors.has('down')) return node;
  const block = 2 ** (32 - resolved.nodeCIDRMaskSize);
  const podCIDR = () => `${nth('ranges for pods', resolved.clusterCIDR, ordinal, block)}/${resolved.nodeCIDRMaskSize}`;
  const main = registered(bearer, podCIDR);
  const address = () => nth('addresses', resolved.nodeCIDR, ordinal, 1, { first: 2, last: 1 });
  const { status } = nodeStatus(main, behaviors, resolved, address, now);
  return { ...main, status };
}

/**
 * The first address of the `n`th block of a range, but for those that are reserved at its ends, as `Allocator` has it.
 * @throws TypeError beyond its end
 */
function nth(what: string, cidr: string, n: number, block: number, reserved = { first: 0, last: 0 }): string {
  const { base, size } = parseRange(cidr);
  const room = Math.max(0, Math.floor(size / block) - reserved.first - reserved.last);
  if (n >= room) throw new TypeError(`nodes: ${cidr} has no ${what} for more nodes than ${room}`);
  return formatAddress(base + (reserved.first + n) * block);
}
