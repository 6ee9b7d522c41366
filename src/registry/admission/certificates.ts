import { formatTime } from '../../clock/clock.js';
import {
  type CertificateSigningRequest,
  certificateSigningRequests,
} from '../../resources/certificate-signing-request.js';
import type { AdmissionPlugin } from './admission.js';

/**
 * A request for a certificate says who made it, whatever its maker says, and its conditions when they came about. Upstream does
 * this where it prepares the object, which there knows of user and time.
 */
export const certificateRequests: AdmissionPlugin = {
  name: 'CertificateSigning',
  admit({ operation, kind, object, old, user }, registry) {
    if (kind.plural !== certificateSigningRequests.plural || kind.group !== certificateSigningRequests.group) return;
    const request = object as CertificateSigningRequest;
    if (operation === 'CREATE') {
      const { username: _, uid: __, groups: ___, extra: ____, ...asked } = request.spec;
      request.spec = {
        ...asked,
        ...(user
          ? {
              username: user.name,
              groups: [...user.groups],
              ...(user.uid ? { uid: user.uid } : {}),
              ...(user.extra
                ? { extra: Object.fromEntries(Object.entries(user.extra).map(([key, values]) => [key, [...values]])) }
                : {}),
            }
          : {}),
      };
    } else if (operation === 'UPDATE') {
      const now = formatTime(registry.clock.now());
      for (const condition of request.status?.conditions ?? []) {
        const before = (old as CertificateSigningRequest).status?.conditions?.find(c => c.type === condition.type);
        condition.lastUpdateTime ||= now;
        condition.lastTransitionTime ||= before?.status === condition.status ? before.lastTransitionTime! : now;
      }
    }
  },
};
