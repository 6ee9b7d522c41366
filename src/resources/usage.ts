import { define } from './define.js';
import { AGE, column, NAME, printer } from './printing/printer.js';
import { toMilli, toUnits } from './quantity.js';
import { holds } from './state.js';
import type { Container, KubeObject, Node, Pod, ResourceList } from './types.js';
import { USAGE_ANNOTATIONS } from './well-known.js';

/** What is used, simulated: the kinds of `metrics.k8s.io`, and the numbers in them. */

type Metered = KubeObject & { timestamp: string; window: string };
type NodeMetrics = Metered & { usage: ResourceList };
type PodMetrics = Metered & { containers: { name: string; usage: ResourceList }[] };

const GROUP = { group: 'metrics.k8s.io', version: 'v1beta1', verbs: ['get', 'list'], virtual: true } as const;

const WINDOW = column<Metered>('Window', 'The time over which usage was measured.', o => o.window);

export const nodeMetrics = define<NodeMetrics>({
  ...GROUP,
  kind: 'NodeMetrics',
  plural: 'nodes',
  singular: '',
  namespaced: false,
  printer: printer<NodeMetrics>(
    NAME,
    column('CPU', 'What is used of the processors.', o => o.usage.cpu!),
    column('Memory', 'What is used of the memory.', o => o.usage.memory!),
    WINDOW,
    AGE,
  ),
});

export const podMetrics = define<PodMetrics>({
  ...GROUP,
  kind: 'PodMetrics',
  plural: 'pods',
  singular: '',
  printer: printer<PodMetrics>(
    NAME,
    column('CPU', 'What its containers use of the processors.', o => usageQuantities(sum(o.containers.map(read))).cpu!),
    column(
      'Memory',
      'What its containers use of the memory.',
      o => usageQuantities(sum(o.containers.map(read))).memory!,
    ),
    WINDOW,
    AGE,
  ),
});

/** An amount of both resources: millicores (with fractions) and bytes. */
export interface Usage {
  readonly cpu: number;
  readonly memory: number;
}

/** Usage is measured over this long, ms: within it nothing changes. */
export const USAGE_WINDOW_MS = 15_000;

const MIB = 1024 * 1024;
/** What a container that asks for nothing is taken to have asked for. */
const UNASKED: Usage = { cpu: 10, memory: 32 * MIB };
/** What a node itself takes: its system, kubelet and container runtime. */
const SYSTEM: Usage = { cpu: 120, memory: 512 * MIB };

const NOTHING: Usage = { cpu: 0, memory: 0 };

const sum = (parts: readonly Usage[]): Usage =>
  parts.reduce((total, part) => ({ cpu: total.cpu + part.cpu, memory: total.memory + part.memory }), NOTHING);

/** As the metrics server writes it: nanocores, and KiB. */
export const usageQuantities = ({ cpu, memory }: Usage): ResourceList => ({
  cpu: `${Math.round(cpu * 1e6)}n`,
  memory: `${Math.round(memory / 1024)}Ki`,
});

const read = ({ usage }: { usage: ResourceList }): Usage => ({
  cpu: toMilli(usage.cpu!),
  memory: toUnits(usage.memory!),
});

/**
 * What each running container of a pod uses, by name; empty if none runs. A container wanders between a quarter of what it
 * requests and its limit (or its request, without one), always in the same way for the same pod and time. The annotations
 * `kubette.dev/cpu-usage` and `kubette.dev/memory-usage` of the pod, or else of its node, say what a whole pod uses, which its
 * containers share as they share requests.
 * @param now the cluster's time in ms
 */
export function podUsage(pod: Pod, node: Node | undefined, now: number): ReadonlyMap<string, Usage> {
  const running = (pod.status.phase === 'Running' ? pod.status.containerStatuses : undefined)?.filter(
    ({ state }) => state?.running,
  );
  const names = new Set(running?.map(({ name }) => name));
  const containers = pod.spec.containers.filter(({ name }) => names.has(name));
  const asked = containers.map(requested);
  const total = sum(asked);
  const told = { cpu: toldUsage(pod, node, 'cpu'), memory: toldUsage(pod, node, 'memory') };
  return new Map(
    containers.map((container, i) => {
      const amount = (resource: keyof Usage) => {
        const whole = told[resource];
        if (whole !== undefined) return (whole * asked[i]![resource]) / total[resource];
        const most = limit(container, resource) ?? asked[i]![resource];
        const least = Math.min(asked[i]![resource] / 4, most);
        return least + (most - least) * wander(`${pod.metadata.uid} ${container.name} ${resource}`, now);
      };
      return [container.name, { cpu: amount('cpu'), memory: amount('memory') }];
    }),
  );
}

/** What a node uses: its pods, and its system. Undefined for one that is not ready, which nobody can measure. */
export function nodeUsage(node: Node, onIt: readonly Pod[], now: number): Usage | undefined {
  if (!holds(node, 'Ready')) return undefined;
  const pods = onIt.flatMap(pod => [...podUsage(pod, node, now).values()]);
  const system = (resource: keyof Usage) =>
    SYSTEM[resource] * (0.8 + 0.4 * wander(`${node.metadata.uid} ${resource}`, now));
  return sum([...pods, { cpu: system('cpu'), memory: system('memory') }]);
}

function requested(container: Container): Usage {
  const asked = (resource: keyof Usage) => {
    const quantity = container.resources?.requests?.[resource] ?? container.resources?.limits?.[resource];
    return (quantity === undefined ? 0 : inNumbers(resource, quantity)) || UNASKED[resource];
  };
  return { cpu: asked('cpu'), memory: asked('memory') };
}

function limit(container: Container, resource: keyof Usage): number | undefined {
  const quantity = container.resources?.limits?.[resource];
  return quantity === undefined ? undefined : inNumbers(resource, quantity);
}

function toldUsage(pod: Pod, node: Node | undefined, resource: keyof Usage): number | undefined {
  for (const object of [pod, node]) {
    const quantity = object?.metadata.annotations?.[USAGE_ANNOTATIONS[resource]];
    try {
      if (quantity !== undefined) return inNumbers(resource, quantity);
    } catch {
      // What cannot be understood counts as absent; the kubelet tells of it.
    }
  }
  return undefined;
}

const inNumbers = (resource: keyof Usage, quantity: string): number =>
  resource === 'cpu' ? toMilli(quantity) : toUnits(quantity);

/** Periods of the waves that make a usage, in ms. */
const WAVES = [4 * 60_000, 11 * 60_000, 47 * 60_000];

/** A number from 0 to 1 that goes up and down with time, by window, otherwise for each `what`. */
function wander(what: string, now: number): number {
  const at = Math.floor(now / USAGE_WINDOW_MS) * USAGE_WINDOW_MS;
  let height = 0;
  for (const [i, period] of WAVES.entries()) height += Math.sin((at / period + phase(`${what} ${i}`)) * 2 * Math.PI);
  return (height / WAVES.length + 1) / 2;
}

/** Where a wave begins, from 0 to 1: FNV-1a over the text. */
function phase(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
