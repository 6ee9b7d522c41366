import { isIPv6 } from 'node:net';
import { duplicate, type FieldError, invalid, notSupported, required } from '../field-error.js';
import { isHeadless } from '../service.js';
import type { Service } from '../types.js';
import { checkIp } from './ip.js';
import { addProblems } from './messages.js';

const FAMILIES = ['IPv4', 'IPv6'];
const POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];

const familyOf = (ip: string) => (isIPv6(ip) ? 'IPv6' : 'IPv4');

/** Whether a Service's addresses, families and their policy go together (`ValidateServiceClusterIPsRelatedFields`). */
export function validateServiceAddresses(spec: Service['spec']): FieldError[] {
  const { type, clusterIP, clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec;
  if (type === 'ExternalName') return [];
  const errors: FieldError[] = [];
  const field = 'spec.clusterIPs';
  if (clusterIP) {
    if (clusterIPs.length === 0) errors.push(required(field));
    else if (clusterIPs[0] !== clusterIP) errors.push(invalid(field, clusterIPs, 'first value must match `clusterIP`'));
  } else if (clusterIPs.length > 0)
    errors.push(invalid(field, clusterIPs, 'must be empty when `clusterIP` is not specified'));
  for (const [i, family] of ipFamilies.entries()) {
    if (!FAMILIES.includes(family)) errors.push(notSupported(`spec.ipFamilies[${i}]`, family, FAMILIES));
    if (ipFamilies.indexOf(family) < i) errors.push(duplicate(`spec.ipFamilies[${i}]`, family));
  }
  if (ipFamilyPolicy !== undefined && !POLICIES.includes(ipFamilyPolicy))
    errors.push(notSupported('spec.ipFamilyPolicy', ipFamilyPolicy, POLICIES));
  const before = errors.length;
  for (const [i, ip] of clusterIPs.entries()) {
    if (i === 0 && ip === 'None') {
      if (clusterIPs.length > 1) errors.push(invalid(field, clusterIPs, "'None' must be the first and only value"));
    } else addProblems(errors, `${field}[${i}]`, ip, checkIp(ip));
  }
  const areIps = errors.length === before;
  if (clusterIPs.length > 2) errors.push(invalid(field, clusterIPs, 'may only hold up to 2 values'));
  // What is no address is of no family.
  if (!areIps) return errors;
  if (clusterIPs.length > 1 && new Set(clusterIPs.map(familyOf)).size !== clusterIPs.length)
    errors.push(invalid(field, clusterIPs, 'may specify no more than one IP for each IP family'));
  if (isHeadless(spec)) return errors;
  for (const [i, ip] of clusterIPs.entries()) {
    const family = ipFamilies[i];
    if (family !== undefined && FAMILIES.includes(family) && familyOf(ip) !== family)
      errors.push(invalid(`${field}[${i}]`, ip, `expected an ${family} value as indicated by \`ipFamilies[${i}]\``));
  }
  return errors;
}

/** An address, and a family, once given, stay as long as the type has them. */
export function validateServiceAddressesUpdate(spec: Service['spec'], old: Service['spec']): FieldError[] {
  if (spec.type === 'ExternalName' || old.type === 'ExternalName') return [];
  if (isHeadless(spec) && isHeadless(old)) return [];
  const errors: FieldError[] = [];
  const complainOfChange = (field: string, now: readonly string[] = [], before: readonly string[] = []) => {
    if (now.length === 0 && before.length > 0)
      errors.push(
        invalid(
          `spec.${field}[0]`,
          now,
          `primary ${field === 'clusterIPs' ? 'clusterIP' : 'ipFamily'} can not be unset`,
        ),
      );
    else if (before[0] !== undefined && now[0] !== before[0])
      errors.push(invalid(`spec.${field}[0]`, now, 'may not change once set'));
  };
  complainOfChange('clusterIPs', spec.clusterIPs, old.clusterIPs);
  if (isHeadless(spec) === isHeadless(old)) complainOfChange('ipFamilies', spec.ipFamilies, old.ipFamilies);
  return errors;
}
