import type { ResolvedOptions } from '../kubelet/options.js';
import { plainNode } from '../resources/plain-node.js';
import type { Draft, Node, Taint } from '../resources/types.js';

/** A share of nodes, such as `10%`, or how many. */
export type Share = number | `${number}%`;

/** Nodes by what they have in common. */
export interface NodePlan {
  /** How many. */
  readonly count: number;
  /** In how many zones they are, in turn (`zone-a`, `zone-b`, …), or the names of the zones. */
  readonly zones?: number | readonly string[];
  /** How many of them have a GPU, for which they are labelled and tainted as NVIDIA's operator and clouds do it: spread evenly. */
  readonly gpu?: Share;
}

const REGION = 'region-1';
const GPU = 'nvidia.com/gpu';
const GPU_TAINT: Taint = { key: GPU, value: 'present', effect: 'NoSchedule' };
const MAX_NODES = 100_000;
const LETTERS = 26;

/**
 * The workers of a plan; their names sort as their numbers do.
 * @param usual what nodes have of resources
 * @throws TypeError for a plan that makes no sense
 */
export function plannedNodes(plan: NodePlan, usual: Pick<ResolvedOptions, 'capacity' | 'allocatable'>): Draft<Node>[] {
  const { count } = plan;
  if (!Number.isInteger(count) || count < 0 || count > MAX_NODES)
    throw new TypeError(`nodes: the count must be a whole number from 0 to ${MAX_NODES}, not ${count}`);
  const zones = zonesOf(plan.zones ?? []);
  const numbers = Array.from({ length: count }, (_, i) => i);
  const zoneOf = (number: number) => (zones.length > 0 ? number % zones.length : 0);
  // Zone after zone, so that each gets its share.
  const byZone = [...numbers].sort((a, b) => zoneOf(a) - zoneOf(b));
  const gpus = shareOf(plan.gpu ?? 0, count);
  const withGpu = new Set(
    byZone.filter((_, i) => Math.floor(((i + 1) * gpus) / count) > Math.floor((i * gpus) / count)),
  );
  const digits = String(count).length;
  return numbers.map(number => {
    const name = `node-${String(number + 1).padStart(digits, '0')}`;
    const zone = zones[zoneOf(number)];
    const inZone: Record<string, string> = zone
      ? { 'topology.kubernetes.io/region': REGION, 'topology.kubernetes.io/zone': zone }
      : {};
    if (!withGpu.has(number)) return plainNode(name, inZone);
    const { capacity, allocatable } = usual;
    return {
      ...plainNode(name, { ...inZone, [`${GPU}.present`]: 'true' }, [GPU_TAINT]),
      status: {
        capacity: { ...capacity, [GPU]: '1' },
        ...(allocatable ? { allocatable: { ...capacity, ...allocatable, [GPU]: '1' } } : {}),
      },
    };
  });
}

function zonesOf(zones: number | readonly string[]): readonly string[] {
  if (typeof zones !== 'number') return zones;
  if (!Number.isInteger(zones) || zones < 0 || zones > LETTERS)
    throw new TypeError(`nodes: zones must be a whole number from 0 to ${LETTERS}, or names, not ${zones}`);
  return Array.from({ length: zones }, (_, i) => `zone-${String.fromCharCode(97 + i)}`);
}

/** @throws TypeError for what is no share of so many */
function shareOf(share: Share, count: number): number {
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(String(share)) ?? [];
  const many = percent === undefined ? Number(share) : Math.round((count * Number(percent)) / 100);
  if (!Number.isInteger(many) || many < 0 || many > count)
    throw new TypeError(
      `nodes: ${JSON.stringify(share)} is no share of ${count} nodes: use a number, or a text such as "10%"`,
    );
  return many;
}
