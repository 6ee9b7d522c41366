import { VirtualClock } from '../../clock/virtual-clock.js';
import { type Box, commandOf } from './box.js';
import { Input } from './input.js';
import type { Output } from './process.js';
import { findProgram } from './programs.js';

/** As many lines as a container says before nobody listens any more. */
const MOST_LINES = 10_000;

interface SpokenLine {
  /** ms from the start. */
  readonly after: number;
  readonly stream: 'Stdout' | 'Stderr';
  readonly text: string;
}

/** What a container's command does when nobody interferes. */
export interface Rehearsal {
  /** How it ends, so many ms from the start; absent if it goes on for ever. */
  readonly end?: { readonly code: number; readonly after: number };
  readonly lines: readonly SpokenLine[];
}

/**
 * Runs a container's command to its end in no time: on a clock of its own that is moved from one sleep to the next.
 * @param startedAt by that clock, ms since the epoch
 * @returns undefined if the container has no command, or one that the small shell does not understand
 */
export async function rehearse(box: Box, startedAt: number): Promise<Rehearsal | undefined> {
  const [file, ...args] = commandOf(box);
  const program = file === undefined ? undefined : findProgram(file);
  if (!program) return undefined;
  const clock = new VirtualClock(startedAt);
  const script = new Script(() => clock.now() - startedAt);
  const stop = new AbortController();
  let isUnderstood = true;
  let end: Rehearsal['end'];
  const running = Promise.resolve(
    program(args, {
      box,
      clock,
      env: box.env,
      directory: box.directory,
      tty: false,
      stdin: Input.empty(),
      out: script.output('Stdout'),
      err: script.output('Stderr'),
      signal: stop.signal,
      puzzled: () => {
        isUnderstood = false;
      },
    }),
  ).then(code => {
    end = { code, after: clock.now() - startedAt };
  });
  while (isUnderstood) {
    await new Promise(resolve => setImmediate(resolve));
    const next = clock.nextDue();
    if (end || next === undefined) break;
    clock.moveTo(next);
  }
  const found = end;
  if (!found) stop.abort();
  await running;
  if (!isUnderstood) return undefined;
  return found ? { end: found, lines: script.lines } : { lines: script.lines };
}

/** Takes down what is said, line by line. */
class Script {
  readonly lines: SpokenLine[] = [];
  readonly #elapsed: () => number;

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  output(stream: SpokenLine['stream']): Output {
    let open = false;
    return async text => {
      for (const [i, part] of String(text).split('\n').entries()) {
        if (i > 0) open = false;
        if (part === '' || this.lines.length >= MOST_LINES) continue;
        const last = open ? this.lines.findLastIndex(line => line.stream === stream) : -1;
        if (last >= 0) this.lines[last] = { ...this.lines[last]!, text: this.lines[last]!.text + part };
        else this.lines.push({ after: this.#elapsed(), stream, text: part });
        open = true;
      }
    };
  }
}
