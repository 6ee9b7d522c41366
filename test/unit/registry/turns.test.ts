import { expect, test } from 'vitest';
import { Turns } from '../../../src/registry/turns.js';

/** Something that is over when it is said to be. */
function open() {
  let end = () => {};
  const ended = new Promise<void>(resolve => {
    end = resolve;
  });
  return { ended, end };
}

const turn = () => new Promise(resolve => setImmediate(resolve));

test('each comes in when all has settled that came of the one before, in the order of arrival', async () => {
  const told: string[] = [];
  let work = open();
  const turns = new Turns({ waits: () => true, settled: () => work.ended });
  const all = ['a', 'b'].map(name =>
    turns.take(() => {
      told.push(name);
      work = open();
      return name;
    }),
  );
  await turn();
  expect(told).toEqual([]);
  work.end();
  await turn();
  expect(told).toEqual(['a']);
  work.end();
  expect(await Promise.all(all)).toEqual(['a', 'b']);
  expect(told).toEqual(['a', 'b']);
});

test('one that is refused holds nobody up', async () => {
  const turns = new Turns({ waits: () => true, settled: () => Promise.resolve() });
  const refused = turns.take(() => {
    throw new Error('no');
  });
  const next = turns.take(() => 'yes');
  await expect(refused).rejects.toThrow('no');
  expect(await next).toBe('yes');
});

test('nobody waits where time goes on', async () => {
  const turns = new Turns({ waits: () => false, settled: () => new Promise(() => {}) });
  expect(await turns.take(() => 1)).toBe(1);
  expect(await new Turns().take(() => 2)).toBe(2);
});

test('a webhook that is asked can write before it answers: those who wait are let in', async () => {
  // What is in flight waits for the webhook, so that nothing settles.
  const turns = new Turns({ waits: () => true, settled: () => new Promise(() => {}) });
  const waiting = turns.take(() => 'was there');
  const caller = turns.around({ call: async () => [await turns.take(() => 'its own'), await waiting] });
  expect(await caller.call({}, {}, 1)).toEqual(['its own', 'was there']);
});

test('a write that asks a webhook, which writes', async () => {
  const turns = new Turns({ waits: () => true, settled: () => Promise.resolve() });
  const caller = turns.around({ call: () => turns.take(() => 'inner') });
  expect(await turns.take(() => caller.call({}, {}, 1))).toBe('inner');
  expect(await turns.take(() => 'after')).toBe('after');
});
