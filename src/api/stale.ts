import { parseDuration } from '../clock/duration.js';
import type { FaultOf } from '../faults/rule.js';
import type { Registry } from '../registry/registry.js';

/**
 * The revision that a server shows which lags behind: never one from before what was asked for, nor one that is no longer kept.
 * @param wanted the `resourceVersion` of the request
 */
export async function staleRevision(
  registry: Registry,
  { revisions, behind }: FaultOf<'staleRead'>,
  wanted: string | null | undefined,
): Promise<number> {
  const { log, clock, revision } = registry;
  const oldest = Math.max(log.compacted, Number(wanted) || 0, 1);
  const before = revision - (revisions ?? (behind === undefined ? 1 : 0));
  const then = behind === undefined ? before : await revisionAt(registry, clock.now() - parseDuration(behind)!);
  return Math.max(oldest, Math.min(before, then));
}

/** 0 if the log does not reach back so far. */
async function revisionAt({ log }: Registry, time: number): Promise<number> {
  try {
    return (await log.stampOf({ time })).revision;
  } catch (error) {
    if (error instanceof RangeError) return 0;
    throw error;
  }
}
