import type { CertificateSigningRequest } from '../../resources/certificate-signing-request.js';
import { equalJson } from '../../resources/json.js';
import { StatusError } from '../status.js';
import type { AdmissionPlugin } from './admission.js';

type Touches = (request: CertificateSigningRequest, old: CertificateSigningRequest) => boolean;

/**
 * Who writes through a subresource of a request for a certificate must be allowed `verb` on its signer: a name of the
 * resource `signers` that is only asked for, or all of the signer's domain (`example.com/*`).
 */
const permission = (name: string, subresource: string, verb: string, touches: Touches): AdmissionPlugin => ({
  name,
  resources: ['certificatesigningrequests.certificates.k8s.io'],
  validate(request, { authorizer }) {
    const { user } = request;
    if (request.operation !== 'UPDATE' || request.subresource !== subresource || !user) return undefined;
    const [object, old] = [request.object, request.old] as CertificateSigningRequest[];
    if (!touches(object!, old!)) return undefined;
    const { signerName = '' } = old!.spec;
    const group = 'certificates.k8s.io';
    const mayBe = (name: string) =>
      authorizer.resource(user, { verb, group, resource: 'signers', subresource: '', namespace: '', name }).allowed;
    if (mayBe(signerName) || mayBe(`${signerName.split('/', 1)[0]}/*`)) return undefined;
    const why = `user not permitted to ${verb} requests with signerName ${JSON.stringify(signerName)}`;
    throw StatusError.forbidden(request.kind, request.name, why);
  },
});

export const certificateApproval = permission('CertificateApproval', 'approval', 'approve', () => true);

export const certificateSigning = permission(
  'CertificateSigning',
  'status',
  'sign',
  (request, old) =>
    request.status?.certificate !== old.status?.certificate ||
    !equalJson(request.status?.conditions ?? [], old.status?.conditions ?? []),
);
