import type { Readable } from 'node:stream';

/** The end of what is there for now: at a terminal, more may come after it. */
const END = Symbol('end');

/** Standard input: bytes or lines, whichever its reader likes, and an end that at a terminal is not for ever. */
export class Input {
  #queue: (Buffer | typeof END)[] = [];
  #isClosed = false;
  #wake = () => {};
  #taken = () => {};

  /** Nothing at all to read. */
  static empty(): Input {
    const input = new Input();
    input.close();
    return input;
  }

  /** All that `source` brings, as fast as it is read. */
  static of(source: Readable): Input {
    const input = new Input();
    input.#drain(source).then(
      () => input.close(),
      () => input.close(), // the client has gone: for the process that is the end of its input
    );
    return input;
  }

  async #drain(source: Readable): Promise<void> {
    for await (const bytes of source) {
      this.push(bytes as Buffer);
      await new Promise<void>(resolve => {
        this.#taken = resolve;
      });
    }
  }

  push(bytes: Buffer): void {
    this.#queue.push(bytes);
    this.#wake();
  }

  /** Ends what is being read, and leaves what comes later to the next reader. */
  end(): void {
    this.#queue.push(END);
    this.#wake();
  }

  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  /** Forgets what was not read. */
  clear(): void {
    this.#queue = [];
  }

  /** The next bytes; undefined at the end, or once `signal` says that nobody wants them any more. */
  async bytes(signal: AbortSignal): Promise<Buffer | undefined> {
    while (this.#queue.length === 0) {
      if (this.#isClosed || signal.aborted) return undefined;
      this.#taken();
      await this.#change(signal);
    }
    const next = this.#queue.shift()!;
    return next === END ? undefined : next;
  }

  /** The next line without its line feed; undefined at the end. */
  async line(signal: AbortSignal): Promise<string | undefined> {
    const parts: Buffer[] = [];
    for (;;) {
      const bytes = await this.bytes(signal);
      if (!bytes) return parts.length === 0 ? undefined : Buffer.concat(parts).toString();
      const end = bytes.indexOf(LINE_FEED);
      parts.push(end < 0 ? bytes : bytes.subarray(0, end));
      if (end < 0) continue;
      if (end + 1 < bytes.length) this.#queue.unshift(bytes.subarray(end + 1));
      return Buffer.concat(parts).toString();
    }
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const woken = () => {
        signal.removeEventListener('abort', woken);
        resolve();
      };
      this.#wake = woken;
      signal.addEventListener('abort', woken);
    });
  }
}

const LINE_FEED = 10;
