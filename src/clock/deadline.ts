/** Until when something has to be done by the machine's time, whatever the clock of a cluster does. */
export class Deadline {
  readonly #end: number;
  #signal: AbortSignal | undefined;

  /** @param ms from now on */
  constructor(readonly ms: number) {
    this.#end = performance.now() + ms;
  }

  get passed(): boolean {
    return performance.now() > this.#end;
  }

  /** Tells when it passes: only while the event loop gets round, which {@link passed} does not need. */
  get signal(): AbortSignal {
    this.#signal ??= AbortSignal.timeout(Math.max(0, Math.ceil(this.#end - performance.now())));
    return this.#signal;
  }
}

/** Calls `give` once so much of the machine's time has passed, whatever the clock of a cluster does; keeps no process alive. Answers how to stop. */
export function inCase(ms: number, give: () => void): () => void {
  const timeout = setTimeout(give, ms);
  timeout.unref();
  return () => clearTimeout(timeout);
}
