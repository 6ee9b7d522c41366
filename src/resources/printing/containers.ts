import type { Container, KubeObject } from '../types.js';
import { type PrintedColumn, wide } from './printer.js';

/** What `-o wide` shows of the pods that a workload makes: names and images of their containers. */
export function containerColumns<T extends KubeObject>(
  containers: (object: T) => readonly Container[],
): [PrintedColumn<T>, PrintedColumn<T>] {
  return [
    wide('Containers', 'Names of the containers.', o =>
      containers(o)
        .map(c => c.name)
        .join(','),
    ),
    wide('Images', 'Images of the containers.', o =>
      containers(o)
        .map(c => c.image ?? '')
        .join(','),
    ),
  ];
}
