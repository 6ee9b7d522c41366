import { formatAddress, parseRange } from '../resources/ipv4.js';
import type { Draft, Node } from '../resources/types.js';
import { nodeStatus, registered } from './node-status.js';
import { type KubeletOptions, nodeBehaviors, resolveOptions } from './options.js';

/**
 * The node as its kubelet would have registered it by `now` (ms since the epoch), with the pod network and the address
 * that come `ordinal`th (from 0) in their ranges: for clusters that are born with nodes, which then cost their kubelets no
 * writes. Unchanged if kubelets are switched off, or the node is told to be down.
 * @throws Error that names the option that makes no sense
 */
export function presentNode(node: Draft<Node>, ordinal: number, options: KubeletOptions, now: number): Draft<Node> {
  const resolved = resolveOptions(options);
  const { name } = node.metadata;
  const bearer = { ...node, metadata: { ...node.metadata, name: name ?? '' } };
  const behaviors = nodeBehaviors(bearer);
  if (resolved.mode === 'off' || name === undefined || behaviors.has('down')) return node;
  const block = 2 ** (32 - resolved.nodeCIDRMaskSize);
  const podCIDR = nth(resolved.clusterCIDR, ordinal, block);
  const main = registered(bearer, () => podCIDR && `${podCIDR}/${resolved.nodeCIDRMaskSize}`);
  // The network's own address and its gateway come first.
  const { status } = nodeStatus(main, behaviors, resolved, () => nth(resolved.nodeCIDR, ordinal + 2, 1), now);
  return { ...main, status };
}

/** The first address of the `n`th block of a range; undefined beyond its end. */
function nth(cidr: string, n: number, block: number): string | undefined {
  const { base, size } = parseRange(cidr);
  return (n + 1) * block <= size ? formatAddress(base + n * block) : undefined;
}
