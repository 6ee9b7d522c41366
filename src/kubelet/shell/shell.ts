import { PassThrough } from 'node:stream';
import { Input } from './input.js';
import { type Piece, type Pipeline, parseLine, type SimpleCommand, SyntaxProblem, type Word } from './parse.js';
import { absolute, listDirectory, type Output, type Process } from './process.js';
import { findProgram, INTERRUPTED } from './programs.js';

const NOT_FOUND = 127;
const MISUSED = 2;

/** `sh -c TEXT [NAME ARG…]`, `sh FILE`, or `sh` that reads from its input: with a prompt if somebody sits at a terminal. */
export async function shell(args: readonly string[], process: Process): Promise<number> {
  const options = args.filter(arg => /^-[a-z]+$/.test(arg) && !arg.includes('c'));
  const rest = args.filter(arg => !options.includes(arg));
  if (rest[0]?.startsWith('-') && rest[0].includes('c')) {
    if (rest[1] === undefined) {
      await process.err('sh: -c requires an argument\n');
      return MISUSED;
    }
    return new Shell(process, rest.slice(2)).script(rest[1]);
  }
  if (rest[0] !== undefined) {
    const text = process.box.files.get(absolute(rest[0], process.directory));
    if (text !== undefined) return new Shell(process, rest).script(text);
    await process.err(`sh: can't open '${rest[0]}': No such file or directory\n`);
    return NOT_FOUND;
  }
  return new Shell(process, ['sh']).converse();
}

/** Thrown by `exit`. */
class Exit {
  constructor(readonly code: number) {}
}

/** A small shell: one simple command, or several joined by `;`, `&&`, `||` and `|`, with variables and redirections. */
class Shell {
  readonly #process: Process;
  readonly #arguments: readonly string[];
  readonly #variables: Map<string, string>;
  readonly #exported: Set<string>;
  #directory: string;
  #status = 0;

  constructor(process: Process, args: readonly string[]) {
    this.#process = process;
    this.#arguments = args;
    this.#variables = new Map(process.env);
    this.#exported = new Set(process.env.keys());
    this.#directory = process.directory;
  }

  script(text: string): Promise<number> {
    return this.#untilExit(() => this.#run(text, this.#process.signal));
  }

