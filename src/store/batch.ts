import type { Row } from './backend.js';
import type { Change } from './entry.js';

/** Rows on their way to the back end, and who waits for them. */
export class Batch {
  readonly rows: Row[] = [];
  readonly changes: Change[] = [];
  resolve!: () => void;
  reject!: (error: unknown) => void;
  readonly done = new Promise<void>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });

  constructor() {
    this.done.catch(() => {}); // those who wait hear of it themselves
  }
}

/** The change that takes `change` back. */
export function inverse(change: Change): Change {
  const { entry, previous } = change;
  if (change.type === 'ADDED') return { ...change, type: 'DELETED', previous: entry };
  if (change.type === 'DELETED') return { ...change, type: 'ADDED', entry: previous ?? entry, previous: undefined };
  return { ...change, entry: previous!, previous: entry };
}
