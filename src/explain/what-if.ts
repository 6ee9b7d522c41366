import type { Rest } from '../controllers/runtime/types.js';
import type { Registry } from '../registry/registry.js';
import { differences, type PlacementDiff, type Worlds } from './placement-diff.js';
import { Placements } from './placements.js';
import { PodSteps, type Step } from './pod-steps.js';

/** A fork of a cluster, as far as it is needed to try something. */
export interface World {
  readonly registry: Registry;
  /**
   * @param limit how far its clock may go: ms, or `40s`, `1h30m`
   * @param signal ends it before that; it throws the signal's reason then
   */
  comeToRest(limit?: number | string, signal?: AbortSignal): Promise<Rest>;
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
  /** The same two worlds, with what was found of their placements. */
  readonly worlds: Worlds;
}

/** How a what-if is carried out. */
export interface WhatIf {
  /** The world to try it in, which is closed at the end. */
  readonly world: World;
  /** Finds the cluster as it is at the moment of the fork. */
  readonly before: () => Promise<Placements>;
  /** Makes the change in the world. */
  readonly change: () => unknown;
  /** Is asked when all has come to rest: does what was put off, and says whether that is worth waiting for again. */
  readonly again?: (() => Promise<boolean>) | undefined;
  /** How far the world's clock may go, ms: an hour unless told otherwise. */
  readonly limit?: number | undefined;
  /** Ends it before that. */
  readonly signal?: AbortSignal | undefined;
}

const HOUR = 3_600_000;

/**
 * Makes a change in a world of its own, lets the controllers carry it to its end, tells what is different then, and closes
 * that world. What was going on already when it began is part of the difference.
 *
 * @throws whatever the change throws, and the signal's reason
 */
export async function whatIf({ world, before: find, change, again, limit = HOUR, signal }: WhatIf): Promise<Outcome> {
  const { registry } = world;
  const began = registry.clock.now();
  const story = new PodSteps(began);
  const unfollow = registry.follow(changes => story.add(changes));
  const passed = () => registry.clock.now() - began;
  try {
    signal?.throwIfAborted();
    const before = await find();
    await change();
    let rest = await world.comeToRest(limit, signal);
    while (rest.atRest && passed() < limit && (await again?.()))
      rest = await world.comeToRest(limit - passed(), signal);
    const worlds = { before, after: new Placements(registry) };
    return {
      ...differences(worlds),
      before: before.registry,
      after: registry,
      steps: story.steps,
      rest: { ...rest, passed: passed() },
      worlds,
    };
  } finally {
    unfollow();
    await world.close();
  }
}
