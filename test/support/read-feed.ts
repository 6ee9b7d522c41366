/** Answers, each time, all that a feed has to tell by now. */
export function reader<T>(feed: AsyncIterator<T>): () => Promise<T[]> {
  let next: Promise<IteratorResult<T>> | undefined;
  return async () => {
    const told: T[] = [];
    for (;;) {
      next ??= feed.next();
      const nothing = new Promise<undefined>(resolve => setImmediate(() => setImmediate(() => resolve(undefined))));
      const result = await Promise.race([next, nothing]);
      if (!result || result.done) return told;
      told.push(result.value);
      next = undefined;
    }
  };
}
