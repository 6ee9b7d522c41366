import { type AddressRanges, USUAL_RANGES } from '../address-ranges.js';
import { type FieldError, invalid, notSupported, required, tooMany } from '../field-error.js';
import type { EndpointSlice, Endpoints } from '../types.js';
import { checkIp, checkReachable, isWithin } from './ip.js';
import { addProblems, IMMUTABLE } from './messages.js';
import { checkLabel, checkPortNumber, checkQualifiedName, checkSubdomain } from './names.js';
import { PROTOCOLS } from './ports.js';

const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6'];
const MAX_ADDRESSES = 100;

interface Port {
  readonly name?: string;
  readonly port?: number;
  readonly protocol?: string;
  readonly appProtocol?: string;
}

/** Addresses and ports of Endpoints. */
export function validateEndpoints({ subsets = [] }: Endpoints, ranges = USUAL_RANGES): FieldError[] {
  const errors: FieldError[] = [];
  subsets.forEach(({ addresses = [], notReadyAddresses = [], ports = [] }, i) => {
    const path = `subsets[${i}]`;
    if (addresses.length + notReadyAddresses.length === 0) {
      errors.push(required(path, 'must specify `addresses` or `notReadyAddresses`'));
    }
    addresses.forEach((address, j) => {
      validateAddress(errors, `${path}.addresses[${j}]`, address, ranges);
    });
    notReadyAddresses.forEach((address, j) => {
      validateAddress(errors, `${path}.notReadyAddresses[${j}]`, address, ranges);
    });
    validatePorts(errors, `${path}.ports`, ports, ports.length > 1);
  });
  return errors;
}

interface Address {
  readonly ip?: string;
  readonly hostname?: string;
  readonly nodeName?: string;
}

/** An address that others can reach: the machine's own are reached by nobody else, unless the cluster's are among them. */
function validateAddress(
  errors: FieldError[],
  path: string,
  { ip = '', hostname, nodeName }: Address,
  { pods, nodes }: AddressRanges,
): void {
  const problems = checkIp(ip);
  addProblems(errors, `${path}.ip`, ip, problems);
  if (hostname) addProblems(errors, `${path}.hostname`, hostname, checkLabel(hostname));
  if (nodeName !== undefined) addProblems(errors, `${path}.nodeName`, nodeName, checkSubdomain(nodeName));
  if (problems.length > 0 || isWithin(ip, pods) || isWithin(ip, nodes)) return;
  addProblems(errors, `${path}.ip`, ip, checkReachable(ip));
}

/** Type, addresses and ports of an EndpointSlice. */
export function validateEndpointSlice({ addressType, endpoints = [], ports = [] }: EndpointSlice): FieldError[] {
  const errors: FieldError[] = [];
  if (!addressType) errors.push(required('addressType'));
  else if (!ADDRESS_TYPES.includes(addressType)) errors.push(notSupported('addressType', addressType, ADDRESS_TYPES));
  endpoints.forEach(({ addresses = [], hostname }, i) => {
    const path = `endpoints[${i}]`;
    if (addresses.length === 0) errors.push(required(`${path}.addresses`, 'must contain at least 1 address'));
    if (addresses.length > MAX_ADDRESSES) {
      errors.push(tooMany(`${path}.addresses`, addresses.length, MAX_ADDRESSES));
    }
    addresses.forEach((address, j) => {
      const problems = addressType === 'FQDN' ? checkSubdomain(address) : checkIp(address);
      addProblems(errors, `${path}.addresses[${j}]`, address, problems);
    });
    if (hostname !== undefined) addProblems(errors, `${path}.hostname`, hostname, checkLabel(hostname));
  });
  validatePorts(errors, 'ports', ports, false);
  return errors;
}

/** As on create, and the type of addresses stays. */
export function validateEndpointSliceUpdate(slice: EndpointSlice, old: EndpointSlice): FieldError[] {
  const errors = validateEndpointSlice(slice);
  if (slice.addressType !== old.addressType) errors.push(invalid('addressType', slice.addressType, IMMUTABLE));
  return errors;
}

function validatePorts(errors: FieldError[], path: string, ports: readonly Port[], needName: boolean): void {
  ports.forEach(({ name, port, protocol, appProtocol }, i) => {
    if (name) addProblems(errors, `${path}[${i}].name`, name, checkLabel(name));
    else if (needName) errors.push(required(`${path}[${i}].name`));
    if (port !== undefined) addProblems(errors, `${path}[${i}].port`, port, checkPortNumber(port));
    if (!protocol) errors.push(required(`${path}[${i}].protocol`));
    else if (!PROTOCOLS.includes(protocol)) {
      errors.push(notSupported(`${path}[${i}].protocol`, protocol, PROTOCOLS));
    }
    if (appProtocol !== undefined) {
      addProblems(errors, `${path}[${i}].appProtocol`, appProtocol, checkQualifiedName(appProtocol));
    }
  });
}
