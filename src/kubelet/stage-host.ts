import type { Registry } from '../registry/registry.js';
import { pods } from '../resources/index.js';
import { formatAddress, parseRange } from '../resources/ipv4.js';
import type { StageHost } from '../stages/index.js';
import { Allocator } from './addresses.js';
import type { Kubelets } from './kubelets.js';
import { internalIP } from './node-status.js';
import { nodeBehaviors } from './options.js';

/** The machines of the simulated kubelets, for stages; where the kubelets are off, no machine is ever down. */
export function stageHost(registry: Registry, kubelets: Kubelets): StageHost {
  const { options, rules, addresses } = kubelets;
  const isOff = options.mode === 'off';
  let shared: Allocator | undefined;

  /** For pods of nodes without a network of their own: one that all of these have in common. */
  function sharedIP(): string | undefined {
    shared ??= new Allocator(parseRange(options.clusterCIDR), 1, { first: 2, last: 1 });
    const used = registry.index(pods, 'pod-ip', pod => (pod.status.podIP ? [pod.status.podIP] : []));
    const address = shared.take(candidate => used.get(formatAddress(candidate)).length > 0);
    return address === undefined ? undefined : formatAddress(address);
  }

  return {
    version: options.version,
    nodeIP: node => (node && internalIP(node)) ?? addresses.internalIP(),
    podIP: node => (node?.spec.podCIDR === undefined ? sharedIP() : kubelets.allocateIP(node)),
    isDown: node => !isOff && nodeBehaviors(rules.applied(node)).has('down'),
    nextChange: node => (isOff ? undefined : rules.next(node)),
    onChange: listener => rules.onChange(listener),
  };
}
