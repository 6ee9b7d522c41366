import { Placements } from '../explain/placements.js';
import type { Registry } from '../registry/registry.js';
import type { Limits } from './limits/limits.js';

/** What GraphQL is served from, and how. */
export interface GraphService {
  readonly registry: Registry;
  /** The version of Kubernetes whose behaviour this is: `v1.35.0`. */
  readonly version: string;
  readonly limits: Limits;
  /** Is given the errors that clients do not get to see: our own faults. */
  readonly report: (error: unknown) => void;
}

/**
 * What the resolvers of one request share. They read the state through this alone: with a registry over another revision or
 * a fork behind it, the same resolvers tell of that.
 */
export interface GraphContext {
  readonly registry: Registry;
  readonly version: string;
  readonly placements: Placements;
}

/** The context of a request that begins now. What it sees is committed: nothing of it may yet fail to be written. */
export async function newContext({ registry, version }: GraphService): Promise<GraphContext> {
  await registry.log.committed();
  return { registry, version, placements: new Placements(registry) };
}
