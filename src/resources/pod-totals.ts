import { larger, NO_QUANTITIES, type Quantities, quantitiesOf, sum } from './quantities.js';
import { isSidecar } from './state.js';
import type { Container, PodSpec } from './types.js';

type Part = 'requests' | 'limits';

/** Resources that can be asked for a pod as a whole. */
const isOfPods = (name: string) => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');

/**
 * What a pod requests, or is limited to, in exact amounts: its containers together, or its hungriest init container if that is
 * more; init containers that keep running count with both. What is said of the pod as a whole goes before that. Without the
 * overhead of its runtime. Mirrors `resourcehelper.PodRequests` and `PodLimits`.
 */
export function podTotal(spec: PodSpec, part: Part): Quantities {
  const of = ({ resources }: Container) => quantitiesOf(resources?.[part]);
  let running = NO_QUANTITIES;
  for (const container of spec.containers) running = sum(running, of(container));
  let sidecars = NO_QUANTITIES;
  let starting = NO_QUANTITIES;
  for (const container of spec.initContainers ?? []) {
    if (isSidecar(container)) sidecars = sum(sidecars, of(container));
    starting = larger(starting, isSidecar(container) ? sidecars : sum(of(container), sidecars));
  }
  const total = new Map(larger(sum(running, sidecars), starting));
  for (const [name, quantity] of quantitiesOf(spec.resources?.[part])) if (isOfPods(name)) total.set(name, quantity);
  return total;
}

/** {@link podTotal} with the overhead of the pod's runtime, which raises limits only where there are some. */
export function podTotalWithOverhead(spec: PodSpec, part: Part): Quantities {
  const total = podTotal(spec, part);
  if (!spec.overhead) return total;
  const overhead = quantitiesOf(spec.overhead);
  if (part === 'requests') return sum(total, overhead);
  return sum(total, new Map([...overhead].filter(([name]) => (total.get(name)?.nano ?? 0n) > 0n)));
}

/** Whether something that pods can ask for as a whole is asked for so. */
export const asksAsAWhole = ({ resources }: PodSpec): boolean =>
  [resources?.requests, resources?.limits].some(list => list && Object.keys(list).some(isOfPods));
