import { define, statusOf } from './define.js';
import { duplicate, type FieldError, forbidden, invalid, notSupported, required, tooLong } from './field-error.js';
import { equalJson } from './json.js';
import { age } from './printing/age.js';
import { AGE, column, NAME, NONE, printer } from './printing/printer.js';
import type { Condition, KubeObject } from './types.js';
import { checkLabel, checkPathSegmentName, checkSubdomain } from './validation/names.js';

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
    conditions?: Conditions;
    /** PEM, in base64. */
    certificate?: string;
  };
}

type Conditions = readonly (Condition & { lastUpdateTime?: string | null })[];

const APPROVALS: readonly string[] = ['Approved', 'Denied'];
/** Conditions that are there to stay. */
const FINAL: readonly string[] = [...APPROVALS, 'Failed'];
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
const MAX_DOMAIN = 253;
/** Room for a domain, a namespace and a name. */
const MAX_SIGNER_NAME = MAX_DOMAIN + 1 + 63 + 1 + 253;

const conditionsOf = (request: CertificateSigningRequest) => request.status?.conditions ?? [];
const ofType = (request: CertificateSigningRequest, type: string) => conditionsOf(request).filter(c => c.type === type);
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
  validName: checkPathSegmentName,
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
        prepare(object, old) {
          object.spec = old.spec;
          const { conditions: _, ...status } = old.status ?? {};
          const conditions = conditionsOf(object);
          object.status = conditions.length > 0 ? { ...status, conditions: [...conditions] } : status;
        },
        validate: (object, old) => validateChange(object, old, 'approval'),
      },
    },
    prepareForStatusUpdate(object, old) {
      object.spec = old.spec;
      object.status = { ...object.status, conditions: withApprovalsOf(old, conditionsOf(object)) };
    },
    validate,
    validateUpdate: (object, old) => validateChange(object, old),
    validateStatusUpdate: (object, old) => validateChange(object, old, 'status'),
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
  const problem = requestProblem(textOf(request));
  if (problem) errors.push(invalid('spec.request', request, problem));
  if (usages.length === 0) errors.push(required('spec.usages', 'usages must be provided'));
  usages.forEach((usage, i) => {
    const field = `spec.usages[${i}]`;
    if (!USAGES.includes(usage)) errors.push(notSupported(field, usage, USAGES));
    else if (usages.indexOf(usage) < i) errors.push(duplicate(field, usage));
  });
  validateSignerName(errors, 'spec.signerName', signerName);
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

/** Who signs does not approve: as long as their number is right, approvals are what they were. */
function withApprovalsOf(old: CertificateSigningRequest, conditions: Conditions): Conditions {
  let result = conditions;
  for (const type of APPROVALS) {
    const before = ofType(old, type);
    if (conditions.filter(c => c.type === type).length !== before.length) continue;
    let next = 0;
    result = result.map(condition => (condition.type === type ? before[next++]! : condition));
  }
  return result;
}

/**
 * What is approved, denied or failed stays so; only `/approval` says the first two, and only `/status` brings a certificate, once.
 * @param by the subresource that is written through
 */
function validateChange(
  object: CertificateSigningRequest,
  old: CertificateSigningRequest,
  by?: 'approval' | 'status',
): FieldError[] {
  const errors = validateConditions(object);
  for (const type of FINAL) {
    const [before, after] = [ofType(old, type), ofType(object, type)];
    const may = (what: string) =>
      forbidden('status.conditions', `updates may not ${what} a condition of type "${type}"`);
    if (after.length < before.length) errors.push(may('remove'));
    else if (by === 'approval' || !APPROVALS.includes(type)) continue;
    else if (after.length > before.length) errors.push(may('add'));
    else if (!equalJson(before, after)) errors.push(may('modify'));
  }
  const issued = old.status?.certificate;
  if ((object.status?.certificate ?? '') !== (issued ?? '')) {
    if (by !== 'status') errors.push(forbidden('status.certificate', 'updates may not set certificate content'));
    else if (issued)
      errors.push(forbidden('status.certificate', 'updates may not modify existing certificate content'));
  }
  return errors;
}

function validateConditions(object: CertificateSigningRequest): FieldError[] {
  const errors: FieldError[] = [];
  const conditions = conditionsOf(object);
  conditions.forEach(({ type, status }, i) => {
    const field = `status.conditions[${i}]`;
    const allowed = FINAL.includes(type) ? ['True'] : ['False', 'True', 'Unknown'];
    const before = conditions.slice(0, i);
    if (!type) errors.push(required(`${field}.type`));
    if (!status) errors.push(required(`${field}.status`));
    else if (!allowed.includes(status)) errors.push(notSupported(`${field}.status`, status, allowed));
    if (APPROVALS.includes(type) && before.some(c => c.type !== type && isApproval(c)))
      errors.push(invalid(`${field}.type`, type, 'Approved and Denied conditions are mutually exclusive'));
    if (before.some(c => c.type === type)) errors.push(duplicate(`${field}.type`, type));
  });
  return errors;
}

/** `example.com/name`: a domain of two steps or more, and a path that could be a namespace and a name. */
function validateSignerName(errors: FieldError[], field: string, name: string): void {
  const [domain = '', path = '', ...more] = name.split('/');
  if (!name) errors.push(required(field));
  else if (!name.includes('/') || more.length > 0) {
    const why = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
    errors.push(invalid(field, name, why));
  } else {
    if (domain.length > MAX_DOMAIN) errors.push(tooLong(field, MAX_DOMAIN));
    addFirstProblems(errors, field, domain, checkLabel);
    if (!domain.includes('.'))
      errors.push(invalid(field, domain, 'should be a domain with at least two segments separated by dots'));
    addFirstProblems(errors, field, path, checkSubdomain);
    if (name.length > MAX_SIGNER_NAME) errors.push(tooLong(field, MAX_SIGNER_NAME));
    if (name === 'kubernetes.io/legacy-unknown')
      errors.push(invalid(field, name, 'the legacy signerName is not allowed via this API version'));
  }
}

/** What is wrong with the first step that is wrong, of those that dots part. */
function addFirstProblems(
  errors: FieldError[],
  field: string,
  text: string,
  check: (step: string) => readonly string[],
): void {
  const wrong = text.split('.').find(step => check(step).length > 0);
  if (wrong === undefined) return;
  for (const why of check(wrong))
    errors.push(invalid(field, text, `validating label ${JSON.stringify(wrong)}: ${why}`));
}

/** Why a text is not the PEM of a request; its DER is looked at from outside only: what is in it is for the signer. */
function requestProblem(text: string): string | undefined {
  const base64 = /-----BEGIN CERTIFICATE REQUEST-----([^-]*)-----END CERTIFICATE REQUEST-----/.exec(text)?.[1];
  if (base64 === undefined) return 'PEM block type must be CERTIFICATE REQUEST';
  const der = Buffer.from(base64, 'base64');
  const [, first = 0] = der;
  const lengthBytes = first & 0x80 ? first & 0x7f : 0;
  if (der.length < 2 + lengthBytes) return 'asn1: syntax error: sequence truncated';
  const length = lengthBytes > 0 && lengthBytes <= 4 ? der.readUIntBE(2, lengthBytes) : first;
  const end = 2 + lengthBytes + length;
  if (end > der.length) return 'asn1: syntax error: data truncated';
  return end < der.length ? 'asn1: syntax error: trailing data' : undefined;
}

const textOf = (base64: string): string => Buffer.from(base64, 'base64').toString();
