import type { Problems } from './names.js';
import { checkQualifiedName } from './names.js';

const FINE: Problems = [];

/** Resources that Kubernetes itself knows. */
const STANDARD = new Set([
  'cpu',
  'memory',
  'ephemeral-storage',
  'pods',
  'storage',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
]);
const CONTAINER = new Set(['cpu', 'memory', 'ephemeral-storage']);
const HUGE_PAGES = 'hugepages-';

export const isHugePages = (name: string) => name.startsWith(HUGE_PAGES);

/** A standard name, or one with a domain of its own (`example.com/gpu`). */
export function checkResourceName(name: string): Problems {
  if (STANDARD.has(name) || isHugePages(name)) return FINE;
  const problems = checkQualifiedName(name);
  if (problems.length) return problems;
  return name.includes('/') ? FINE : ['must be a standard resource type or fully qualified'];
}

/** As {@link checkResourceName}, of what containers may ask for. */
export function checkContainerResourceName(name: string): Problems {
  if (CONTAINER.has(name)) return FINE;
  const problems = checkResourceName(name);
  if (name.includes('/') || isHugePages(name)) return problems;
  return [...problems, 'must be a standard resource for containers'];
}

/** Resources outside `kubernetes.io`, which are counted in whole pieces and cannot be overcommitted. */
export function isExtendedResource(name: string): boolean {
  return name.includes('/') && !name.includes('kubernetes.io/');
}
