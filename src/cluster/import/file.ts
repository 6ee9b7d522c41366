import { existsSync, renameSync, rmSync } from 'node:fs';

/** What lies beside a file that a cluster is kept in while it is open, or was when its process died. */
const BESIDE = ['-wal', '-shm', '-lock'];

/**
 * Fills the file at `path` as a whole or not at all, whenever the process may die: what is put in goes into another file beside it, which
 * takes its place at the end. One that is there already is added to, and is nobody else's meanwhile.
 * @throws StoreError if it is in use; whatever `fill` throws
 */
export async function filledAsAWhole<T>(path: string, fill: (draft: string) => Promise<T>): Promise<T> {
  const { SqliteBackend } = await import('../../store/sqlite.js');
  const draft = `${path}.importing`;
  const remove = (suffixes: readonly string[]) => {
    for (const suffix of suffixes) rmSync(draft + suffix, { force: true });
  };
  const discard = () => remove(['', ...BESIDE]);
  const standing = existsSync(path) ? SqliteBackend.open(path) : undefined;
  try {
    // One that is in use is left alone; what somebody left behind who died goes.
    await SqliteBackend.open(draft).close();
    discard();
    standing?.copyTo(draft);
    const filled = await fill(draft);
    if (standing) await standing.replaceBy(draft);
    else {
      // Once the file stands nobody looks again for what lies beside its draft.
      remove(BESIDE);
      renameSync(draft, path);
    }
    return filled;
  } finally {
    await standing?.close();
    discard();
  }
}
