import type { Batch } from './batch.js';
import type { Change } from './entry.js';
import type { StoredEntry } from './stored-entry.js';

/** Changes kept in memory for watches that resume; older ones are read from the back end. */
const RECENT = 4096;
/** And at most about so much JSON of them, of which a part is let go when it is reached. */
const RECENT_BYTES = 64 * 1024 * 1024;

/** The newest committed changes. */
export class RecentChanges {
  /** Ascending; their revisions run without gaps. */
  #changes: Change[] = [];
  #bytes = 0;

  /** Those after a revision, of which `newest` is the last; undefined if they are not all here. */
  since(revision: number, newest: number): Change[] | undefined {
    const oldest = this.#changes[0]?.revision ?? newest + 1;
    if (revision + 1 < oldest && revision < newest) return undefined;
    return this.#changes.slice(Math.max(revision + 1 - oldest, 0));
  }

  add({ changes, rows }: Batch): void {
    this.#changes.push(...changes);
    for (const row of rows) this.#bytes += row.json.length;
    // Cut in large steps: shifting an array at every commit would cost more than the memory.
    if (this.#changes.length > 2 * RECENT) this.#keep(this.#changes.slice(-RECENT));
    else if (this.#bytes > RECENT_BYTES) this.#keep(this.#changes.slice(Math.ceil(this.#changes.length / 2)));
  }

  /** Forgets those up to a revision. */
  forget(upTo: number): void {
    this.#keep(this.#changes.filter(change => change.revision > upTo));
  }

  #keep(changes: Change[]): void {
    this.#changes = changes;
    this.#bytes = changes.reduce((sum, { entry }) => sum + (entry as StoredEntry).size, 0);
  }
}
