import { FieldError, forbidden, invalid, notSupported } from '../field-error.js';
import { equalJson } from '../json.js';
import { toMilli } from '../quantity.js';
import type { Node, ResourceList, Taint } from '../types.js';
import { checkCidr } from './ip.js';
import { addProblems, NOT_NEGATIVE } from './messages.js';
import { checkLabelValue, checkQualifiedName } from './names.js';
import { checkResourceName } from './resources.js';

export const TAINT_EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

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
  if (old.spec.podCIDRs?.length && !equalJson(spec.podCIDRs, old.spec.podCIDRs)) {
    errors.push(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'));
  } else if (!old.spec.podCIDRs?.length) validatePodCidrs(errors, spec.podCIDRs);
  if (spec.taints && !equalJson(spec.taints, old.spec.taints)) validateTaints(errors, spec.taints);
  if (old.spec.providerID && spec.providerID !== old.spec.providerID) {
    errors.push(forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'));
  }
  const addresses = new Set<string>();
  node.status.addresses?.forEach((address, i) => {
    const key = `${address.type} ${address.address}`;
    if (addresses.has(key)) errors.push(new FieldError(`status.addresses[${i}]`, 'Duplicate value', '', address));
    addresses.add(key);
  });
  return errors;
}

/** Upstream says `metadata.taints` for what is in `spec.taints`, and so do we. */
function validateTaints(errors: FieldError[], taints: readonly Taint[]): void {
  const seen = new Set<string>();
  taints.forEach((taint, i) => {
    const path = `metadata.taints[${i}]`;
    const { key = '', value = '', effect = '' } = taint as Partial<Taint>;
    addProblems(errors, `${path}.key`, key, checkQualifiedName(key));
    addProblems(errors, `${path}.value`, value, checkLabelValue(value));
    checkTaintEffect(errors, `${path}.effect`, effect, false);
    const pair = `${effect}:${key}`;
    if (seen.has(pair)) {
      errors.push(new FieldError(path, 'Duplicate value', 'taints must be unique by key and effect pair', taint));
    }
    seen.add(pair);
  });
}

/** @param mayBeEmpty tolerations may leave the effect out, taints may not */
export function checkTaintEffect(errors: FieldError[], field: string, effect: string, mayBeEmpty: boolean): void {
  if ((mayBeEmpty && !effect) || TAINT_EFFECTS.includes(effect)) return;
  errors.push(effect ? notSupported(field, effect, TAINT_EFFECTS) : new FieldError(field, 'Required value', ''));
}

function validateResources(errors: FieldError[], { status }: Node): void {
  if (status.capacity) validateResourceList(errors, 'status.capacity', status.capacity);
  if (status.allocatable) validateResourceList(errors, 'status.allocatable', status.allocatable);
}

function validateResourceList(errors: FieldError[], field: string, resources: ResourceList): void {
  for (const name in resources) {
    addProblems(errors, `${field}.${name}`, name, checkResourceName(name));
    if (toMilli(resources[name]!) < 0) errors.push(invalid(`${field}.${name}`, resources[name], NOT_NEGATIVE));
  }
}

function validatePodCidrs(errors: FieldError[], cidrs: readonly string[] | undefined): void {
  if (!cidrs?.length) return;
  cidrs.forEach((cidr, i) => addProblems(errors, `spec.podCIDRs[${i}]`, cidr, checkCidr(cidr)));
  if (cidrs.length > 2 || (cidrs.length === 2 && cidrs[0]!.includes(':') === cidrs[1]!.includes(':'))) {
    errors.push(invalid('spec.podCIDRs', cidrs, 'may specify no more than one CIDR for each IP family'));
  }
}
