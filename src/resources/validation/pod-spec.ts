import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../field-error.js';
import type { PodSpec } from '../types.js';
import { validateAffinity } from './affinity.js';
import { validateContainers } from './containers.js';
import { checkIp } from './ip.js';
import { validateLabels } from './labels.js';
import { addProblems } from './messages.js';
import { checkLabel, checkQualifiedName, checkSubdomain, type Problems } from './names.js';
import { validateResourceRequirements } from './resources.js';
import { validatePodSecurityContext } from './security-context.js';
import { validateTolerations } from './tolerations.js';
import { validateTopologySpread } from './topology-spread.js';
import { validateVolumes } from './volumes.js';

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const PREEMPTION_POLICIES = ['PreemptLowerPriority', 'Never'];
const OPERATING_SYSTEMS = ['linux', 'windows'];
const MAX_INT32 = 2 ** 31 - 1;
const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_LENGTH = 2048;

/**
 * The rules that pods and templates of pods share.
 * @param path where the spec is, such as `spec.template.spec`
 * @param podName of a pod itself
 */
export function validatePodSpec(errors: FieldError[], path: string, spec: PodSpec, podName?: string): void {
  const volumes = validateVolumes(errors, `${path}.volumes`, spec.volumes, podName);
  validateContainers(errors, path, spec, volumes);
  if (!RESTART_POLICIES.includes(spec.restartPolicy ?? '')) {
    errors.push(notSupported(`${path}.restartPolicy`, spec.restartPolicy, RESTART_POLICIES));
  }
  if (!DNS_POLICIES.includes(spec.dnsPolicy ?? '')) {
    errors.push(notSupported(`${path}.dnsPolicy`, spec.dnsPolicy, DNS_POLICIES));
  }
  if (spec.nodeSelector) validateLabels(errors, `${path}.nodeSelector`, spec.nodeSelector);
  if (spec.securityContext) validatePodSecurityContext(errors, `${path}.securityContext`, spec.securityContext);
  if (spec.shareProcessNamespace && spec.hostPID) {
    errors.push(
      invalid(
        `${path}.securityContext.shareProcessNamespace`,
        true,
        'ShareProcessNamespace and HostPID cannot both be enabled',
      ),
    );
  }
  if (spec.affinity) validateAffinity(errors, `${path}.affinity`, spec.affinity);
  validateDnsConfig(errors, `${path}.dnsConfig`, spec);
  spec.readinessGates?.forEach(({ conditionType = '' }, i) => {
    addProblems(errors, `${path}.readinessGates[${i}].conditionType`, conditionType, checkQualifiedName(conditionType));
  });
  if (spec.topologySpreadConstraints) {
    validateTopologySpread(errors, `${path}.topologySpreadConstraints`, spec.topologySpreadConstraints);
  }
  if (spec.schedulingGates) validateSchedulingGates(errors, path, spec);
  checkName(errors, `${path}.serviceAccountName`, spec.serviceAccountName, checkSubdomain);
  checkName(errors, `${path}.nodeName`, spec.nodeName, checkSubdomain);
  const { activeDeadlineSeconds: deadline } = spec;
  if (deadline !== undefined && (deadline < 1 || deadline > MAX_INT32)) {
    errors.push(invalid(`${path}.activeDeadlineSeconds`, deadline, `must be between 1 and ${MAX_INT32}, inclusive`));
  }
  checkName(errors, `${path}.hostname`, spec.hostname, checkLabel);
  checkName(errors, `${path}.subdomain`, spec.subdomain, checkLabel);
  if (spec.tolerations) validateTolerations(errors, `${path}.tolerations`, spec.tolerations);
  spec.hostAliases?.forEach(({ ip = '', hostnames = [] }, i) => {
    addProblems(errors, `${path}.hostAliases[${i}].ip`, ip, checkIp(ip));
    for (const name of hostnames)
      addProblems(errors, `${path}.hostAliases[${i}].hostnames`, name, checkSubdomain(name));
  });
  checkName(errors, `${path}.priorityClassName`, spec.priorityClassName, checkSubdomain);
  checkName(errors, `${path}.runtimeClassName`, spec.runtimeClassName, checkSubdomain);
  if (spec.preemptionPolicy !== undefined && !PREEMPTION_POLICIES.includes(spec.preemptionPolicy)) {
    errors.push(notSupported(`${path}.preemptionPolicy`, spec.preemptionPolicy, PREEMPTION_POLICIES));
  }
  if (spec.overhead) validateResourceRequirements(errors, `${path}.overhead`, { limits: spec.overhead });
  if (spec.os && !OPERATING_SYSTEMS.includes(spec.os.name)) {
    errors.push(
      spec.os.name ? notSupported(`${path}.os.name`, spec.os.name, OPERATING_SYSTEMS) : required(`${path}.os.name`),
    );
  }
}

function checkName(
  errors: FieldError[],
  field: string,
  name: string | undefined,
  check: (name: string) => Problems,
): void {
  if (name) addProblems(errors, field, name, check(name));
}

function validateDnsConfig(errors: FieldError[], path: string, { dnsPolicy, dnsConfig }: PodSpec): void {
  if (dnsPolicy === 'None') {
    if (!dnsConfig) errors.push(required(path, 'must provide `dnsConfig` when `dnsPolicy` is None'));
    else if (!dnsConfig.nameservers?.length) {
      errors.push(required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'));
    }
  }
  if (!dnsConfig) return;
  const { nameservers = [], searches = [], options = [] } = dnsConfig;
  if (nameservers.length > MAX_NAMESERVERS) {
    errors.push(invalid(`${path}.nameservers`, nameservers, `must not have more than ${MAX_NAMESERVERS} nameservers`));
  }
  nameservers.forEach((ip, i) => {
    addProblems(errors, `${path}.nameservers[${i}]`, ip, checkIp(ip));
  });
  if (searches.length > MAX_SEARCHES) {
    errors.push(invalid(`${path}.searches`, searches, `must not have more than ${MAX_SEARCHES} search paths`));
  }
  if (searches.join(' ').length > MAX_SEARCH_LENGTH) {
    errors.push(
      invalid(
        `${path}.searches`,
        searches,
        `must not have more than ${MAX_SEARCH_LENGTH} characters (including spaces) in the search list`,
      ),
    );
  }
  searches.forEach((search, i) => {
    const name = search.endsWith('.') ? search.slice(0, -1) : search;
    // The root alone is a search path too, and underscores are common in what DNS serves.
    if (search !== '.')
      addProblems(errors, `${path}.searches[${i}]`, search, checkSubdomain(name.replaceAll('_', 'a')));
  });
  options.forEach(({ name }, i) => {
    if (!name) errors.push(required(`${path}.options[${i}]`, 'must not be empty'));
  });
}

function validateSchedulingGates(
  errors: FieldError[],
  path: string,
  { schedulingGates = [], nodeName }: PodSpec,
): void {
  const seen = new Set<string>();
  schedulingGates.forEach(({ name = '' }, i) => {
    addProblems(errors, `${path}.schedulingGates[${i}]`, name, checkQualifiedName(name));
    if (seen.has(name)) errors.push(duplicate(`${path}.schedulingGates[${i}]`, name));
    seen.add(name);
  });
  if (nodeName && schedulingGates.length > 0) {
    errors.push(forbidden(`${path}.nodeName`, 'cannot be set until all schedulingGates have been cleared'));
  }
}
