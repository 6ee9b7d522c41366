import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { bundle } from '../../scripts/bundle.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What the program looks for beside itself. */
const BESIDE = ['data', 'migrations', 'node_modules', 'package.json', 'schema'];

let program: Promise<string> | undefined;

/** The program as it is built, of the sources as they are, in a folder of its own: it starts many times as fast as from the sources. */
async function build(): Promise<string> {
  const folder = mkdtempSync(join(inject('scratch'), 'program-'));
  for (const name of BESIDE) symlinkSync(join(ROOT, name), join(folder, name));
  await bundle(join(folder, 'dist'));
  return join(folder, 'dist/cli/main.js');
}

/** `kubette serve` in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  /** What it has printed so far. */
  output(): string;
  /** Ends it: SIGTERM unless told otherwise. Resolves with its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Where the program is. */
export function programPath(): Promise<string> {
  program ??= build();
  return program;
}

/** Starts the program, and waits for nothing. */
export async function startProgram(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return spawn(process.execPath, [await programPath(), ...args], { env: { ...process.env, ...env } });
}

/** Starts a server on a free port and waits until it says where it listens. @throws Error with what it printed if it ends instead */
export async function startServer(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<ServerProcess> {
  const child = await startProgram(['--port', '0', ...args], env);
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const found = /REST\s+(http:\S+)/.exec(output);
      if (found && output.includes('Try:')) resolve(found[1]!);
    });
    child.once('exit', code => reject(new Error(`the server ended with ${code}: ${output}`)));
  });
  return { url, output: () => output, stop: signal => stop(child, signal) };
}

async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await once(child, 'exit');
  }
  return child.exitCode;
}

/** Asks again and again until `check` answers something, for what happens in another process. */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | undefined | false>,
  ms = 30_000,
  every = 20,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const result = await check();
    if (result) return result;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise(resolve => setTimeout(resolve, every));
  }
}
