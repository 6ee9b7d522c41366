import type { Clock } from '../../clock/clock.js';
import type { Lines } from './log-lines.js';
import type { LogReader } from './log-reader.js';

/** A log that goes on: its lines, and whether its run has ended, as things stand. */
export interface GrowingLog {
  readonly lines: Lines;
  readonly isOver: boolean;
}

/**
 * Reads a log as it grows, on the cluster's clock, until its run ends or `signal` says that nobody reads any more.
 * @param look how the log stands now
 * @param listen calls back when that may have changed; answers how to stop
 */
export async function* followLog(
  reader: LogReader,
  clock: Clock,
  look: () => GrowingLog,
  listen: (changed: () => void) => () => void,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let isNews = false;
  let wake = () => {};
  const changed = () => {
    isNews = true;
    wake();
  };
  const stop = listen(changed);
  signal.addEventListener('abort', changed);
  try {
    while (!signal.aborted) {
      isNews = false;
      const now = clock.now();
      const { lines, isOver } = look();
      yield* reader.read(lines, now);
      if (isOver || reader.isFull) return;
      const next = lines.nextAfter(now);
      // Writing took its time: what came meanwhile is looked at before any sleep.
      if (isNews || (next !== undefined && next <= clock.now())) continue;
      const timer = next === undefined ? undefined : clock.after(next - clock.now(), changed);
      await new Promise<void>(resolve => {
        wake = resolve;
      });
      timer?.cancel();
    }
  } finally {
    stop();
    signal.removeEventListener('abort', changed);
  }
}
