/**
 * What changes, as one reader gets to see it: whatever is there to be told is put together when the reader asks for the next of it, and
 * not before.
 */
export abstract class Feed<T> implements AsyncIterableIterator<T> {
  #resume: (() => void) | undefined;
  #woken = false;
  #closed = false;

  /** What is to be told next; undefined if there is nothing: {@link wake} says when there may be. */
  protected abstract take(): T | undefined | Promise<T | undefined>;

  /** Lets go of everything. Nobody reads any more. */
  protected abstract close(): void;

  /** There may be something to tell. */
  protected wake(): void {
    this.#woken = true;
    this.#resume?.();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<T>> {
    while (!this.#closed) {
      this.#woken = false;
      const value = await this.#taken();
      if (this.#closed) break;
      if (value !== undefined) return { value, done: false };
      if (this.#woken) continue;
      await new Promise<void>(resolve => {
        this.#resume = resolve;
      });
    }
    return { value: undefined, done: true };
  }

  async #taken(): Promise<T | undefined> {
    try {
      return await this.take();
    } catch (error) {
      await this.return();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<T>> {
    if (!this.#closed) {
      this.#closed = true;
      this.close();
      this.#resume?.();
    }
    return { value: undefined, done: true };
  }
}