  /** Runs its input line by line. At a terminal, Ctrl-C ends the command that runs, not the shell. */
  converse(): Promise<number> {
    const { stdin, err, out, signal, tty, box, interruptible } = this.#process;
    const sign = box.user.uid === 0 ? '#' : '$';
    return this.#untilExit(async () => {
      while (!signal.aborted) {
        if (tty) await out(`${this.#directory} ${sign} `);
        const waiting = interruptible?.() ?? signal;
        const line = await stdin.line(waiting);
        if (line === undefined) {
          if (waiting.aborted && !signal.aborted) continue;
          if (tty && !signal.aborted) await err('\n');
          return;
        }
        await this.#run(line, signal);
      }
    });
  }

  async #untilExit(work: () => Promise<void>): Promise<number> {
    try {
      await work();
    } catch (thrown) {
      if (!(thrown instanceof Exit)) throw thrown;
      this.#status = thrown.code;
    }
    return this.#status;
  }

  async #run(text: string, signal: AbortSignal): Promise<void> {
    try {
      for (const pipeline of parseLine(text)) {
        if (signal.aborted) return;
        if (pipeline.after === '&&' && this.#status !== 0) continue;
        if (pipeline.after === '||' && this.#status === 0) continue;
        this.#status = await this.#runPipeline(pipeline);
      }
    } catch (thrown) {
      if (!(thrown instanceof SyntaxProblem)) throw thrown;
      this.#process.puzzled?.();
      await this.#process.err(`sh: ${thrown.message}\n`);
      this.#status = MISUSED;
    }
  }

  async #runPipeline({ commands }: Pipeline): Promise<number> {
    const { stdin, out } = this.#process;
    if (commands.length === 1) return this.#runCommand(commands[0]!, stdin, out);
    let input = stdin;
    const running = commands.map((command, i) => {
      const from = input;
      if (i === commands.length - 1) return this.#runCommand(command, from, out);
      const pipe = new PassThrough();
      input = Input.of(pipe);
      return this.#runCommand(command, from, outputTo(pipe)).finally(() => pipe.end());
    });
    return (await Promise.all(running)).at(-1)!;
  }

  async #runCommand({ words, redirections }: SimpleCommand, stdin: Input, out: Output): Promise<number> {
    const streams = { stdin, out, err: this.#process.err };
    for (const { from, to } of redirections) {
      if (to === 1 || to === 2) {
        if (from === 2 && to === 1) streams.err = streams.out;
        if (from === 1 && to === 2) streams.out = streams.err;
        continue;
      }
      const name = this.#expand(to as Word).join(' ');
      const problem = this.#redirect(streams, from, name);
      if (problem) {
        await this.#process.err(`sh: ${problem}\n`);
        return 1;
      }
    }
    const assignments = new Map<string, string>();
    let first = 0;
    for (; first < words.length; first++) {
      const [, name] = words[first]![0]?.quote === '' ? (/^(\w+)=/.exec(words[first]![0]!.text) ?? []) : [];
      if (name === undefined || /^\d/.test(name)) break;
      const value = words[first]!.map(piece => this.#substitute(piece)).join('');
      assignments.set(name, value.slice(name.length + 1));
    }
    const [name, ...args] = words.slice(first).flatMap(word => this.#expand(word));
    if (name === undefined) {
      for (const [key, value] of assignments) this.#variables.set(key, value);
      return 0;
    }
    return this.#invoke(name, args, assignments, streams);
  }

  /** Answers what is wrong with it. */
  #redirect(streams: { stdin: Input; out: Output; err: Output }, from: 0 | 1 | 2, name: string): string | undefined {
    const path = absolute(name, this.#directory);
    if (from === 0) {
      const text = path === '/dev/null' ? '' : this.#process.box.files.get(path);
      if (text === undefined) return `can't open ${name}: no such file`;
      streams.stdin = new Input();
      streams.stdin.push(Buffer.from(text));
      streams.stdin.close();
    } else if (path !== '/dev/null') {
      return `can't create ${name}: Read-only file system`;
    } else {
      streams[from === 1 ? 'out' : 'err'] = nowhere;
    }
    return undefined;
  }

  async #invoke(
    name: string,
    args: readonly string[],
    assignments: ReadonlyMap<string, string>,
    streams: { stdin: Input; out: Output; err: Output },
  ): Promise<number> {
    switch (name) {
      case ':':
        return 0;
      case 'exit':
        throw new Exit(args[0] === undefined ? this.#status : Number.parseInt(args[0], 10) & 255);
      case 'cd':
        return this.#changeDirectory(args[0] ?? this.#variables.get('HOME') ?? '/', streams.err);
      case 'export':
        for (const arg of args) this.#export(arg);
        return 0;
      case 'unset':
        for (const arg of args) this.#variables.delete(arg);
        return 0;
    }
    const program = findProgram(name);
    if (!program) {
      this.#process.puzzled?.();
      await streams.err(`sh: ${name}: not found\n`);
      return NOT_FOUND;
    }
    const env = new Map([...this.#variables].filter(([key]) => this.#exported.has(key)));
    for (const [key, value] of assignments) env.set(key, value);
    const { box, clock, tty, interruptible, puzzled } = this.#process;
    const foreground = interruptible?.() ?? this.#process.signal;
    const code = await program(args, {
      box,
      clock,
      tty,
      env,
      directory: this.#directory,
      ...streams,
      signal: foreground,
      ...(puzzled ? { puzzled } : {}),
    });
    return foreground.aborted ? INTERRUPTED : code;
  }

  async #changeDirectory(name: string, err: Output): Promise<number> {
    const path = absolute(name, this.#directory);
    if (!listDirectory(this.#process.box, path) && path !== '/') {
      await err(`sh: cd: can't cd to ${name}: No such file or directory\n`);
      return 1;
    }
    this.#directory = path;
    return 0;
  }

  #export(text: string): void {
    const [name = '', ...value] = text.split('=');
    if (text.includes('=')) this.#variables.set(name, value.join('='));
    this.#exported.add(name);
  }

  /** A word as the arguments that it stands for: variables outside of quotes are split at blanks. */
  #expand(word: Word): string[] {
    const fields: string[] = [];
    let field: string | undefined;
    for (const piece of word) {
      const text = this.#substitute(piece);
      if (piece.quote !== '' || text === piece.text) {
        field = (field ?? '') + text;
        continue;
      }
      const [head = '', ...more] = text.split(/\s+/);
      if (head) field = (field ?? '') + head;
      for (const next of more) {
        if (field !== undefined) fields.push(field);
        field = next || undefined;
      }
    }
    if (field !== undefined) fields.push(field);
    return fields;
  }

  #substitute({ text, quote }: Piece): string {
    if (quote === "'") return text;
    return text.replace(/\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+)|([?$#@*]))/g, (_, braced, fallback, bare, special) => {
      if (special) return this.#special(special as string);
      const name = (braced ?? bare) as string;
      const value = /^\d+$/.test(name) ? this.#arguments[Number(name)] : this.#variables.get(name);
      return value || (fallback as string | undefined) || '';
    });
  }

  #special(sign: string): string {
    if (sign === '?') return String(this.#status);
    if (sign === '$') return '7';
    const positional = this.#arguments.slice(1);
    return sign === '#' ? String(positional.length) : positional.join(' ');
  }
}

/** For what nobody wants to see. */
export const nowhere: Output = async () => {};

/** Writes to a stream, and waits while it is full. What goes to a stream that was closed is lost. */
export function outputTo(stream: NodeJS.WritableStream): Output {
  return text =>
    new Promise(resolve => {
      if (!stream.writable) resolve();
      else stream.write(text, () => resolve());
    });
}
