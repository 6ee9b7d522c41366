import type { Clock } from '../../clock/clock.js';
import type { ProcessStreams } from '../../resources/container-runtime.js';
import type { Box } from './box.js';
import { Input } from './input.js';
import type { Output, Program } from './process.js';
import { nowhere, outputTo, shell } from './shell.js';
import { Terminal } from './terminal.js';

/** Runs a program with the client's streams, through a terminal if it wants one. Resolves with its exit code. */
export async function runProcess(
  program: Program,
  args: readonly string[],
  box: Box,
  clock: Clock,
  streams: ProcessStreams,
): Promise<number> {
  const { stdin, stdout, stderr, tty, signal } = streams;
  const process = { box, clock, env: box.env, directory: box.directory, tty };
  if (!tty) {
    const out = stdout ? outputTo(stdout) : nowhere;
    const err = stderr ? outputTo(stderr) : nowhere;
    return program(args, { ...process, stdin: stdin ? Input.of(stdin) : Input.empty(), out, err, signal });
  }
  let foreground = new AbortController();
  const terminal = new Terminal(stdin, stdout, () => foreground.abort());
  const interruptible = () => {
    foreground = new AbortController();
    return AbortSignal.any([foreground.signal, signal]);
  };
  const screen = stdout ? outputTo(stdout) : nowhere;
  const out: Output = text => screen(forScreen(text));
  // The program itself is in the foreground, unless it is a shell, which lets its programs be.
  const first = program === shell ? signal : interruptible();
  return program(args, { ...process, stdin: terminal.input, out, err: out, signal: first, interruptible });
}

/** A screen wants to be told to go back to the beginning of the line. */
const forScreen = (text: string | Buffer) =>
  typeof text === 'string'
    ? text.replaceAll('\n', '\r\n')
    : Buffer.from(text.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
