import { define } from './define.js';
import { equalJson } from './json.js';
import { AGE, column, NAME, NONE, printer } from './printing/printer.js';
import type { EndpointSlice } from './types.js';
import { validateEndpointSlice, validateEndpointSliceUpdate } from './validation/endpoints.js';
import { endpointSliceWarnings } from './warnings/networking.js';

/** As many ports and addresses as are printed before `+ N more...`. */
const MAX_SHOWN = 3;

export const endpointSlices = define<EndpointSlice>({
  group: 'discovery.k8s.io',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  printer: printer<EndpointSlice>(
    NAME,
    column('AddressType', 'IPv4, IPv6 or FQDN.', o => o.addressType),
    column('Ports', 'Ports of every endpoint.', o =>
      shortened(
        (o.ports ?? []).map(p => (p.port ? `${p.port}` : '*')),
        '<unset>',
      ),
    ),
    column('Endpoints', 'Addresses of the endpoints.', o =>
      shortened(
        (o.endpoints ?? []).flatMap(e => e.addresses),
        '<unset>',
      ),
    ),
    AGE,
  ),
  strategy: {
    setDefaults(object) {
      object.endpoints ??= [];
      for (const port of object.ports ?? []) {
        port.name ??= '';
        port.protocol ||= 'TCP';
      }
    },
    prepareForCreate(object) {
      object.metadata.generation = 1;
    },
    prepareForUpdate(object, old) {
      const isSame = equalJson(object.endpoints, old.endpoints) && equalJson(object.ports, old.ports);
      if (!isSame) object.metadata.generation = (old.metadata.generation ?? 0) + 1;
    },
    validate: validateEndpointSlice,
    validateUpdate: validateEndpointSliceUpdate,
    warnings: endpointSliceWarnings,
  },
});

/** `a,b,c + 2 more...` */
function shortened(items: readonly string[], none: string = NONE): string {
  if (items.length === 0) return none;
  const more = items.length - MAX_SHOWN;
  return items.slice(0, MAX_SHOWN).join(',') + (more > 0 ? ` + ${more} more...` : '');
}
