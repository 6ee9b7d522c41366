import { define } from './define.js';
import { AGE, column, NAME, NONE, printer } from './printing/printer.js';
import type { Endpoints } from './types.js';
import { validateEndpoints } from './validation/endpoints.js';
import { endpointsWarnings } from './warnings/networking.js';

/** As many addresses as are printed before `+ N more...`. */
const MAX_SHOWN = 3;

export const endpoints = define<Endpoints>({
  kind: 'Endpoints',
  plural: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  strategy: {
    createsOnUpdate: true,
    setDefaults(object) {
      for (const { ports } of object.subsets ?? []) for (const port of ports ?? []) port.protocol ||= 'TCP';
    },
    validate: validateEndpoints,
    validateUpdate: (object, _, ranges) => validateEndpoints(object, ranges),
    warnings: endpointsWarnings,
  },
  printer: printer<Endpoints>(NAME, column('Endpoints', 'Addresses and ports that are ready.', ready), AGE),
});

/** `10.0.0.1:80,10.0.0.2:80 + 2 more...` */
function ready({ subsets = [] }: Endpoints): string {
  if (subsets.length === 0) return NONE;
  const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) =>
          addresses.map(({ ip }) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)),
        ),
  );
  const more = all.length - MAX_SHOWN;
  return all.slice(0, MAX_SHOWN).join(',') + (more > 0 ? ` + ${more} more...` : '');
}
