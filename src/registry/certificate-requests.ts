import { formatTime } from '../clock/clock.js';
import type { CertificateSigningRequest } from '../resources/certificate-signing-request.js';
import type { AdmissionRequest } from './admission/admission.js';
import type { Registry } from './registry.js';

/** A request for a certificate says who made it, whatever its maker says, and its conditions when they came about. */
export function tellWhoAndWhen({ operation, object, old, user }: AdmissionRequest, registry: Registry): void {
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
}
