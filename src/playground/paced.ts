import type { ExecutionResult } from 'graphql';

/** Ms between two results that are shown: nobody reads faster, and drawing each of thousands would leave no time for anything else. */
const PAUSE = 200;

/**
 * The results of a subscription, no more of them than can be drawn: of those that come in between the newest is shown, with
 * `extensions.passedOver` for how many others there were.
 */
export function paced(source: AsyncIterable<ExecutionResult>, pause = PAUSE): AsyncIterableIterator<ExecutionResult> {
  const iterator = source[Symbol.asyncIterator]();
  let newest: ExecutionResult | undefined;
  let passedOver = 0;
  let over = false;
  let failure: { readonly error: unknown } | undefined;
  let wake = () => {};
  let freeAt = 0;

  const listen = async () => {
    try {
      for (let next = await iterator.next(); !next.done && !over; next = await iterator.next()) {
        if (newest) passedOver++;
        newest = next.value;
        wake();
      }
    } catch (error) {
      failure = { error };
    }
    over = true;
    wake();
  };
  void listen();

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      await new Promise(resolve => setTimeout(resolve, freeAt - performance.now()));
      while (!newest && !over) await new Promise<void>(resolve => (wake = resolve));
      if (newest) {
        const { extensions } = newest;
        const value = passedOver > 0 ? { ...newest, extensions: { ...extensions, passedOver } } : newest;
        newest = undefined;
        passedOver = 0;
        freeAt = performance.now() + pause;
        return { done: false, value };
      }
      if (failure) throw failure.error;
      return { done: true, value: undefined };
    },
    async return() {
      over = true;
      newest = undefined;
      wake();
      await iterator.return?.();
      return { done: true, value: undefined };
    },
  };
}
