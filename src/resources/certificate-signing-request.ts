import { define, statusOf } from './define.js';
import { type FieldError, invalid, notSupported, required } from './field-error.js';
import { equalJson } from './json.js';
import { age } from './printing/age.js';
import { AGE, column, NAME, NONE, printer } from './printing/printer.js';
import type { Condition, KubeObject } from './types.js';

export interface CertificateSigningRequest extends KubeObject {
  spec: {
    /** PEM of a PKCS #10 request, in base64. */
    request?: string;
    signerName?: string;
    expirationSeconds?: number;
    usages?: string[];
    username?: string;
    uid?: string;
    groups?: string[];
    extra?: Record<string, string[]>;
  };
  status?: {
    conditions?: (Condition & { lastUpdateTime?: string | null })[];
    /** PEM, in base64. */
    certificate?: string;
  };
}

const APPROVALS: readonly string[] = ['Approved', 'Denied'];
const USAGES: readonly string[] = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];
const LEAST_SECONDS = 600;

const conditionsOf = (request: CertificateSigningRequest) => request.status?.conditions ?? [];
const isApproval = ({ type }: Condition) => APPROVALS.includes(type);

/** Whether a request is approved, denied, or nothing yet. */
export const isApproved = (request: CertificateSigningRequest): boolean =>
  conditionsOf(request).some(c => c.type === 'Approved') && !conditionsOf(request).some(c => c.type === 'Denied');

export const certificateSigningRequests = define<CertificateSigningRequest>({
  group: 'certificates.k8s.io',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  shortNames: ['csr'],
  namespaced: false,
  subresources: [{ ...statusOf('CertificateSigningRequest'), name: 'approval' }, statusOf('CertificateSigningRequest')],
  selectableFields: { 'spec.signerName': o => o.spec.signerName ?? '' },
  strategy: {
    setDefaults(object) {
      object.spec ??= {};
    },
    prepareForCreate(object) {
      object.status = {};
    },
    // Nothing of a request is changed once it is made.
    prepareForUpdate(object, old) {
      object.spec = old.spec;
      if (old.status) object.status = old.status;
    },
    partialUpdates: {
      approval: {
        // Who approves says so and no more; who signs does not approve.
        prepare(object, old) {
          object.spec = old.spec;
          const others = conditionsOf(old).filter(c => !isApproval(c));
          object.status = { ...old.status, conditions: [...others, ...conditionsOf(object).filter(isApproval)] };
        },
        validate: validateUpdate,
      },
    },
    prepareForStatusUpdate(object, old) {
      object.spec = old.spec;
      const approvals = conditionsOf(old).filter(isApproval);
      object.status = {
        ...object.status,
        conditions: [...approvals, ...conditionsOf(object).filter(c => !isApproval(c))],
      };
    },
    validate,
    validateUpdate,
    validateStatusUpdate(object, old) {
      const issued = old.status?.certificate;
      const errors = kept(object, old);
      if (issued && object.status?.certificate !== issued)
        errors.push(invalid('status.certificate', object.status?.certificate ?? '', 'field is immutable'));
      return [...errors, ...validateConditions(object)];
    },
  },
  printer: printer<CertificateSigningRequest>(
    NAME,
    AGE,
    column('SignerName', 'Who is to sign it.', o => o.spec.signerName ?? NONE),
    column('Requestor', 'Who asked for it.', o => o.spec.username ?? ''),
    column('RequestedDuration', 'How long the certificate is to be good for.', ({ spec }) =>
      spec.expirationSeconds === undefined ? NONE : age('1970-01-01T00:00:00Z', spec.expirationSeconds * 1000),
    ),
    column('Condition', 'What became of it.', condition),
  ),
});

function condition(request: CertificateSigningRequest): string {
  const words = ['Approved', 'Denied', 'Failed'].filter(type => conditionsOf(request).some(c => c.type === type));
  if (words.length === 0) words.push('Pending');
  if (request.status?.certificate) words.push('Issued');
  return words.join(',');
}

function validate({ spec }: CertificateSigningRequest): FieldError[] {
  const errors: FieldError[] = [];
  const { request = '', signerName = '', usages = [], expirationSeconds } = spec;
  if (!/-----BEGIN CERTIFICATE REQUEST-----[^-]+-----END CERTIFICATE REQUEST-----/.test(textOf(request)))
    errors.push(invalid('spec.request', request, 'PEM block type must be CERTIFICATE REQUEST'));
  if (usages.length === 0) errors.push(required('spec.usages'));
  usages.forEach((usage, i) => {
    const field = `spec.usages[${i}]`;
    if (!USAGES.includes(usage)) errors.push(notSupported(field, usage, USAGES));
    else if (usages.indexOf(usage) < i) errors.push(invalid(field, usage, 'must be unique'));
  });
  if (!signerName) errors.push(required('spec.signerName'));
  else if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+\/.+/.test(signerName))
    errors.push(
      invalid(
        'spec.signerName',
        signerName,
        'must be a fully qualified domain and path of the form "example.com/signer-name"',
      ),
    );
  else if (signerName === 'kubernetes.io/legacy-unknown')
    errors.push(invalid('spec.signerName', signerName, 'may not be used in this API version'));
  if (expirationSeconds !== undefined && expirationSeconds < LEAST_SECONDS)
    errors.push(
      invalid(
        'spec.expirationSeconds',
        expirationSeconds,
        'may not specify a duration less than 600 seconds (10 minutes)',
      ),
    );
  return errors;
}

function validateUpdate(object: CertificateSigningRequest, old: CertificateSigningRequest): FieldError[] {
  return [...kept(object, old), ...validateConditions(object)];
}

/** What is approved, denied or failed stays so. */
function kept(object: CertificateSigningRequest, old: CertificateSigningRequest): FieldError[] {
  return [...APPROVALS, 'Failed'].flatMap(type => {
    const before = conditionsOf(old).filter(c => c.type === type);
    const after = conditionsOf(object).filter(c => c.type === type);
    if (before.length === 0 || equalJson(before.map(told), after.map(told))) return [];
    return [
      invalid(
        'status.conditions',
        conditionsOf(object),
        `updates may not remove or change a condition of type "${type}"`,
      ),
    ];
  });
}

const told = ({ type, status, reason, message }: Condition) => ({ type, status, reason, message });

function validateConditions(object: CertificateSigningRequest): FieldError[] {
  const errors: FieldError[] = [];
  const conditions = conditionsOf(object);
  const field = 'status.conditions';
  conditions.forEach((condition, i) => {
    const { type, status } = condition;
    if (!type) errors.push(required(`${field}[${i}].type`));
    if (!status) errors.push(required(`${field}[${i}].status`));
    else if ([...APPROVALS, 'Failed'].includes(type) && status !== 'True')
      errors.push(notSupported(`${field}[${i}].status`, status, ['True']));
  });
  if (APPROVALS.every(type => conditions.some(c => c.type === type)))
    errors.push(invalid(field, 'Denied', 'Approved and Denied conditions are mutually exclusive'));
  return errors;
}

const textOf = (base64: string): string => Buffer.from(base64, 'base64').toString();
