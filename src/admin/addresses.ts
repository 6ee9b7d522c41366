import type { NetworkInfo } from './control.js';
import type { AdminRoute } from './rest.js';
import { listOf, object, schemaOf } from './schemas.js';

/** `/_kubette/v1/addresses`: what answers with real sockets, and where. */
export const addressesRoute = (network: () => NetworkInfo): AdminRoute => ({
  method: 'GET',
  path: ['addresses'],
  doc: {
    summary: 'Tells where nodes, pods and Services are to be reached',
    answers: {
      200: {
        description: 'In the order of addresses',
        schema: object({
          network: {
            enum: ['off', 'loopback', 'ports'],
            description: 'Whether anything answers at all, and whether at the addresses or at ports of 127.0.0.1.',
          },
          addresses: listOf(schemaOf('Address')),
        }),
      },
    },
  },
  answer: () => ({ code: 200, body: network() }),
});
