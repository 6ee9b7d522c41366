/** How long kubelets may keep a copy of a Secret or ConfigMap: the more nodes, the longer. */
export const TTL_ANNOTATION = 'node.alpha.kubernetes.io/ttl';

const STEPS: readonly { readonly min: number; readonly max: number; readonly seconds: number }[] = [
  { min: 0, max: 100, seconds: 0 },
  { min: 90, max: 500, seconds: 15 },
  { min: 450, max: 1000, seconds: 30 },
  { min: 900, max: 2000, seconds: 60 },
  { min: 1800, max: Number.POSITIVE_INFINITY, seconds: 300 },
];

/** The step for a cluster of `nodes` nodes that stood at `step` before; steps overlap, so that it does not flutter. */
export function ttlStep(nodes: number, step: number): number {
  let next = step;
  while (nodes > STEPS[next]!.max) next++;
  while (nodes < STEPS[next]!.min) next--;
  return next;
}

/** Value of {@link TTL_ANNOTATION} at a step. */
export const ttlAt = (step: number) => String(STEPS[step]!.seconds);
