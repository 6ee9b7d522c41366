import type { Rehearsal } from '../shell/rehearsal.js';
import type { Lines, LogLine, Run } from './log-lines.js';

/** What a container says that does a task, each line at its time. */
export class ScriptedLines implements Lines {
  readonly #script: Rehearsal['lines'];
  readonly #run: Run;

  constructor({ lines }: Rehearsal, run: Run) {
    this.#script = lines;
    this.#run = run;
  }

  first(): number {
    return 0;
  }

  count(now: number): number {
    const elapsed = Math.min(now, this.#run.finishedAt ?? now) - this.#run.startedAt;
    const next = this.#script.findIndex(({ after }) => after > elapsed);
    return next < 0 ? this.#script.length : next;
  }

  line(number: number): LogLine {
    const { after, stream, text } = this.#script[number]!;
    return { at: this.#run.startedAt + after, stream, text };
  }

  nextAfter(now: number): number | undefined {
    const next = this.#script[this.count(now)];
    return next && this.#run.startedAt + next.after;
  }
}
