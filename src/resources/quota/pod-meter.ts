import { asksAsAWhole, podTotalWithOverhead } from '../pod-totals.js';
import { qosClass } from '../qos.js';
import { type Quantities, quantitiesOf } from '../quantities.js';
import { type Quantity, readQuantity } from '../quantity.js';
import { hasEnded } from '../state.js';
import type { Container, Pod, PodAffinityTerm } from '../types.js';
import { isExtendedResource } from '../validation/resources.js';
import type { Meter } from './meter.js';
import { isOfScope } from './scope.js';

const STANDARD = ['cpu', 'memory', 'ephemeral-storage'];
const RESOURCES = new Set([
  'pods',
  'count/pods',
  ...STANDARD.flatMap(name => [name, `requests.${name}`, `limits.${name}`]),
]);
/** Of these every container must say how much it wants, where a quota limits them. */
const MUST_BE_SAID = /^((requests|limits)\.)?(cpu|memory)$/;

/**
 * A pod uses what it asks for until it has ended, or should long be gone; how many pods there are of whatever kind is
 * `count/pods`. Mirrors upstream's `podEvaluator`.
 */
export const podMeter: Meter<Pod> = {
  uses: name => RESOURCES.has(name) || /^(requests\.)?hugepages-/.test(name) || isRequestOfExtended(name),

  usage(pod, now) {
    const one = readQuantity('1');
    const usage = new Map([['count/pods', one]]);
    if (!isCharged(pod, now)) return usage;
    usage.set('pods', one);
    const limits = podTotalWithOverhead(pod.spec, 'limits');
    for (const [name, quantity] of computed(podTotalWithOverhead(pod.spec, 'requests'), limits))
      usage.set(name, quantity);
    return usage;
  },

  isOf: (scope, pod) => {
    switch (scope.scopeName) {
      case 'Terminating':
        return isShortLived(pod);
      case 'NotTerminating':
        return !isShortLived(pod);
      case 'BestEffort':
        return qosClass(pod) === 'BestEffort';
      case 'NotBestEffort':
        return qosClass(pod) !== 'BestEffort';
      case 'PriorityClass':
        return isOfScope(scope, pod.spec.priorityClassName);
      case 'CrossNamespacePodAffinity':
        return looksIntoOtherNamespaces(pod);
      default:
        return false;
    }
  },

  missing(resources, { spec }) {
    if (asksAsAWhole(spec)) return undefined;
    const wanted = resources.filter(name => MUST_BE_SAID.test(name)).sort();
    const containers = [...spec.containers, ...(spec.initContainers ?? [])];
    const parts = wanted.flatMap(name => {
      const silent = containers.filter(container => !says(container).has(name)).map(container => container.name);
      return silent.length > 0 ? [`${name} for: ${[...new Set(silent)].sort().join(',')}`] : [];
    });
    return parts.length > 0 ? `must specify ${parts.join('; ')}` : undefined;
  },
};

/** `requests.example.com/gpu`: what cannot be overcommitted is limited by what is requested of it. */
const isRequestOfExtended = (name: string) =>
  name.startsWith('requests.') && name.includes('/') && !name.includes('kubernetes.io/');

/** As quotas name what is requested and limited. */
function computed(requests: Quantities, limits: Quantities): Map<string, Quantity> {
  const result = new Map<string, Quantity>();
  for (const [name, quantity] of requests) {
    const isStandard = STANDARD.includes(name) || name.startsWith('hugepages-');
    if (isStandard) result.set(name, quantity);
    if (isStandard || isExtendedResource(name)) result.set(`requests.${name}`, quantity);
  }
  for (const [name, quantity] of limits) if (STANDARD.includes(name)) result.set(`limits.${name}`, quantity);
  return result;
}

const says = ({ resources }: Container) => computed(quantitiesOf(resources?.requests), quantitiesOf(resources?.limits));

/** Whether a pod counts: it has not ended, and if it is going, is not overdue. */
function isCharged(pod: Pod, now: number): boolean {
  if (hasEnded(pod)) return false;
  const overdue = overdueAt(pod);
  return overdue === undefined || now <= overdue;
}

/** When a pod that is going stops to count, ms: as long after its time as that was. */
function overdueAt({ metadata }: Pod): number | undefined {
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return undefined;
  return Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

/** What the scope Terminating means: a pod with a deadline. */
const isShortLived = ({ spec }: Pod) => (spec.activeDeadlineSeconds ?? -1) >= 0;

function looksIntoOtherNamespaces({ spec: { affinity } }: Pod): boolean {
  const isElsewhere = ({ namespaces, namespaceSelector }: PodAffinityTerm) =>
    (namespaces?.length ?? 0) > 0 || namespaceSelector !== undefined;
  return [affinity?.podAffinity, affinity?.podAntiAffinity].some(
    side =>
      side?.requiredDuringSchedulingIgnoredDuringExecution?.some(isElsewhere) ||
      side?.preferredDuringSchedulingIgnoredDuringExecution?.some(({ podAffinityTerm }) =>
        isElsewhere(podAffinityTerm),
      ),
  );
}
