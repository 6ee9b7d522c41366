import type { Draft, Node, Taint } from './types.js';
import { HOSTNAME_LABEL, TAINTS } from './well-known.js';

/** A node with nothing but what kubelets label every node with, and what is given. */
export function plainNode(
  name: string,
  labels: Readonly<Record<string, string>> = {},
  taints: readonly Taint[] = [],
): Draft<Node> {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { 'kubernetes.io/arch': 'amd64', 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', ...labels },
    },
    spec: taints.length > 0 ? { taints: [...taints] } : {},
    status: {},
  };
}

/**
 * A node as another one was when it came: what its state brought since is not told.
 * @param taints if not those of the other
 */
export function nodeLike({ metadata, spec, status }: Node, name: string, taints?: readonly Taint[]): Draft<Node> {
  const draft = plainNode(name, { ...metadata.labels, [HOSTNAME_LABEL]: name }, taints ?? lastingTaints(spec.taints));
  const { capacity, allocatable } = status;
  return { ...draft, status: { ...(capacity ? { capacity } : {}), ...(allocatable ? { allocatable } : {}) } };
}

const OF_STATE: readonly string[] = Object.values(TAINTS);
const lastingTaints = (taints: readonly Taint[] = []): Taint[] =>
  taints.filter(({ key }) => !OF_STATE.includes(key)).map(({ timeAdded: _, ...taint }) => taint);
