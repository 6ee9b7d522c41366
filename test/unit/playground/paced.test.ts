import { setImmediate as turn } from 'node:timers/promises';
import type { ExecutionResult } from 'graphql';
import { describe, expect, it } from 'vitest';
import { paced } from '../../../src/playground/paced.js';

async function* numbers(count: number): AsyncGenerator<ExecutionResult> {
  for (let n = 1; n <= count; n++) yield { data: { n } };
}

describe('the results of a subscription in the playground', () => {
  it('are shown one by one, where they come no faster than that', async () => {
    let go = () => {};
    const slow = async function* () {
      for await (const result of numbers(3)) {
        const isShown = new Promise<void>(resolve => {
          go = resolve;
        });
        yield result;
        await isShown;
      }
    };
    const shown: unknown[] = [];
    for await (const result of paced(slow(), 0)) {
      shown.push(result);
      await turn();
      go();
    }
    expect(shown).toEqual([{ data: { n: 1 } }, { data: { n: 2 } }, { data: { n: 3 } }]);
  });

  it('are passed over where there are too many, and counted; the last one is shown', async () => {
    const shown: ExecutionResult[] = [];
    for await (const result of paced(numbers(1000), 1)) shown.push(result);
    expect(shown.length).toBeLessThan(1000);
    expect(shown.at(-1)!.data).toEqual({ n: 1000 });
    const passedOver = shown.reduce((sum, { extensions }) => sum + Number(extensions?.passedOver ?? 0), 0);
    expect(shown.length + passedOver).toBe(1000);
  });

  it('end with an error where the source does, and end the source when nobody wants them any more', async () => {
    const failing = async function* (): AsyncGenerator<ExecutionResult> {
      yield { data: {} };
      throw new Error('cut off');
    };
    const results = paced(failing(), 0);
    await results.next();
    await expect(results.next()).rejects.toThrow('cut off');

    let ended = false;
    const silent: AsyncIterable<ExecutionResult> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: async () => {
          ended = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const waiting = paced(silent);
    const next = waiting.next();
    await waiting.return!();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(ended).toBe(true);
  });
});
