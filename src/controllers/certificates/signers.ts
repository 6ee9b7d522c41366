import type { Pkcs10CertificateRequest } from '@peculiar/x509';
import { alternativeNames, type CertificateUse } from '../../access/authority.js';

/** What may stand in a request, as upstream's signers check it. Each answers what is wrong, or nothing. */
type Check = (facts: Facts, usages: ReadonlySet<string>) => string | undefined;

interface Facts {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** Types of the alternative names: `dns`, `ip`, `email`, `url`, … */
  readonly alternatives: readonly string[];
}

const SIGNING = ['digital signature', 'key encipherment'];

const ofNode: Check = ({ commonName, organizations }) => {
  if (organizations.length !== 1 || organizations[0] !== 'system:nodes')
    return `subject organization is not system:nodes: [${organizations.join(' ')}]`;
  return commonName.startsWith('system:node:') ? undefined : 'subject common name does not begin with system:node:';
};

/** The signers of kube-controller-manager: what they check, and what their certificates are good for. */
export const SIGNERS: Readonly<Record<string, { readonly use: CertificateUse; readonly check: Check }>> = {
  'kubernetes.io/kube-apiserver-client': {
    use: 'client auth',
    check: (_, usages) => wrongUsages(usages, 'client auth', false),
  },
  'kubernetes.io/kube-apiserver-client-kubelet': {
    use: 'client auth',
    check: (facts, usages) =>
      ofNode(facts, usages) ??
      (facts.alternatives.length > 0 ? 'subject alternative names are not allowed' : undefined) ??
      wrongUsages(usages, 'client auth', true),
  },
  'kubernetes.io/kubelet-serving': {
    use: 'server auth',
    check: (facts, usages) =>
      ofNode(facts, usages) ??
      (facts.alternatives.some(type => type === 'dns' || type === 'ip')
        ? undefined
        : 'DNS or IP subjectAltName is required') ??
      (facts.alternatives.some(type => type !== 'dns' && type !== 'ip')
        ? 'only DNS and IP subjectAltNames are allowed'
        : undefined) ??
      wrongUsages(usages, 'server auth', true),
  },
};

/** @param exact whether to sign with is wanted as well, rather than allowed */
function wrongUsages(usages: ReadonlySet<string>, use: CertificateUse, exact: boolean): string | undefined {
  const strange = [...usages].find(usage => usage !== use && !SIGNING.includes(usage));
  const missing = [use, ...(exact ? ['digital signature'] : [])].find(usage => !usages.has(usage));
  return strange === undefined && missing === undefined
    ? undefined
    : `usages did not match ${[use, ...SIGNING].join(', ')}: [${[...usages].join(' ')}]`;
}

/** What a request says that its signer looks at. */
export async function factsOf(request: Pkcs10CertificateRequest): Promise<Facts> {
  const names = await alternativeNames(request);
  return {
    commonName: request.subjectName.getField('CN')[0] ?? '',
    organizations: request.subjectName.getField('O'),
    alternatives: names.map(({ type }) => type),
  };
}
