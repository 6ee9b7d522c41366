import { type FieldError, forbidden, invalid, notSupported, required } from '../field-error.js';
import type { IntOrString, KubeObject, LabelSelector } from '../types.js';
import { checkCidr, isWithin } from './ip.js';
import { validateLabelSelector } from './labels.js';
import { addProblems } from './messages.js';
import { checkPortReference } from './ports.js';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const TYPES = ['Ingress', 'Egress'];

export interface PolicyPort {
  protocol?: string;
  port?: IntOrString;
  endPort?: number;
}

export interface PolicyPeer {
  podSelector?: LabelSelector;
  namespaceSelector?: LabelSelector;
  ipBlock?: { cidr?: string; except?: string[] };
}

export interface NetworkPolicy extends KubeObject {
  spec: {
    podSelector?: LabelSelector;
    policyTypes?: string[];
    ingress?: { ports?: PolicyPort[]; from?: PolicyPeer[] }[];
    egress?: { ports?: PolicyPort[]; to?: PolicyPeer[] }[];
  };
}

/** Mirrors `ValidateNetworkPolicySpec`. */
export function validateNetworkPolicy({ spec }: NetworkPolicy): FieldError[] {
  const errors: FieldError[] = [];
  const { policyTypes = [] } = spec;
  validateLabelSelector(errors, 'spec.podSelector', spec.podSelector);
  spec.ingress?.forEach(({ ports, from }, i) => {
    validateRule(errors, `spec.ingress[${i}]`, ports, 'from', from);
  });
  spec.egress?.forEach(({ ports, to }, i) => {
    validateRule(errors, `spec.egress[${i}]`, ports, 'to', to);
  });
  if (policyTypes.length > TYPES.length) {
    errors.push(invalid('spec.policyTypes', policyTypes, 'may not specify more than two policyTypes'));
    return errors;
  }
  policyTypes.forEach((type, i) => {
    if (!TYPES.includes(type)) errors.push(notSupported(`spec.policyTypes[${i}]`, type, TYPES));
  });
  return errors;
}

function validateRule(
  errors: FieldError[],
  path: string,
  ports: readonly PolicyPort[] = [],
  side: 'from' | 'to',
  peers: readonly PolicyPeer[] = [],
): void {
  ports.forEach((port, i) => {
    validatePort(errors, `${path}.ports[${i}]`, port);
  });
  peers.forEach((peer, i) => {
    validatePeer(errors, `${path}.${side}[${i}]`, peer);
  });
}

function validatePort(errors: FieldError[], path: string, { protocol, port, endPort }: PolicyPort): void {
  if (protocol !== undefined && !PROTOCOLS.includes(protocol)) {
    errors.push(notSupported(`${path}.protocol`, protocol, PROTOCOLS));
  }
  if (port !== undefined) checkPortReference(errors, `${path}.port`, port);
  if (endPort === undefined) return;
  const field = `${path}.endPort`;
  if (port === undefined) errors.push(required(field, 'may not be specified when `port` is not specified'));
  else if (typeof port === 'string') {
    errors.push(required(field, 'may not be specified when `port` is non-numeric'));
  } else if (endPort < port) {
    errors.push(invalid(field, endPort, 'must be greater than or equal to `port`'));
  } else if (endPort < 1 || endPort > 65535) {
    errors.push(invalid(field, endPort, 'must be between 1 and 65535, inclusive'));
  }
}

function validatePeer(errors: FieldError[], path: string, peer: PolicyPeer): void {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  validateLabelSelector(errors, `${path}.podSelector`, podSelector);
  validateLabelSelector(errors, `${path}.namespaceSelector`, namespaceSelector);
  if (ipBlock) validateBlock(errors, `${path}.ipBlock`, ipBlock);
  if (!podSelector && !namespaceSelector && !ipBlock) errors.push(required(path, 'must specify a peer'));
  else if (ipBlock && (podSelector || namespaceSelector)) {
    errors.push(forbidden(path, 'may not specify both ipBlock and another peer'));
  }
}

/** A range of addresses, and ranges inside it that are left out. */
function validateBlock(
  errors: FieldError[],
  path: string,
  { cidr, except = [] }: NonNullable<PolicyPeer['ipBlock']>,
): void {
  if (!cidr) {
    errors.push(required(`${path}.cidr`));
    return;
  }
  const problems = checkCidr(cidr);
  addProblems(errors, `${path}.cidr`, cidr, problems);
  except.forEach((range, i) => {
    const field = `${path}.except[${i}]`;
    const wrong = checkCidr(range);
    addProblems(errors, field, range, wrong);
    if (problems.length > 0 || wrong.length > 0) return;
    const bits = (text: string) => Number(text.slice(text.indexOf('/') + 1));
    const isInside = isWithin(range.slice(0, range.indexOf('/')), cidr);
    if (!isInside || bits(cidr) >= bits(range)) errors.push(invalid(field, range, 'must be a strict subset of `cidr`'));
  });
}
