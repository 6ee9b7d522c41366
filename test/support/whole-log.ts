import type { Registry } from '../../src/registry/registry.js';

/** More writes than any log has. */
const MANY = 2 ** 31;

/** The log of a cluster, every write a line with all that is kept of it. */
export async function logOf({ log }: Registry): Promise<string[]> {
  await log.committed();
  const rows = await log.backend.read(0, MANY);
  return rows.map(({ revision, type, resource, namespace, name, uid, created, time, json }) =>
    [revision, type, resource, namespace, name, uid, created, time, json.content].join(' '),
  );
}

/** Where two logs begin to differ, in words; undefined if they are the same to the last byte. */
export function firstDifference(one: readonly string[], other: readonly string[]): string | undefined {
  const at = one.findIndex((line, i) => line !== other[i]);
  if (at < 0) return one.length === other.length ? undefined : `${one.length} writes, and ${other.length}`;
  return [`write ${at + 1}:`, ...one.slice(Math.max(0, at - 3), at), `- ${one[at]}`, `+ ${other[at]}`].join('\n');
}
