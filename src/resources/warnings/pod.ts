import type { KubeObject, ObjectMeta, Pod, PodAffinity, PodSpec, PodTemplateSpec } from '../types.js';
import { checkLabel } from '../validation/names.js';
import { ipWarnings } from './addresses.js';
import { fractionWarnings } from './fractions.js';
import { nodeKeyWarnings, nodeLabelWarnings, nodeTermWarnings } from './node-labels.js';
import { appArmorWarnings, BYTES, containerWarnings } from './pod-containers.js';
import { portWarnings } from './pod-ports.js';
import { overlapWarnings, volumeWarnings } from './pod-volumes.js';

/** Annotations that nobody looks at any more. */
const DEAD_ANNOTATIONS: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};
const NULL_SELECTOR = 'a null labelSelector results in matching no pod';

/** What is likely to be a mistake in a pod that is created. Nobody is told of updates: humans seldom make them. */
export function podWarnings(pod: Pod, old?: Pod): string[] {
  if (old) return [];
  return [
    ...nameWarnings(pod, "the Pod's hostname"),
    ...appArmorWarnings(pod.spec, pod.metadata),
    ...templateWarnings('', pod.spec, pod.metadata),
  ];
}

/** The same of a template that stands at `path`. */
export const podTemplateWarnings = (path: string, { metadata = {}, spec }: PodTemplateSpec): string[] =>
  templateWarnings(`${path}.`, spec, metadata);

/** Pods are named after what makes them, and their names are names of hosts. */
export const podMakerNameWarnings = (object: KubeObject): string[] => nameWarnings(object, 'Pod names and hostnames');

function nameWarnings({ metadata }: KubeObject, use: string): string[] {
  const problems = checkLabel(metadata.name);
  if (problems.length === 0) return [];
  return [
    `metadata.name: this is used in ${use}, which can result in surprising behavior; a DNS label is recommended: [${problems.join(' ')}]`,
  ];
}

/** @param at what stands before `spec` and `metadata` in paths; empty for a pod */
function templateWarnings(at: string, spec: PodSpec, metadata: Partial<ObjectMeta>): string[] {
  const path = `${at}spec`;
  const { annotations = {} } = metadata;
  return [
    ...placementWarnings(path, spec),
    ...Object.entries(DEAD_ANNOTATIONS).flatMap(([key, why]) =>
      key in annotations ? [`${at}metadata.annotations[${key}]: ${why}`] : [],
    ),
    ...volumeWarnings(`${path}.volumes`, spec.volumes),
    ...overlapWarnings(spec.volumes),
    ...listWarnings(path, spec),
    ...fractionWarnings(`${path}.overhead`, spec.overhead, BYTES),
    ...containerWarnings(at, spec, annotations),
    ...portWarnings(path, spec),
    ...((spec.terminationGracePeriodSeconds ?? 0) < 0
      ? [`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`]
      : []),
    ...affinityWarnings(`${path}.affinity.podAffinity`, spec.affinity?.podAffinity),
    ...affinityWarnings(`${path}.affinity.podAntiAffinity`, spec.affinity?.podAntiAffinity),
    ...(spec.dnsConfig?.nameservers ?? []).flatMap((ip, i) => ipWarnings(`${path}.dnsConfig.nameservers[${i}]`, ip)),
    ...(spec.hostAliases ?? []).flatMap(({ ip }, i) => ipWarnings(`${path}.hostAliases[${i}].ip`, ip)),
  ];
}

function placementWarnings(path: string, { nodeSelector, affinity, topologySpreadConstraints }: PodSpec): string[] {
  const warnings: string[] = [];
  for (const label in nodeSelector) warnings.push(...nodeLabelWarnings(`${path}.nodeSelector[${label}]`, label));
  const at = `${path}.affinity.nodeAffinity`;
  const {
    requiredDuringSchedulingIgnoredDuringExecution: required,
    preferredDuringSchedulingIgnoredDuringExecution: preferred,
  } = affinity?.nodeAffinity ?? {};
  required?.nodeSelectorTerms.forEach((term, i) => {
    const field = `${at}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${i}]`;
    warnings.push(...nodeTermWarnings(field, term, false));
  });
  preferred?.forEach(({ preference }, i) => {
    const field = `${at}.preferredDuringSchedulingIgnoredDuringExecution[${i}].preference`;
    warnings.push(...nodeTermWarnings(field, preference, true));
  });
  topologySpreadConstraints?.forEach(({ topologyKey, labelSelector }, i) => {
    const field = `${path}.topologySpreadConstraints[${i}]`;
    warnings.push(...nodeKeyWarnings(`${field}.topologyKey`, topologyKey));
    if (!labelSelector) warnings.push(`${field}.labelSelector: ${NULL_SELECTOR}`);
  });
  return warnings;
}

/** Of entries with one key, tools that merge by the key keep one. */
function listWarnings(path: string, { hostAliases = [], imagePullSecrets = [] }: PodSpec): string[] {
  const names = imagePullSecrets.map(({ name = '' }) => name);
  return [
    ...repeated(hostAliases.map(({ ip }) => ip)).map(
      ([ip, i]) => `${path}.hostAliases[${i}].ip: duplicate ip ${JSON.stringify(ip)}`,
    ),
    ...repeated(names).map(
      ([name, i]) => `${path}.imagePullSecrets[${i}].name: duplicate name ${JSON.stringify(name)}`,
    ),
    ...names.flatMap((name, i) => (name ? [] : [`${path}.imagePullSecrets[${i}].name: invalid empty name ""`])),
  ];
}

/** What stood before already, and where it stands again. */
function repeated(keys: readonly string[]): [key: string, index: number][] {
  const seen = new Set<string>();
  return keys.flatMap((key, i): [string, number][] => {
    if (seen.has(key)) return [[key, i]];
    seen.add(key);
    return [];
  });
}

function affinityWarnings(path: string, affinity: PodAffinity = {}): string[] {
  const {
    requiredDuringSchedulingIgnoredDuringExecution: required = [],
    preferredDuringSchedulingIgnoredDuringExecution: preferred = [],
  } = affinity;
  return [
    ...required.flatMap(({ labelSelector }, i) =>
      labelSelector
        ? []
        : [`${path}.requiredDuringSchedulingIgnoredDuringExecution[${i}].labelSelector: ${NULL_SELECTOR}`],
    ),
    ...preferred.flatMap(({ podAffinityTerm }, i) =>
      podAffinityTerm.labelSelector
        ? []
        : [
            `${path}.preferredDuringSchedulingIgnoredDuringExecution[${i}].podAffinityTerm.labelSelector: ${NULL_SELECTOR}`,
          ],
    ),
  ];
}

/** What is said of the addresses that a kubelet tells. */
export function podStatusWarnings({ status: { podIPs = [], hostIPs = [] } }: Pod): string[] {
  return [
    ...podIPs.flatMap(({ ip }, i) => ipWarnings(`status.podIPs[${i}].ip`, ip)),
    ...hostIPs.flatMap(({ ip }, i) => ipWarnings(`status.hostIPs[${i}].ip`, ip)),
  ];
}
