import type { Draft, Node, Taint } from './types.js';

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
