import type { NameService } from '../../kubelet/shell/names.js';
import type { Registry } from '../../registry/registry.js';
import { dnsAddress } from '../../resources/address-ranges.js';
import type { Pod } from '../../resources/types.js';
import { lookUp } from '../send/names.js';
import { DOMAIN } from './records.js';
import { namesOf } from './reverse.js';
import { registryView } from './view.js';

/** The cluster's DNS as the containers of a pod ask it. */
export function containerNames(registry: Registry, pod: Pod): NameService {
  const view = registryView(registry);
  return {
    address: dnsAddress(registry.ranges),
    lookUp(name) {
      const found = lookUp(name, pod, view, 0).at(-1);
      return found && (found.addresses.length > 0 || found.elsewhere) ? found : undefined;
    },
    namesOf: address => namesOf(address, view).map(name => `${name}.${DOMAIN}`),
  };
}
