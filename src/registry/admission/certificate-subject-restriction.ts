import type { CertificateSigningRequest } from '../../resources/certificate-signing-request.js';
import { organizationsOf } from '../../resources/pkcs10.js';
import { StatusError } from '../status.js';
import type { AdmissionPlugin } from './admission.js';

const SIGNER = 'kubernetes.io/kube-apiserver-client';
const MASTERS = 'system:masters';

/** Nobody becomes master of the cluster by asking for a certificate. */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  resources: ['certificatesigningrequests.certificates.k8s.io'],
  validate({ operation, kind, name, object }) {
    const { signerName, request = '' } = (object as CertificateSigningRequest).spec;
    if (operation !== 'CREATE' || signerName !== SIGNER) return undefined;
    if (organizationsOf(Buffer.from(request, 'base64').toString()).includes(MASTERS))
      throw StatusError.forbidden(kind, name, `use of ${SIGNER} signer with ${MASTERS} group is not allowed`);
    return undefined;
  },
};
