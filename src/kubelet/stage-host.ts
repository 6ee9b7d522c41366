import type { Registry } from '../registry/registry.js';
import { pods } from '../resources/index.js';
import { formatAddress, parseRange } from '../resources/ipv4.js';
import { internalIP } from '../resources/state.js';
import type { Node } from '../resources/types.js';
import type { StageHost } from '../stages/index.js';
import { Allocator } from './addresses.js';
import type { Kubelets } from './kubelets.js';
import { nodeBehaviors } from './options.js';

/** How many addresses of a node are tried for a pod. */
const MOST_ADDRESSES = 1024;

/** The machines of the simulated kubelets, for stages; where the kubelets are off, no machine is ever down. */
export function stageHost(registry: Registry, kubelets: Kubelets): StageHost {
  const { options, rules, addresses } = kubelets;
  const isOff = options.mode === 'off';
  let shared: Allocator | undefined;
  const used = () => registry.index(pods, 'pod-ip', pod => (pod.status.podIP ? [pod.status.podIP] : []));

  /** For pods of nodes without a network of their own: one that all of these have in common. */
  function sharedIP(): string | undefined {
    shared ??= new Allocator(parseRange(options.clusterCIDR), 1, { first: 2, last: 1 });
    const address = shared.take(candidate => used().get(formatAddress(candidate)).length > 0);
    return address === undefined ? undefined : formatAddress(address);
  }

  /** Kubelets know only of pods that they have taken in: who lives by stages may have an address without that. */
  function podIP(node: Node): string | undefined {
    for (let tried = 0; tried < MOST_ADDRESSES; tried++) {
      const address = kubelets.allocateIP(node);
      if (address === undefined || used().get(address).length === 0) return address;
    }
    return undefined;
  }

  return {
    version: options.version,
    nodeIP: node => (node && internalIP(node)) ?? addresses.internalIP(),
    podIP: node => (node?.spec.podCIDR === undefined ? sharedIP() : podIP(node)),
    isDown: node => !isOff && nodeBehaviors(rules.applied(node)).has('down'),
    nextChange: node => (isOff ? undefined : rules.next(node)),
    onChange: listener => rules.onChange(listener),
  };
}
