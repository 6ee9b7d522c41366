import type { LogOptions } from '../../resources/container-runtime.js';
import type { Lines, LogLine } from './log-lines.js';

/** About so many characters are handed out at once. */
const PIECE = 16 * 1024;

/** Reads a log from its beginning, or from where it is wanted, each line once. */
export class LogReader {
  readonly #options: LogOptions;
  /** The number of the next line; undefined before the first look. */
  #next: number | undefined;
  #bytesLeft: number;

  constructor(options: LogOptions) {
    this.#options = options;
    this.#bytesLeft = options.limitBytes ?? Number.POSITIVE_INFINITY;
  }

  /** Whether no more may be read. */
  get isFull(): boolean {
    return this.#bytesLeft <= 0;
  }

  /** What of `lines` is there at `now` and was not read before, in pieces. */
  *read(lines: Lines, now: number): Generator<string> {
    const count = lines.count(now);
    this.#next ??= this.#begin(lines, now, count);
    let piece = '';
    while (this.#next < count && !this.isFull) {
      piece += this.#shown(lines.line(this.#next++, count));
      if (piece.length < PIECE) continue;
      yield piece;
      piece = '';
    }
    if (piece) yield piece;
  }

  /** The tail is taken first, and of it what is not too old, as kubelets do. */
  #begin(lines: Lines, now: number, count: number): number {
    const { tailLines, since } = this.#options;
    let first = lines.first(now);
    if (tailLines !== undefined) first = Math.max(first, count - tailLines);
    if (since === undefined) return first;
    let last = count;
    while (first < last) {
      const middle = (first + last) >> 1;
      if (lines.line(middle, count).at < since) first = middle + 1;
      else last = middle;
    }
    return first;
  }

  #shown(line: LogLine): string {
    const { stream, timestamps } = this.#options;
    if (stream !== 'All' && stream !== line.stream) return '';
    return this.#withinLimit(`${timestamps ? `${nanoTime(line.at)} ` : ''}${line.text}\n`);
  }

  #withinLimit(text: string): string {
    const bytes = Buffer.byteLength(text);
    const left = this.#bytesLeft;
    this.#bytesLeft -= bytes;
    return bytes <= left ? text : Buffer.from(text).subarray(0, left).toString();
  }
}

/** RFC 3339 with nine digits of a second, as logs have it. */
const nanoTime = (ms: number) => `${new Date(ms).toISOString().slice(0, -1)}000000Z`;
