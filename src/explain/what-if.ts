import type { Rest } from '../controllers/runtime/types.js';
import type { Registry } from '../registry/registry.js';
import { type PlacementDiff, placementDiff } from './placement-diff.js';
import { PodSteps, type Step } from './pod-steps.js';

/** A fork of a cluster, as far as it is needed to try something. */
export interface World {
  readonly registry: Registry;
  /** @param limit how far its clock may go: ms, or `40s`, `1h30m` */
  comeToRest(limit?: number | string): Promise<Rest>;
  close(): Promise<void>;
}

/** What would come of a change. */
export interface Outcome extends PlacementDiff {
  /** The cluster as it was when it was asked; reads only. */
  readonly before: Registry;
  /** The cluster as it would be; reads only. */
  readonly after: Registry;
  /** What would happen to pods on the way, step by step: the order of a rollout. */
  readonly steps: readonly Step[];
  /** How long it would take, and whether it would come to an end. */
  readonly rest: Rest;
}

/**
 * Makes a change in a world of its own, lets the controllers carry it to its end, tells what is different then, and closes
 * that world. What was going on already when it began is part of the difference.
 *
 * @param base whose fork the world is
 * @param limit how far the world's clock may go, ms or such as `1h`: an hour unless told otherwise
 * @throws whatever the change throws
 */
export async function whatIf(
  base: Registry,
  world: World,
  change: () => unknown,
  limit?: number | string,
): Promise<Outcome> {
  const { registry } = world;
  const story = new PodSteps(registry.clock.now());
  const unfollow = registry.follow(changes => story.add(changes));
  try {
    const before = await base.past(registry.revision);
    await change();
    const rest = await world.comeToRest(limit);
    return { before, after: registry, ...placementDiff(before, registry), steps: story.steps, rest };
  } finally {
    unfollow();
    await world.close();
  }
}
