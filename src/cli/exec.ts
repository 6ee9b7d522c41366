import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { ServeOptions } from './config.js';
import { startServing } from './serve.js';

/** What a shell says of a command that is not there, and of one that may not be run. */
const NOT_FOUND = 127;
const NOT_RUNNABLE = 126;
/** What a shell adds to the number of the signal that ended a command. */
const SIGNALLED = 128;

/**
 * Runs a command with a cluster of its own, which ends with it.
 * @returns what the command exited with
 */
export async function exec(
  [command, ...args]: readonly string[],
  given: ServeOptions,
  isGiven: (name: string) => boolean,
): Promise<number> {
  const { cluster, url, token, dns, kubeconfig, told } = await startServing(given, isGiven);
  process.stderr.write(told);
  const child = spawn(command!, args, {
    stdio: 'inherit',
    env: {
      ...process.env,
      KUBECONFIG: kubeconfig,
      KUBETTE_SERVER: url,
      ...(token === undefined ? {} : { KUBETTE_TOKEN: token }),
      ...(dns === undefined ? {} : { KUBETTE_DNS: dns }),
    },
  });
  // The command decides how it ends; so it hears of what this process is told.
  const passOn = (signal: NodeJS.Signals) => {
    // A terminal tells both.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, passOn);
  try {
    return await new Promise<number>(resolve => {
      child.once('error', ({ code, message }: NodeJS.ErrnoException) => {
        process.stderr.write(`kubette: ${code === 'ENOENT' ? `there is no command ${command}` : message}\n`);
        resolve(code === 'ENOENT' ? NOT_FOUND : NOT_RUNNABLE);
      });
      child.once('exit', (code, signal) => resolve(code ?? SIGNALLED + (constants.signals[signal!] ?? 0)));
    });
  } finally {
    for (const signal of signals) process.off(signal, passOn);
    await cluster.close();
  }
}
