import type { Container, KubeObject, PodSpec } from './types.js';
import { checkLabel } from './validation/names.js';

/** Labels of nodes that were renamed: old → since when, and what to say now. */
const RENAMED: Readonly<Record<string, readonly [since: string, now: string]>> = {
  'beta.kubernetes.io/arch': ['v1.14', 'kubernetes.io/arch'],
  'beta.kubernetes.io/os': ['v1.14', 'kubernetes.io/os'],
  'failure-domain.beta.kubernetes.io/region': ['v1.17', 'topology.kubernetes.io/region'],
  'failure-domain.beta.kubernetes.io/zone': ['v1.17', 'topology.kubernetes.io/zone'],
  'beta.kubernetes.io/instance-type': ['v1.17', 'node.kubernetes.io/instance-type'],
};

/**
 * What is allowed in a pod and still likely to be a mistake.
 * @param path where the spec is
 */
export function podSpecWarnings(path: string, spec: PodSpec): string[] {
  const warnings: string[] = [];
  for (const key in spec.nodeSelector) {
    const renamed = Object.hasOwn(RENAMED, key) ? RENAMED[key] : undefined;
    if (renamed)
      warnings.push(`${path}.nodeSelector[${key}]: deprecated since ${renamed[0]}; use "${renamed[1]}" instead`);
  }
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    warnings.push(
      `${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
    );
  }
  for (const list of ['initContainers', 'containers'] as const) {
    spec[list]?.forEach((container, i) => {
      warnHidden(warnings, `${path}.${list}[${i}]`, container);
    });
  }
  warnDuplicatePorts(warnings, `${path}.containers`, spec.containers);
  return warnings;
}

/** Of variables of one name the last one counts, which tools that merge by name do not know. */
function warnHidden(warnings: string[], path: string, { env = [] }: Container): void {
  const seen = new Set<string>();
  env.forEach(({ name, value = '' }, i) => {
    // One that refers to the one before it is meant.
    if (seen.has(name) && !value.includes(`$(${name})`)) {
      warnings.push(
        `${path}.env[${i}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
      );
    }
    seen.add(name);
  });
}

/** A port twice in one container, or one name for ports of two, of which only the first is found by it. */
function warnDuplicatePorts(warnings: string[], path: string, containers: readonly Container[]): void {
  const byName = new Map<string, string>();
  containers.forEach(({ ports = [] }, i) => {
    const own = new Map<string, string>();
    const names = new Map<string, string>();
    ports.forEach(({ containerPort, hostPort = 0, hostIP = '', protocol = 'TCP', name }, j) => {
      const field = `${path}[${i}].ports[${j}]`;
      const key = `${protocol}/${hostIP}/${hostPort}/${containerPort}`;
      const before = own.get(key);
      if (before) warnings.push(`${field}: duplicate port definition with ${before}`);
      own.set(key, field);
      if (!name) return;
      const first = byName.get(name);
      if (first) {
        warnings.push(
          `${field}: duplicate port name ${JSON.stringify(name)} with ${first}, services and probes that select ports by name will use ${first}`,
        );
      }
      names.set(name, field);
    });
    for (const [name, field] of names) if (!byName.has(name)) byName.set(name, field);
  });
}

/** Pods are named after what makes them, and their names are names of hosts; said once, when it is made. */
export function podNameWarnings({ metadata }: KubeObject, old?: KubeObject): string[] {
  const problems = old ? [] : checkLabel(metadata.name);
  if (problems.length === 0) return [];
  return [
    `metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [${problems.join(' ')}]`,
  ];
}
