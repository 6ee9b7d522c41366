import type { Quantities } from '../quantities.js';
import { readQuantity } from '../quantity.js';
import type { Service } from '../types.js';
import type { Meter } from './meter.js';

const RESOURCES = ['count/services', 'services', 'services.loadbalancers', 'services.nodeports'];

/** Services, load balancers, and the node ports that they take or ask for. */
export const serviceMeter: Meter<Service> = {
  chargesUpdates: true,
  uses: name => RESOURCES.includes(name),
  usage({ spec }): Quantities {
    const { type, ports = [], allocateLoadBalancerNodePorts } = spec;
    const isBalanced = type === 'LoadBalancer';
    const nodePorts =
      type === 'NodePort' || (isBalanced && allocateLoadBalancerNodePorts !== false)
        ? ports.length
        : isBalanced
          ? ports.filter(({ nodePort }) => nodePort).length
          : 0;
    return new Map(
      Object.entries({
        'count/services': 1,
        services: 1,
        'services.loadbalancers': isBalanced ? 1 : 0,
        'services.nodeports': nodePorts,
      }).map(([name, count]) => [name, readQuantity(count)]),
    );
  },
};
