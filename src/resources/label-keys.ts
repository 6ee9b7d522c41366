import type {
  LabelSelector,
  LabelSelectorRequirement,
  Pod,
  PodAffinity,
  PodAffinityTerm,
  PodSpec,
  TopologySpreadConstraint,
} from './types.js';

type Labels = Readonly<Record<string, string>>;

/**
 * The pod's spec with what `matchLabelKeys` and `mismatchLabelKeys` come to for a pod of its labels written into the selectors: it
 * holds for the pods that there are when it is made, and for good. The very spec if there are none.
 */
export function withLabelKeys({ metadata: { labels = {} }, spec }: Pick<Pod, 'metadata' | 'spec'>): PodSpec {
  const { affinity, topologySpreadConstraints } = spec;
  const constraints = topologySpreadConstraints && mapped(topologySpreadConstraints, one => narrowed(one, labels));
  const near = affinity?.podAffinity && narrowedAffinity(affinity.podAffinity, labels);
  const away = affinity?.podAntiAffinity && narrowedAffinity(affinity.podAntiAffinity, labels);
  const isSame =
    constraints === topologySpreadConstraints && near === affinity?.podAffinity && away === affinity?.podAntiAffinity;
  if (isSame) return spec;
  return {
    ...spec,
    ...(constraints ? { topologySpreadConstraints: constraints } : {}),
    ...(affinity
      ? {
          affinity: {
            ...affinity,
            ...(near ? { podAffinity: near } : {}),
            ...(away ? { podAntiAffinity: away } : {}),
          },
        }
      : {}),
  };
}

function narrowedAffinity(affinity: PodAffinity, labels: Labels): PodAffinity {
  const { requiredDuringSchedulingIgnoredDuringExecution: required } = affinity;
  const { preferredDuringSchedulingIgnoredDuringExecution: preferred } = affinity;
  const musts = required && mapped(required, term => narrowed(term, labels));
  const wishes =
    preferred &&
    mapped(preferred, wish => {
      const podAffinityTerm = narrowed(wish.podAffinityTerm, labels);
      return podAffinityTerm === wish.podAffinityTerm ? wish : { ...wish, podAffinityTerm };
    });
  if (musts === required && wishes === preferred) return affinity;
  return {
    ...affinity,
    ...(musts ? { requiredDuringSchedulingIgnoredDuringExecution: musts } : {}),
    ...(wishes ? { preferredDuringSchedulingIgnoredDuringExecution: wishes } : {}),
  };
}

/** Without a selector, no pods are meant, and no key makes that less. */
function narrowed<T extends PodAffinityTerm | TopologySpreadConstraint>(term: T, labels: Labels): T {
  const { labelSelector, matchLabelKeys, mismatchLabelKeys }: Partial<PodAffinityTerm> = term;
  if (!labelSelector) return term;
  const more = [...requirements(matchLabelKeys, 'In', labels), ...requirements(mismatchLabelKeys, 'NotIn', labels)];
  if (more.length === 0) return term;
  const selector: LabelSelector = {
    ...labelSelector,
    matchExpressions: [...(labelSelector.matchExpressions ?? []), ...more],
  };
  return { ...term, labelSelector: selector };
}

const requirements = (keys: readonly string[] = [], operator: 'In' | 'NotIn', labels: Labels) =>
  keys
    .filter(key => Object.hasOwn(labels, key))
    .map((key): LabelSelectorRequirement => ({ key, operator, values: [labels[key]!] }));

/** The items, each put through `change`; the very list if none changed. */
function mapped<T>(items: T[], change: (item: T) => T): T[] {
  const changed = items.map(change);
  return changed.some((item, i) => item !== items[i]) ? changed : items;
}
