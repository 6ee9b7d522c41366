import type { ObjectMeta, PodSpec } from '../types.js';
import {
  appArmorProfile,
  defaultCapabilities,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostsOfProbes,
  privileged,
  procMount,
  seccompAnnotations,
  seccompProfile,
  seLinuxOptions,
  sysctls,
  windowsHostProcess,
} from './baseline.js';
import { candidateOf, type Rule, type Violation } from './candidate.js';
import { minorOf, type Standard } from './policy.js';
import {
  noCapabilities,
  noPrivilegeEscalation,
  runAsNonRoot,
  runAsUser,
  someSeccompProfile,
  volumeTypes,
} from './restricted.js';

/** One of upstream's checks. */
interface Check {
  readonly id: string;
  /** The rules that it had, each by the minor version that began with it; ascending. */
  readonly rules: Readonly<Record<number, Rule>>;
  /** The check of the level below that it makes idle, being stricter. */
  readonly replaces?: string;
}

/** Pods for Windows have no use for what the rule asks for. */
const unlessWindows =
  (rule: Rule): Rule =>
  pod =>
    pod.spec.os?.name === 'windows' ? undefined : rule(pod);

/** Who is root in a user namespace is nobody outside. */
const unlessOwnUsers =
  (rule: Rule): Rule =>
  pod =>
    pod.spec.hostUsers === false ? undefined : rule(pod);

const SE_LINUX_TYPES = ['container_t', 'container_init_t', 'container_kvm_t'];
const SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
];
const SYSCTLS_27 = [...SYSCTLS, 'net.ipv4.ip_local_reserved_ports'];
const SYSCTLS_29 = [
  ...SYSCTLS_27,
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
];
const SYSCTLS_32 = [...SYSCTLS_29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];

/** In the order in which they are told of. */
const BASELINE: readonly Check[] = [
  { id: 'appArmorProfile', rules: { 0: appArmorProfile } },
  { id: 'capabilities_baseline', rules: { 0: defaultCapabilities } },
  { id: 'hostNamespaces', rules: { 0: hostNamespaces } },
  { id: 'hostPathVolumes', rules: { 0: hostPathVolumes } },
  { id: 'hostPorts', rules: { 0: hostPorts } },
  { id: 'hostProbesAndHostLifecycle', rules: { 34: hostsOfProbes } },
  { id: 'privileged', rules: { 0: privileged } },
  { id: 'procMount_baseline', rules: { 0: procMount, 35: unlessOwnUsers(procMount) } },
  {
    id: 'seLinuxOptions',
    rules: { 0: seLinuxOptions(...SE_LINUX_TYPES), 31: seLinuxOptions(...SE_LINUX_TYPES, 'container_engine_t') },
  },
  { id: 'seccompProfile_baseline', rules: { 0: seccompAnnotations, 19: seccompProfile } },
  {
    id: 'sysctls',
    rules: {
      0: sysctls(...SYSCTLS),
      27: sysctls(...SYSCTLS_27),
      29: sysctls(...SYSCTLS_29),
      32: sysctls(...SYSCTLS_32),
    },
  },
  { id: 'windowsHostProcess', rules: { 0: windowsHostProcess } },
];

const RESTRICTED: readonly Check[] = [
  {
    id: 'allowPrivilegeEscalation',
    rules: { 8: noPrivilegeEscalation, 25: unlessWindows(noPrivilegeEscalation) },
  },
  {
    id: 'capabilities_restricted',
    rules: { 22: noCapabilities, 25: unlessWindows(noCapabilities) },
    replaces: 'capabilities_baseline',
  },
  { id: 'procMount_restricted', rules: { 35: procMount }, replaces: 'procMount_baseline' },
  { id: 'restrictedVolumes', rules: { 0: volumeTypes }, replaces: 'hostPathVolumes' },
  { id: 'runAsNonRoot', rules: { 0: runAsNonRoot, 35: unlessOwnUsers(runAsNonRoot) } },
  { id: 'runAsUser', rules: { 23: runAsUser, 35: unlessOwnUsers(runAsUser) } },
  {
    id: 'seccompProfile_restricted',
    rules: { 19: someSeccompProfile, 25: unlessWindows(someSeccompProfile) },
    replaces: 'seccompProfile_baseline',
  },
];

/** Since then nothing changed. */
const NEWEST = Math.max(...[...BASELINE, ...RESTRICTED].flatMap(({ rules }) => Object.keys(rules).map(Number)));

/** What of a pod, or of the template of one, is against a standard. */
export function violationsOf({ level, version }: Standard, metadata: Partial<ObjectMeta>, spec: PodSpec): Violation[] {
  const violations: Violation[] = [];
  if (level === 'privileged') return violations;
  const pod = candidateOf(metadata, spec);
  for (const rule of rulesOf(level, Math.min(minorOf(version), NEWEST))) {
    const violation = rule(pod);
    if (violation) violations.push(violation);
  }
  return violations;
}

/** The rules that were asked for, by level and minor version. */
const found = { baseline: new Map<number, readonly Rule[]>(), restricted: new Map<number, readonly Rule[]>() };

function rulesOf(level: 'baseline' | 'restricted', minor: number): readonly Rule[] {
  let rules = found[level].get(minor);
  if (!rules) {
    const strict = level === 'restricted' ? RESTRICTED.filter(check => ruleOf(check, minor)) : [];
    const idle = new Set(strict.map(({ replaces }) => replaces));
    const checks = [...BASELINE.filter(({ id }) => !idle.has(id)), ...strict];
    rules = checks.flatMap(check => ruleOf(check, minor) ?? []);
    found[level].set(minor, rules);
  }
  return rules;
}

const ruleOf = ({ rules }: Check, minor: number): Rule | undefined =>
  Object.entries(rules).findLast(([since]) => Number(since) <= minor)?.[1];
