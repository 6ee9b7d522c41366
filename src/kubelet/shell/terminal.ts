import type { Readable, Writable } from 'node:stream';
import { Input } from './input.js';

/** As long as a line may get that the kernel edits. */
const MAX_LINE = 4096;

const [CTRL_C, CTRL_D, BACKSPACE, LINE_FEED, RETURN, CTRL_U, ESCAPE, DELETE] = [3, 4, 8, 10, 13, 21, 27, 127];

/**
 * What the kernel does between a terminal and a program: it shows what is typed, lets a line be edited until it is complete, and
 * turns Ctrl-C and Ctrl-D into what they mean.
 */
export class Terminal {
  /** Lines that were completed. */
  readonly input = new Input();
  readonly #screen: Writable | undefined;
  readonly #onInterrupt: () => void;
  #line: number[] = [];
  /** Inside of the escape sequence of a key that has no meaning here. */
  #isEscaped = false;

  constructor(keyboard: Readable | undefined, screen: Writable | undefined, onInterrupt: () => void) {
    this.#screen = screen;
    this.#onInterrupt = onInterrupt;
    keyboard?.on('data', (bytes: Buffer) => this.#type(bytes));
    keyboard?.on('close', () => this.input.close());
    keyboard?.on('end', () => this.input.close());
    if (!keyboard) this.input.close();
  }

  #type(bytes: Buffer): void {
    let echo = '';
    for (const byte of bytes) echo += this.#key(byte);
    if (echo) this.#screen?.write(echo);
  }

  /** Answers what is to be seen of it. */
  #key(byte: number): string {
    if (this.#isEscaped) {
      this.#isEscaped = !/[A-Za-z~]/.test(String.fromCharCode(byte));
      return '';
    }
    switch (byte) {
      case RETURN:
      case LINE_FEED:
        this.input.push(Buffer.from([...this.#line, LINE_FEED]));
        this.#line = [];
        return '\r\n';
      case BACKSPACE:
      case DELETE:
        return this.#erase();
      case CTRL_U: {
        let echo = '';
        while (this.#line.length > 0) echo += this.#erase();
        return echo;
      }
      case CTRL_C:
        this.#line = [];
        this.input.clear();
        this.#onInterrupt();
        return '^C\r\n';
      case CTRL_D:
        if (this.#line.length === 0) this.input.end();
        else this.input.push(Buffer.from(this.#line));
        this.#line = [];
        return '';
      case ESCAPE:
        this.#isEscaped = true;
        return '';
    }
    if (this.#line.length >= MAX_LINE || (byte < 32 && byte !== 9)) return '';
    this.#line.push(byte);
    // A character of several bytes is shown once it is complete.
    return byte < 128 ? String.fromCharCode(byte) : this.#completed();
  }

  #completed(): string {
    let start = this.#line.length - 1;
    while (start > 0 && isContinuation(this.#line[start]!)) start--;
    const bytes = this.#line.slice(start);
    const lead = bytes[0]!;
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    return bytes.length === length ? Buffer.from(bytes).toString() : '';
  }

  #erase(): string {
    if (this.#line.length === 0) return '';
    while (isContinuation(this.#line.pop()!)) if (this.#line.length === 0) break;
    return '\b \b';
  }
}

const isContinuation = (byte: number) => byte >= 0x80 && byte < 0xc0;
