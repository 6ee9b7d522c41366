import type { PlacementDifference } from '../graph/what-if.js';

/** Node → how many daemon pods would come there and go from there. One that is replaced comes and goes. */
export function outlookOf(
  differences: readonly PlacementDifference[],
): ReadonlyMap<string, { comes: number; goes: number }> {
  const nodes = new Map<string, { comes: number; goes: number }>();
  for (const { node, difference } of differences) {
    const comes = difference === 'CAME' || difference === 'REPLACED' ? 1 : 0;
    const goes = difference === 'WENT' || difference === 'REPLACED' ? 1 : 0;
    if (comes + goes === 0) continue;
    const entry = nodes.get(node) ?? { comes: 0, goes: 0 };
    nodes.set(node, { comes: entry.comes + comes, goes: entry.goes + goes });
  }
  return nodes;
}
