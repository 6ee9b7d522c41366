import type { Fault } from './faults.js';
import type { History } from './history.js';
import { borrowers, judge } from './model.js';
import { play } from './play.js';
import { nudge, repair } from './refusals.js';
import { violations } from './safety.js';
import { stateOf } from './state.js';
import type { Witness } from './witness.js';
import { World, type WorldOptions } from './world.js';

/** Longer than any timer that brings something about: a failed pod's backoff, PodGC, the scheduler's second look. */
const QUIET = 20 * 60_000;
/** So often something may still happen. */
const ROUNDS = 30;
/** Longer than Events are kept. */
const LIFE_OF_EVENTS = 2 * 3600_000;

/**
 * How many histories a property looks at, and which: `KUBETTE_HISTORIES=50` looks at 50 times as many as usual,
 * `KUBETTE_SEED` at others. What fails is printed with its seed, and made as short as possible.
 */
export const parameters = (usual: number) => ({
  numRuns: usual * Number(process.env.KUBETTE_HISTORIES ?? 1),
  seed: Number(process.env.KUBETTE_SEED ?? 20250101),
});

/** Many times what so many histories take, on a machine that has other things to do. */
export const TIMEOUT = 300_000 * Number(process.env.KUBETTE_HISTORIES ?? 1);

/** Tells whoever looks at many histories what was in them. */
export function report(what: string, count: unknown): void {
  if (process.env.KUBETTE_HISTORIES) console.info(what, count);
}

/** Lets time pass until nothing happens any more. @throws Error if that never is */
async function rest(world: World): Promise<void> {
  await repair(world);
  await world.settled();
  for (let i = 0; i < ROUNDS; i++) {
    const before = world.lastChange;
    await world.advance(QUIET);
    if (world.lastChange === before) return;
  }
  throw new Error('something is written over and over');
}

/** Everything that is wrong with what has come of a history: at rest, with any write on the way there, and after rest. */
async function complaints(world: World, witness: Witness | undefined): Promise<string[]> {
  await rest(world);
  // The old controller did not hear of all that concerned it: pods of others that ended, ports that became free.
  if (world.registry.era === '1.11' || borrowers(stateOf(world.registry)).length > 0) {
    await nudge(world);
    await rest(world);
  }
  const wrong = judge(stateOf(world.registry));
  const rows = await world.backend.read(0, Number.POSITIVE_INFINITY);
  witness?.see(rows);
  wrong.push(...violations(rows, world.authors, world.registry.era === '1.11'));
  const before = world.lastChange;
  // As new, the controller looks at everything once more.
  await world.stopDaemons();
  world.startDaemons();
  await world.settled();
  await world.advance(LIFE_OF_EVENTS);
  if (world.lastChange !== before) {
    const [row] = (await world.backend.read(before, 1000)).filter(({ resource }) => resource !== 'events');
    wrong.push(`${row?.resource} ${row?.namespace}/${row?.name} is written though all is in order`);
  }
  if (world.toldOfSets() > 0) wrong.push('something is told of the sets though nothing happens');
  return wrong;
}

/** {@link complaints} about a history in a world of its own, in which something goes wrong. */
export async function complaintsAbout(
  story: History,
  options: WorldOptions = {},
  { fault, witness }: { readonly fault?: Fault; readonly witness?: Witness } = {},
): Promise<string[]> {
  const world = await World.open({ ...options, ...fault?.options });
  await play(world, story, () => fault?.meanwhile?.(world));
  await fault?.end(world);
  const wrong = await complaints(world, witness);
  await world.close();
  return wrong;
}
