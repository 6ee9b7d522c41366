import { signal } from '@preact/signals';

/** Which groups of nodes are folded: the same in all views of the cluster. */
export const folding = signal<ReadonlySet<string>>(new Set());
