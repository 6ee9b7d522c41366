import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Era } from '../../src/resources/definition.js';
import { history } from './history.js';
import { play } from './play.js';
import { complaintsAbout, parameters, report, TIMEOUT } from './property.js';
import { stateOf } from './state.js';
import { Witness } from './witness.js';
import { World } from './world.js';

/** Nothing is wrong with any of so many histories, and much happens in them. */
async function alwaysWell(era: Era, histories: number): Promise<void> {
  const witness = new Witness();
  const property = fc.asyncProperty(history(era, 25), async story => {
    expect(await complaintsAbout(story, { era }, { witness })).toEqual([]);
  });
  await fc.assert(property, parameters(histories));
  expect(witness.missed).toEqual([]);
  report(era, witness.counts);
}

describe('whatever happens to any cluster', () => {
  it(
    'UPD-06: every node comes to what its sets want of it, the status says so, and on the way there nobody is harmed',
    async () => {
      await alwaysWell('current', 60);
    },
    TIMEOUT,
  );

  it(
    'so it was before 1.12',
    async () => {
      await alwaysWell('1.11', 30);
    },
    TIMEOUT,
  );

  it(
    'the same happens each time',
    async () => {
      const property = fc.asyncProperty(history('current', 15), async story => {
        const outcome = async () => {
          const world = await World.open();
          await play(world, story);
          await world.settled();
          const state = JSON.stringify([world.registry.revision, stateOf(world.registry)]);
          await world.close();
          return state;
        };
        expect(await outcome()).toBe(await outcome());
      });
      await fc.assert(property, parameters(10));
    },
    TIMEOUT,
  );
});
