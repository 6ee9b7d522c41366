import { FieldError, forbidden, invalid } from '../field-error.js';
import { equalJson } from '../json.js';
import type { Node } from '../types.js';
import { checkCidr } from './ip.js';
import { addProblems } from './messages.js';
import { validateResourceAmounts } from './resources.js';
import { validateTaints } from './taints.js';

/** Taints, amounts and address ranges of a node. */
export function validateNode(node: Node): FieldError[] {
  const errors: FieldError[] = [];
  if (node.spec.taints) validateTaints(errors, node.spec.taints);
  validateResources(errors, node);
  validatePodCidrs(errors, node.spec.podCIDRs);
  return errors;
}

/** Of a node's spec, taints and `unschedulable` may change; its address range and provider only once, from nothing. */
export function validateNodeUpdate(node: Node, old: Node): FieldError[] {
  const errors: FieldError[] = [];
  const { spec } = node;
  validateResources(errors, node);
  const hadRange = Boolean(old.spec.podCIDRs?.length);
  const isMoved = hadRange && !equalJson(spec.podCIDRs, old.spec.podCIDRs);
  const isSold = Boolean(old.spec.providerID) && spec.providerID !== old.spec.providerID;
  if (isMoved) {
    errors.push(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'));
  } else if (!hadRange) validatePodCidrs(errors, spec.podCIDRs);
  if (spec.taints && !equalJson(spec.taints, old.spec.taints)) validateTaints(errors, spec.taints);
  if (isSold) {
    errors.push(forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'));
  }
  if (isMoved || isSold || (spec.externalID ?? '') !== (old.spec.externalID ?? ''))
    errors.push(forbidden('[]', 'node updates may only change labels, taints, or capacity'));
  const addresses = new Set<string>();
  node.status.addresses?.forEach((address, i) => {
    const key = `${address.type} ${address.address}`;
    if (addresses.has(key)) errors.push(new FieldError(`status.addresses[${i}]`, 'Duplicate value', '', address));
    addresses.add(key);
  });
  return errors;
}

function validateResources(errors: FieldError[], { status }: Node): void {
  if (status.capacity) validateResourceAmounts(errors, 'status.capacity', status.capacity);
  if (status.allocatable) validateResourceAmounts(errors, 'status.allocatable', status.allocatable);
}

function validatePodCidrs(errors: FieldError[], cidrs: readonly string[] | undefined): void {
  if (!cidrs?.length) return;
  cidrs.forEach((cidr, i) => {
    addProblems(errors, `spec.podCIDRs[${i}]`, cidr, checkCidr(cidr));
  });
  if (cidrs.length > 2 || (cidrs.length === 2 && cidrs[0]!.includes(':') === cidrs[1]!.includes(':'))) {
    errors.push(invalid('spec.podCIDRs', cidrs, 'may specify no more than one CIDR for each IP family'));
  }
}
