import type { Pkcs10CertificateRequest } from '@peculiar/x509';
import { newAuthority, signRequest, x509 } from '../../access/authority.js';
import type { KeyPair } from '../../access/key-pair.js';
import { messageOf, StatusError } from '../../registry/status.js';
import {
  type CertificateSigningRequest,
  certificateSigningRequests,
  isApproved,
} from '../../resources/certificate-signing-request.js';
import { conditionOf, withCondition } from '../../resources/state.js';
import { type Controller, type ControllerContext, type Queue, source } from '../runtime/types.js';
import { factsOf, SIGNERS } from './signers.js';

const HOUR_MS = 3600_000;
const YEAR_SECONDS = 365 * 24 * 3600;
/** Clocks differ. */
const BACKDATE_MS = 5 * 60_000;

/**
 * Signs the requests that were approved, for upstream's own signers.
 * @param authority that signs; without one, one is made for this cluster when the first request is approved
 */
export function signingController({ registry }: ControllerContext, authority?: KeyPair): Controller {
  let own: Promise<KeyPair> | undefined;
  const signer = (): Promise<KeyPair> => {
    const now = registry.clock.now();
    own ??= authority
      ? Promise.resolve(authority)
      : newAuthority('kubernetes', now - HOUR_MS, now + 10 * YEAR_SECONDS * 1000);
    return own;
  };

  async function signed(object: CertificateSigningRequest): Promise<CertificateSigningRequest['status']> {
    const { spec, status } = object;
    const failed = (message: string) => {
      const failure = { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message } as const;
      return { ...status, conditions: withCondition(status?.conditions, failure) };
    };
    let request: Pkcs10CertificateRequest;
    try {
      const { Pkcs10CertificateRequest } = await x509();
      request = new Pkcs10CertificateRequest(Buffer.from(spec.request!, 'base64').toString());
      if (!(await request.verify())) return failed('the signature of the request is wrong');
    } catch (error) {
      return failed(`unable to parse csr ${JSON.stringify(object.metadata.name)}: ${messageOf(error)}`);
    }
    const { use, check } = SIGNERS[spec.signerName!]!;
    const problem = check(await factsOf(request), new Set(spec.usages));
    if (problem) return failed(problem);
    const now = registry.clock.now();
    const certificate = await signRequest(await signer(), request, {
      uses: [use],
      notBefore: now - BACKDATE_MS,
      notAfter: now + Math.min(spec.expirationSeconds ?? YEAR_SECONDS, YEAR_SECONDS) * 1000,
    });
    return { ...status, certificate: Buffer.from(certificate).toString('base64') };
  }

  return {
    name: 'certificatesigningrequest-signing',
    watches: [source(certificateSigningRequests, ({ type, entry }) => (type === 'DELETED' ? [] : [entry.name]))],
    async reconcile(name: string) {
      const object = registry.get(certificateSigningRequests, '', name)?.object;
      if (!object || !isApproved(object) || object.status?.certificate || conditionOf(object, 'Failed')) return;
      if (!SIGNERS[object.spec.signerName ?? '']) return;
      const status = await signed(object);
      try {
        await registry.update(
          certificateSigningRequests,
          { ...object, ...(status ? { status } : {}) },
          { subresource: 'status' },
        );
      } catch (error) {
        // Gone, or changed meanwhile, which brings us here again.
        if (!StatusError.is(error, 'NotFound') && !StatusError.is(error, 'Conflict')) throw error;
      }
    },
  };
}

/** How long requests stay, in ms, by what became of them: as long as upstream keeps them. */
const APPROVED_MS = HOUR_MS;
const PENDING_MS = 24 * HOUR_MS;

/** Removes requests that are done with: an hour after they were decided, a day after nobody did, and once a certificate has expired. */
export function csrCleaner({ registry }: ControllerContext): Controller {
  return {
    name: 'certificatesigningrequest-cleaner',
    background: true,
    watches: [source(certificateSigningRequests, ({ type, entry }) => (type === 'DELETED' ? [] : [entry.name]))],
    async reconcile(name: string, queue: Queue) {
      const object = registry.get(certificateSigningRequests, '', name)?.object;
      if (!object) return;
      const wait = expiry(object) - registry.clock.now();
      if (wait > 0) {
        queue.addAfter(name, wait, 'upkeep');
        return;
      }
      try {
        await registry.delete(certificateSigningRequests, '', name, { preconditions: { uid: object.metadata.uid } });
      } catch (error) {
        if (!StatusError.is(error, 'NotFound') && !StatusError.is(error, 'Conflict')) throw error;
      }
    },
  };
}

/** When a request has to go, in ms since the epoch. */
function expiry(object: CertificateSigningRequest): number {
  const decided = ['Denied', 'Failed', 'Approved'].map(type => conditionOf(object, type)).find(c => c !== undefined);
  // Approved and not issued counts as pending: somebody may still sign it.
  if (decided && (decided.type !== 'Approved' || object.status?.certificate))
    return (
      Date.parse((decided as { lastUpdateTime?: string }).lastUpdateTime ?? object.metadata.creationTimestamp) +
      APPROVED_MS
    );
  return Date.parse(object.metadata.creationTimestamp) + PENDING_MS;
}
