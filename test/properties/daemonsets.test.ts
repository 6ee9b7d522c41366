import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { history } from './history.js';
import { stateOf } from './model.js';
import { play } from './play.js';
import { complaintsAbout, parameters, TIMEOUT } from './property.js';
import { World } from './world.js';

describe('whatever happens to any cluster', () => {
  it(
    'UPD-06: every node comes to what its sets want of it, the status says so, and on the way there nobody is harmed',
    async () => {
      const property = fc.asyncProperty(history('current', 25), async story => {
        expect(await complaintsAbout(story)).toEqual([]);
      });
      await fc.assert(property, parameters(60));
    },
    TIMEOUT,
  );

  it(
    'so it was before 1.12',
    async () => {
      const property = fc.asyncProperty(history('1.11', 25), async story => {
        expect(await complaintsAbout(story, { era: '1.11' })).toEqual([]);
      });
      await fc.assert(property, parameters(30));
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
